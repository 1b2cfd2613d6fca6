// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch() { const all = []; for (;;) { const channel = new MessageChannel(); channel.port1.start(); all.push(channel); } } };
