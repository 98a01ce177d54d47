// PROXY-1: two registers in two languages, each with a verifier of its own, behind the running gateway. What they report is
// what the gateway let through. Foreign: Node, Python, jose, PyJWT, ws. Ours: the gateway, the registers' few lines, the robot.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { WebSocket } from 'ws';
import { DEMO } from '../../gateway/demo.mjs';
import { freePort, startDemo } from '../../gateway/process.mjs';
import { Robot } from '../robot.mjs';
import { asPhysician } from './login.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const COMMANDS = {
  node: [process.execPath, [here('../backends/node/server.mjs')]],
  python: [here('../../.cache/python/bin/python'), [here('../backends/python/server.py')]],
};

async function startBackend(kind, environment) {
  const [command, args] = COMMANDS[kind];
  const child = spawn(command, args, { env: { ...process.env, PORT: '0', ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  process.once('exit', () => child.kill('SIGKILL'));
  return { url: `http://127.0.0.1:${JSON.parse(line).port}`, stop: () => child.kill('SIGTERM') };
}

for (const kind of Object.keys(COMMANDS)) {
  describe(`a register in ${kind} behind the gateway`, () => {
    let gateway, backend, other, robot, origin, jan, path;

    before(async () => {
      const port = await freePort();
      const tenant = DEMO.tenants.progezondheid;
      backend = await startBackend(kind, { ISSUER: DEMO.origin('progezondheid.localhost', port), AUDIENCE: tenant.audience });
      other = await startBackend(kind, { ISSUER: DEMO.origin('mijnrgs.localhost', port), AUDIENCE: DEMO.tenants.mijnrgs.audience });
      gateway = await startDemo({ port, backends: { [tenant.register]: backend.url } });
      jan = gateway.person(DEMO.people.physician);
      origin = gateway.register(tenant.register, 'progezondheid');
      path = `/dossiers/${jan.nihdi}`;
      robot = new Robot();
      const page = await asPhysician(robot, gateway, origin + path, jan);
      assert.equal(page.url, origin + path, robot.trail.join('\n'));
    });
    after(async () => {
      backend?.stop();
      other?.stop();
      await gateway?.stop();
    });

    const report = async (target = path, options = {}) => {
      const response = await robot.request(origin + target, { ...options, headers: { accept: 'application/json', ...options.headers } });
      assert.equal(response.status, 200, await response.clone().text());
      return response.json();
    };
    const bearerOf = ({ headers }) => headers.find(([name]) => name.toLowerCase() === 'authorization')[1];
    const unsafe = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };

    test('PROXY_1 the register gets one signed token, made for it, that names who acts', async () => {
      const seen = await report();
      const token = bearerOf(seen).slice('Bearer '.length);
      const header = decodeProtectedHeader(token);
      assert.deepEqual([header.alg, header.typ], ['ES256', 'poort-backend+jwt']);
      assert.ok(header.kid);
      const { claims } = seen;
      assert.equal(claims.iss, gateway.login('progezondheid'));
      assert.equal(claims.aud, DEMO.tenants.progezondheid.audience);
      assert.ok(claims.exp - claims.iat <= 120 && claims.nbf <= claims.iat, JSON.stringify(claims));
      assert.equal(claims.name, jan.name);
      assert.equal(claims.profile.capacity, 'professional');
      assert.ok(claims.acr && claims.amr?.length > 0 && claims.auth_time);
      if (jan.national_number) assert.ok(!JSON.stringify(claims).includes(jan.national_number), 'the national number is in the token');
    });

    test('PROXY_1 every identity header of the client is removed; what is not about identity goes through', async () => {
      const forged = ['Authorization', 'X-Forwarded-User', 'X-Remote-User', 'Remote-User', 'X-Auth-Request-Email', 'Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Real-IP', 'Poort-Subject', 'X-Poort-User', 'X-SSL-Client-Cert'];
      const seen = await report(path, { headers: { ...Object.fromEntries(forged.map((name) => [name, 'forged-by-client'])), 'x-application': 'kept' } });
      const text = seen.headers.filter(([, value]) => value.includes('forged-by-client'));
      assert.deepEqual(text, []);
      assert.deepEqual(seen.headers.filter(([name]) => name.toLowerCase() === 'authorization').length, 1);
      assert.ok(seen.headers.some(([name, value]) => name.toLowerCase() === 'x-application' && value === 'kept'));
      assert.ok(!seen.headers.some(([, value]) => value.includes('__Host-poort')), 'a cookie of Poort reached the register');
      for (const wanted of ['x-request-id', 'traceparent', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']) {
        assert.equal(seen.headers.filter(([name]) => name.toLowerCase() === wanted).length, 1, wanted);
      }
      assert.equal(seen.headers.find(([name]) => name.toLowerCase() === 'x-forwarded-host')[1], new URL(origin).host);
      // A name that some programs read as another one is refused: an underscore is a hyphen to CGI and its like.
      const smuggled = await robot.request(origin + path, { headers: { x_forwarded_user: 'forged-by-client' } });
      assert.equal(smuggled.status, 400);
    });

    test('PROXY_1 path and query reach the register byte for byte', async () => {
      const seen = await report(`${path}?a=%2F&a=b+c&%C3%A9=%zz`);
      assert.deepEqual([seen.path, seen.query], [path, 'a=%2F&a=b+c&%C3%A9=%zz']);
    });

    test('PROXY_1 a path that can be read in two ways is refused', async () => {
      const status = (target) => new Promise((resolve, reject) => {
        const cookie = [...robot.cookies(new URL(origin).hostname)].map(([name, value]) => `${name}=${value}`).join('; ');
        http.request({ host: '127.0.0.1', port: gateway.port, path: target, headers: { host: new URL(origin).host, cookie, accept: 'application/json' } }, (response) => { response.resume(); resolve(response.statusCode); }).on('error', reject).end();
      });
      assert.equal(await status(path), 200);
      for (const target of [`/dossiers/../dossiers/${jan.nihdi}`, `/dossiers/%2e%2e/dossiers/${jan.nihdi}`, `/dossiers//${jan.nihdi}`, `${path};x=1`, `/dossiers%2F${jan.nihdi}`, `/dossiers%5C${jan.nihdi}`, `${path}%00`]) {
        assert.equal(await status(target), 400, target);
      }
    });

    test('PROXY_1 the register refuses the same request without the gateway, and another register refuses its token', async () => {
      const authorization = bearerOf(await report());
      const status = async (url, headers) => (await fetch(url + path, { headers })).json().then((body) => body.error ?? 'accepted');
      assert.equal(await status(backend.url, { authorization }), 'accepted');
      assert.equal(await status(backend.url, {}), 'no_token');
      assert.ok(['wrong_iss', 'wrong_aud', 'unknown_key'].includes(await status(other.url, { authorization })));
    });

    test('PROXY_1 a token is kept for a while and belongs to one session', async () => {
      const [first, second] = [await report(), await report()];
      assert.equal(bearerOf(first), bearerOf(second), 'two requests at once need one token');
      assert.notEqual(first.headers.find(([name]) => name.toLowerCase() === 'x-request-id')[1], second.headers.find(([name]) => name.toLowerCase() === 'x-request-id')[1]);
      const { sub } = decodeJwt(bearerOf(first).slice(7));
      assert.ok(!jan.national_number || sub !== jan.national_number);
    });

    test('PROXY_1 without a session: a page is sent to log in, anything else gets 401', async () => {
      const stranger = new Robot();
      const navigation = await stranger.request(origin + path);
      assert.equal(navigation.status, 303);
      assert.match(navigation.headers.get('location'), /\/\.poort\/begin\?return=/);
      const script = await stranger.request(origin + path, { headers: { accept: 'application/json' } });
      assert.equal(script.status, 401);
      assert.match(script.headers.get('content-type'), /^application\/problem\+json/);
      assert.match(script.headers.get('www-authenticate'), /^Bearer/);
    });

    test('PROXY_1 an unknown route is 404, another person’s file is 404, an unsafe request from elsewhere is refused', async () => {
      const status = async (target, options = {}) => (await robot.request(origin + target, { ...options, headers: { accept: 'application/json', ...options.headers } })).status;
      assert.equal(await status('/no/such/route'), 404);
      assert.equal(await status(`/dossiers/${gateway.person(DEMO.people.physiotherapist).nihdi}`), 404);
      const { claims } = await report();
      const post = (from) => status(`${path}/remarks`, { ...unsafe, headers: { ...unsafe.headers, ...(from ? { origin: from } : {}) }, body: `poort_profile=${encodeURIComponent(claims.profile.id)}&remark=x` });
      assert.equal(await post(origin), 200);
      assert.equal(await post(undefined), 403);
      assert.equal(await post('http://evil.localhost'), 403);
      assert.equal(await post(gateway.login('progezondheid')), 403);
    });

    test('PROXY_1 a body arrives whole and unchanged', async () => {
      const { claims } = await report();
      const body = `poort_profile=${encodeURIComponent(claims.profile.id)}&remark=${'%C3%A9'.repeat(5_000)}`;
      const seen = await report(`${path}/remarks`, { ...unsafe, headers: { ...unsafe.headers, origin }, body });
      assert.deepEqual([seen.method, seen.body.length, seen.body.sha256], ['POST', body.length, createHash('sha256').update(body).digest('hex')]);
    });

    test('an answer streams: the first part comes before the last is made', { skip: !DEMO.testRoutes }, async () => {
      const response = await robot.request(`${origin}/stream?ms=200&count=4`);
      const at = [];
      for await (const chunk of response.body) at.push([performance.now(), Buffer.from(chunk).toString()]);
      assert.equal(at.map(([, text]) => text).join(''), 'chunk 0\nchunk 1\nchunk 2\nchunk 3\n');
      assert.ok(at.length > 1, 'it came in one piece');
    });

    test('a register that breaks off is a failure of the register, not a short answer', { skip: !DEMO.testRoutes }, async () => {
      const response = await robot.request(`${origin}/reset`);
      await assert.rejects(response.text());
    });

    test('a WebSocket passes with the session and an Origin of its own host, and with no other', { skip: kind !== 'node' || !DEMO.testRoutes }, async () => {
      const cookie = [...robot.cookies(new URL(origin).hostname)].map(([name, value]) => `${name}=${value}`).join('; ');
      const open = (headers) => new Promise((resolve) => {
        const ws = new WebSocket(`${origin.replace('http', 'ws')}/ws`, { headers });
        ws.on('unexpected-response', (_, response) => resolve({ status: response.statusCode })).on('error', () => {});
        ws.on('message', (data) => resolve({ status: 101, ws, first: JSON.parse(data) }));
      });
      assert.ok([401, 403].includes((await open({ cookie, origin: 'http://evil.localhost' })).status));
      assert.ok([401, 403].includes((await open({ origin })).status));
      const { status, ws, first } = await open({ cookie, origin });
      assert.equal(status, 101);
      assert.equal(first.claims.name, jan.name);
      ws.send('ping');
      assert.equal((await once(ws, 'message'))[0].toString(), 'ping');
      ws.close();
    });
  });
}
