// {"outcomes": ["ok"], "body": "contained"}
export default { fetch() { const clocks = [Date.now, () => performance.now(), () => new Date().getTime(), () => new Event("x").timeStamp]; const told = clocks.filter((clock) => { const first = clock(); for (let i = 0; i < 2e6; i++); return clock() !== first; }); return new Response(told.join() || "contained"); } };
