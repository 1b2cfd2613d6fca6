// {"outcomes": ["over-memory", "over-cpu", "killed", "threw", "ok"], "fresh": true, "slow": true, "withinMs": 20000}
export default { async fetch() { const response = new Response("a&".repeat(5e6), { headers: { "content-type": "application/x-www-form-urlencoded" } }); const form = await response.formData(); return new Response(String([...form].length)); } };
