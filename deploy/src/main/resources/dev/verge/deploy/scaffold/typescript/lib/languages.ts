export interface Weighted {
  readonly language: string;
  readonly weight: number;
}

/** The languages of an Accept-Language field (RFC 9110 §12.5.4), the most wanted first. */
export function preferred(field: string | null): Weighted[] {
  return (field ?? "")
    .split(",")
    .map((part): Weighted => {
      const [range = "", ...parameters] = part.trim().split(";");
      const weight = parameters.map((each) => /^\s*q=([0-9.]+)\s*$/.exec(each)?.[1]).find((each) => each !== undefined);
      return { language: range.split("-")[0]!.toLowerCase(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ language, weight }) => language !== "" && weight > 0)
    .sort((a, b) => b.weight - a.weight);
}
