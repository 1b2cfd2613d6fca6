// {"outcomes": ["ok"], "body": "contained"}
export default { fetch(request, env) { const all = JSON.stringify([env, { ...globalThis }, Object.getOwnPropertyNames(globalThis)]); return new Response(/PATH|HOME|\/root|\/tmp|verge-fn/.test(all) ? all : "contained"); } };
