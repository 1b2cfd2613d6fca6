// The origin of cached.js and pass.js: node origin.mjs PORT
import { createServer } from 'node:http';

const bodies = { '/cached': Buffer.alloc(1024, 'a'), '/pass': Buffer.alloc(1 << 20, 'a') };
createServer((request, response) => {
  const body = bodies[request.url.split('?')[0]];
  response.writeHead(body ? 200 : 404, { 'content-type': 'text/html', 'content-length': body?.length ?? 0, 'cache-control': 'public, max-age=3600' });
  response.end(body);
}).listen(Number(process.argv[2]), '127.0.0.1');
