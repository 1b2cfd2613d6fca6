// {"outcomes": ["over-cpu"]}
const thenable = { then(resolve) { resolve(thenable); } };
export default { fetch: () => thenable };
