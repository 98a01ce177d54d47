// A sample register behind the gateway, in Node. It trusts one thing: a backend token that ./verifier.mjs accepts. Everything
// else it got is reported back as it arrived, so that a test can say what the gateway let through.
//
//   PORT=0 ISSUER=http://progezondheid.localhost:8080 AUDIENCE=https://dossier.riziv.example [JWKS_URL=..] [HOST=127.0.0.1] node server.mjs
//
// The first line on standard output is {"backend":"node","port":N}.
import { createHash } from 'node:crypto';
import http from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { page } from './page.mjs';
import { createVerifier, Refused } from './verifier.mjs';

const BACKEND = 'node';

export function createBackend({ issuer, audience, jwksUrl, cooldownDuration }) {
  const verify = createVerifier({ issuer, audience, jwksUrl, cooldownDuration });

  const server = http.createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 30_000 }, async (request, response) => {
    try {
      const claims = await verify(tokenOf(request));
      await answer(request, response, claims);
    } catch (error) {
      if (response.headersSent) return response.destroy();
      if (error instanceof Refused) return refuse(response, error.reason);
      json(response, 500, { backend: BACKEND, error: String(error) });
    }
  });

  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', async (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      const claims = await verify(tokenOf(request));
      if (pathOf(request.url) !== '/ws') return socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      sockets.handleUpgrade(request, socket, head, (ws) => {
        ws.send(JSON.stringify({ backend: BACKEND, headers: headerList(request), claims }));
        ws.on('message', (data, binary) => ws.send(data, { binary }));
      });
    } catch (error) {
      const body = JSON.stringify({ backend: BACKEND, error: error.reason ?? 'internal' });
      socket.end(`HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
    }
  });

  async function answer(request, response, claims) {
    const path = pathOf(request.url);
    const query = queryOf(request.url);
    const number = (name, otherwise) => Number(new URLSearchParams(query ?? '').get(name) ?? otherwise);

    switch (path) {
      case '/slow': // nothing at all for a while
        await wait(number('ms', 1_000));
        break;
      case '/stream': { // one chunk at a time: a gateway that buffers shows nothing until the end
        const count = number('count', 5);
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.flushHeaders();
        for (let i = 0; i < count && !response.destroyed; i += 1) {
          response.write(`chunk ${i}\n`);
          await wait(number('ms', 100));
        }
        return response.end();
      }
      case '/events': { // an event stream that does not end by itself
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        for (let id = 0; !response.destroyed; id += 1) {
          response.write(`id: ${id}\ndata: {"n":${id}}\n\n`);
          await wait(number('ms', 100));
        }
        return undefined;
      }
      case '/big': {
        const total = number('bytes', 1_048_576);
        const block = Buffer.alloc(65_536, 'x');
        response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': total });
        const blocks = (function* () {
          for (let left = total; left > 0; left -= block.length) yield block.subarray(0, Math.min(block.length, left));
        })();
        return pipeline(Readable.from(blocks), response);
      }
      case '/reset': // promises more than it sends, then is gone
        response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 1_000 });
        response.write('the first half');
        await wait(50);
        return request.socket.resetAndDestroy();
      case '/headers': {
        for (let i = 0; i < number('n', 10); i += 1) response.setHeader(`x-register-${i}`, 'x'.repeat(number('size', 10)));
        break;
      }
      case '/set-cookie': // `name=value; Domain=..` as the test asks; the gateway decides which of them go out
        response.setHeader('set-cookie', new URLSearchParams(query ?? '').getAll('cookie'));
        break;
      case '/status':
        return json(response, number('code', 500), { backend: BACKEND, error: 'as asked' });
      case '/echo':
        response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/octet-stream' });
        response.flushHeaders();
        return request.pipe(response);
      default:
    }

    const subject = /^\/dossiers\/([^/]+)$/.exec(path);
    if (request.method === 'GET' && (path === '/' || subject) && (request.headers.accept ?? '').includes('text/html')) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      return response.end(page({ claims, subject: subject && decodeURIComponent(subject[1]), issuer, backend: BACKEND }));
    }

    const hash = createHash('sha256');
    let length = 0;
    let field = '';
    for await (const chunk of request) {
      hash.update(chunk);
      length += chunk.length;
      if (length <= 4_096) field += chunk.toString('utf8');
    }
    return json(response, 200, {
      backend: BACKEND,
      method: request.method,
      path,
      query,
      headers: headerList(request),
      body: { length, sha256: hash.digest('hex'), start: field },
      claims,
    });
  }

  return { server, close: () => new Promise((done) => { sockets.close(); server.close(done); server.closeAllConnections(); }) };
}

// Node keeps the first of several and drops the rest silently; here a second one is a fault of the gateway.
function tokenOf(request) {
  if ((request.headersDistinct.authorization ?? []).length > 1) throw new Refused('several_tokens');
  return request.headers.authorization;
}

// Raw on purpose: `new URL()` would already have tidied away what the test wants to see.
const pathOf = (target) => target.split('?', 1)[0];
const queryOf = (target) => (target.includes('?') ? target.slice(target.indexOf('?') + 1) : null);

function headerList(request) {
  const list = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) list.push([request.rawHeaders[i], request.rawHeaders[i + 1]]);
  return list;
}

function refuse(response, reason) {
  response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
  json(response, 401, { backend: BACKEND, error: reason });
}

function json(response, status, value) {
  const body = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

if (import.meta.main ?? process.argv[1] === new URL(import.meta.url).pathname) {
  const { ISSUER: issuer, AUDIENCE: audience, JWKS_URL: jwksUrl, PORT = '0', HOST = '127.0.0.1' } = process.env;
  if (!issuer || !audience) {
    console.error('ISSUER and AUDIENCE must be set');
    process.exit(2);
  }
  const { server } = createBackend({ issuer, audience, jwksUrl: jwksUrl || undefined });
  server.listen(Number(PORT), HOST, () => console.log(JSON.stringify({ backend: BACKEND, port: server.address().port })));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
}
