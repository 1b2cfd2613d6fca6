// {"outcomes": ["over-cpu"]}
export default { fetch() { JSON.parse("[1,2]", function () { for (;;); }); } };
