// A register that believes everybody and says what it was asked: the method, the target as it came, the path as Node reads it,
// and the bytes of the body; a line each. Attacks ask it whether the gateway decided on the same.
//
//   node server.mjs      The first line on standard output is its port. `/.poort/seen` tells what was asked since, and forgets it.
import http from 'node:http';

let seen = [];

const server = http.createServer(async (request, response) => {
  let length = 0;
  try {
    for await (const chunk of request) length += chunk.length;
  } catch {
    return response.destroy();
  }
  if (request.url === '/.poort/seen') {
    response.end(seen.join('\n'));
    seen = [];
    return undefined;
  }
  const lines = [request.method, request.url, read(request.url), length];
  seen.push(`${request.method} ${request.url} ${length}`);
  return response.end(lines.join('\n'));
});

function read(target) {
  try {
    return decodeURIComponent(new URL(target, 'http://register.test').pathname);
  } catch (error) {
    return String(error);
  }
}

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
