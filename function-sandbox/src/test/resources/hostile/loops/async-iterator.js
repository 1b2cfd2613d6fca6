// {"outcomes": ["over-cpu"]}
const forever = { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: 1 }) }) };
export default { async fetch() { for await (const one of forever); } };
