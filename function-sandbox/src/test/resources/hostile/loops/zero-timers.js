// {"outcomes": ["over-cpu"], "withinMs": 8000}
export default { fetch: () => new Promise(() => { const again = () => { for (let i = 0; i < 1e5; i++); setTimeout(again, 0); }; again(); }) };
