// {"outcomes": ["over-cpu"]}
export default { fetch() { while (true) {} } };
