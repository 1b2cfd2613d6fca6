// {"outcomes": ["ok"], "body": "one"}
addEventListener("fetch", (event) => { event.respondWith(new Response("one")); try { event.respondWith(new Response("two")); } catch {} });
