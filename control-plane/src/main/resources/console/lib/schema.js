// Walks a JSON Schema to offer what may be written at a place of a document.

const DEEPEST = 24;

/** Follows references; what stands beside one, such as its description, goes before what the named schema says. */
function resolve(root, schema, depth = 0) {
  if (!schema || depth > DEEPEST) {
    return {};
  }
  if (schema.$ref) {
    const { $ref, ...beside } = schema;
    const place = $ref.replace(/^#\//, "").split("/");
    return { ...resolve(root, place.reduce((node, step) => node?.[step], root), depth + 1), ...beside };
  }
  return schema;
}

function branches(root, schema, depth = 0) {
  const here = resolve(root, schema);
  const inner = [...(here.anyOf ?? []), ...(here.oneOf ?? []), ...(here.allOf ?? [])];
  return depth > DEEPEST ? [here] : [here, ...inner.flatMap((branch) => branches(root, branch, depth + 1))];
}

/** The schemas of one step down: a field, an item, or a value of a map. */
function step(root, schemas, name) {
  const found = [];
  for (const schema of schemas) {
    if (schema.properties && Object.hasOwn(schema.properties, name)) {
      found.push(...branches(root, schema.properties[name]));
    } else if (typeof name === "number" && schema.items) {
      found.push(...branches(root, schema.items));
    } else if (schema.additionalProperties && typeof schema.additionalProperties === "object") {
      found.push(...branches(root, schema.additionalProperties));
    }
  }
  return found;
}

/** What may stand at a place: [{text, detail, insert}] that begin with the prefix. */
export function complete(root, schema, place, taken = []) {
  let schemas = branches(root, schema);
  for (const name of place.parent) {
    schemas = step(root, schemas, name);
  }
  const offers = place.value ? values(root, schemas, place) : fields(root, schemas, taken);
  const prefix = place.prefix.toLowerCase();
  return offers.filter((offer) => offer.text.toLowerCase().startsWith(prefix) && offer.text !== place.prefix);
}

function fields(root, schemas, taken) {
  const offers = new Map();
  for (const schema of schemas) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (!taken.includes(name) && !offers.has(name)) {
        const inner = branches(root, property);
        const deeper = inner.some((branch) => branch.properties || branch.items || branch.additionalProperties);
        offers.set(name, { text: name, insert: deeper ? `${name}:` : `${name}: `, detail: describe(root, property) });
      }
    }
  }
  return [...offers.values()];
}

function values(root, schemas, place) {
  const inner = place.item ? schemas : step(root, schemas, place.key);
  const offers = new Map();
  for (const schema of inner) {
    for (const word of schema.enum ?? (schema.const !== undefined ? [schema.const] : [])) {
      if (word !== null) {
        offers.set(String(word), { text: String(word), insert: String(word), detail: schema.description ?? "" });
      }
    }
    if (schema.type === "boolean") {
      ["true", "false"].forEach((word) => offers.set(word, { text: word, insert: word, detail: "" }));
    }
    if (schema.default !== undefined && schema.default !== null && typeof schema.default !== "object") {
      const word = String(schema.default);
      offers.set(word, { text: word, insert: word, detail: "default" });
    }
  }
  return [...offers.values()];
}

function describe(root, property) {
  const inner = branches(root, property);
  const text = inner.map((branch) => branch.description).find(Boolean) ?? "";
  const kind = inner.map((branch) => branch.type).find((type) => typeof type === "string" && !["null", "object"].includes(type)) ?? "";
  const standard = inner.map((branch) => branch.default).find((value) => value !== undefined && value !== null && typeof value !== "object");
  return [text || kind, standard === undefined ? "" : `Default: ${standard}`].filter(Boolean).join(" ");
}
