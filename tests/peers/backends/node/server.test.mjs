// The Node register's own promises: every refusal, each beside a twin that differs in that one thing and passes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { WebSocket } from 'ws';
import '../../loopback.mjs';
import { createBackend } from './server.mjs';

const AUDIENCE = 'https://dossier.riziv.example';
const keys = {};
let jwks, issuer, asked = 0, backend, origin;
const published = { keys: [] };

before(async () => {
  for (const kid of ['one', 'two', 'never-published']) keys[kid] = { kid, ...(await generateKeyPair('ES256', { extractable: true })) };
  keys.rsa = { kid: 'rsa', ...(await generateKeyPair('RS256', { extractable: true })) };
  await publish('one', 'rsa');
  jwks = http.createServer((request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(published));
  });
  await new Promise((ready) => jwks.listen(0, '127.0.0.1', ready));
  issuer = `http://progezondheid.localhost:${jwks.address().port}`;
  backend = createBackend({ issuer, audience: AUDIENCE, cooldownDuration: 0 });
  await new Promise((ready) => backend.server.listen(0, '127.0.0.1', ready));
  origin = `http://127.0.0.1:${backend.server.address().port}`;
});

after(async () => {
  await backend.close();
  jwks.close();
  jwks.closeAllConnections();
});

async function publish(...kids) {
  published.keys = await Promise.all(kids.map(async (kid) => ({ ...(await exportJWK(keys[kid].publicKey)), kid, use: 'sig', alg: kid === 'rsa' ? 'RS256' : 'ES256' })));
}

const now = () => Math.floor(Date.now() / 1000);

/// A good backend token, but for what `claims` and `header` change; a claim set to undefined is left out.
function token({ claims = {}, header = {}, key = keys.one } = {}) {
  const payload = {
    iss: issuer, aud: AUDIENCE, iat: now(), nbf: now(), exp: now() + 120, sub: 'pairwise-els', name: 'Els Peeters', locale: 'nl',
    profile: { id: 'p-1', capacity: 'mandate_holder', profession: null },
    represents: { sub: 'pairwise-jan', name: 'Jan Claes', registration: '12345678901' },
    mandate: { id: 'm-1', scope: 'administrative', until: '2027-06-30' },
    ...claims,
  };
  return new SignJWT(JSON.parse(JSON.stringify(payload))).setProtectedHeader({ alg: 'ES256', typ: 'poort-backend+jwt', kid: key.kid, ...header }).sign(key.privateKey);
}

const get = (path, authorization, headers = {}) => fetch(origin + path, { headers: { ...(authorization ? { authorization } : {}), ...headers } });

async function refused(authorization, reason) {
  const response = await get('/dossiers/1', authorization);
  const body = await response.json();
  assert.deepEqual([response.status, body.error], [401, reason]);
  assert.match(response.headers.get('www-authenticate'), /^Bearer/);
}

async function accepted(authorization) {
  const response = await get('/dossiers/1', authorization);
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

describe('the verifier', () => {
  test('accepts what the contract describes, and names actor, represented, capacity and mandate', async () => {
    const { claims } = await accepted(`Bearer ${await token()}`);
    assert.equal(claims.name, 'Els Peeters');
    assert.equal(claims.represents.name, 'Jan Claes');
    assert.equal(claims.profile.capacity, 'mandate_holder');
    assert.equal(claims.mandate.scope, 'administrative');
  });

  test('no token, or something that is none', async () => {
    await refused(undefined, 'no_token');
    await refused('Basic ZWxzOnB3', 'not_a_bearer_token');
    await refused('Bearer not.a.token', 'malformed');
    await refused(`Bearer ${await token()} more`, 'not_a_bearer_token');
    await accepted(`bearer ${await token()}`);
  });

  // name, what is changed, reason, what the twin changes
  const twins = [
    ['another register’s audience', { claims: { aud: 'https://opleiding.rgs.example' } }, 'wrong_aud', {}],
    ['a list of audiences with ours in it', { claims: { aud: [AUDIENCE, 'https://opleiding.rgs.example'] } }, 'wrong_aud', {}],
    ['no audience', { claims: { aud: undefined } }, 'missing_aud', {}],
    ['another tenant’s issuer', { claims: { iss: 'http://mijnrgs.localhost:8080' } }, 'wrong_iss', {}],
    ['no issuer', { claims: { iss: undefined } }, 'missing_iss', {}],
    ['expired', { claims: { exp: () => now() - 6 } }, 'expired', { claims: { exp: () => now() - 2 } }],
    ['no end', { claims: { exp: undefined } }, 'missing_exp', {}],
    ['not yet valid', { claims: { nbf: () => now() + 60 } }, 'not_yet_valid', { claims: { nbf: () => now() + 2 } }],
    ['no beginning', { claims: { nbf: undefined } }, 'missing_nbf', {}],
    ['nobody', { claims: { sub: undefined } }, 'missing_sub', {}],
    ['an access token (RFC 9068) of the same issuer', { header: { typ: 'at+jwt' } }, 'wrong_typ', {}],
    ['an id token of the same issuer', { header: { typ: 'JWT' } }, 'wrong_typ', {}],
    ['no type', { header: { typ: undefined } }, 'wrong_typ', {}],
    ['the issuer’s RSA key', { key: () => keys.rsa, header: { alg: 'RS256' } }, 'wrong_alg', {}],
    ['a key the issuer never published', { key: () => keys['never-published'] }, 'unknown_key', {}],
    ['somebody else’s key under the issuer’s key id', { key: () => ({ ...keys['never-published'], kid: 'one' }) }, 'bad_signature', {}],
  ];
  const resolved = ({ claims = {}, header, key } = {}) => ({
    claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, typeof value === 'function' ? value() : value])),
    header, key: key?.() ?? keys.one,
  });
  for (const [name, change, reason, twin] of twins) {
    test(`refuses ${name}; its twin passes`, async () => {
      await refused(`Bearer ${await token(resolved(change))}`, reason);
      await accepted(`Bearer ${await token(resolved(twin))}`);
    });
  }

  test('refuses `alg: none` and an altered claim; the unaltered twin passes', async () => {
    const good = await token();
    const [, payload, signature] = good.split('.');
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    await refused(`Bearer ${encode({ alg: 'none', typ: 'poort-backend+jwt' })}.${payload}.`, 'wrong_alg');
    const altered = encode({ ...JSON.parse(Buffer.from(payload, 'base64url')), sub: 'somebody-else' });
    await refused(`Bearer ${good.split('.')[0]}.${altered}.${signature}`, 'bad_signature');
    await accepted(`Bearer ${good}`);
  });

  test('keeps the keys, and asks again only for a key it does not know', async () => {
    await accepted(`Bearer ${await token()}`);
    const before = asked;
    await accepted(`Bearer ${await token()}`);
    assert.equal(asked, before, 'a known key is not asked for');
    await refused(`Bearer ${await token({ key: keys.two })}`, 'unknown_key');
    assert.equal(asked, before + 1);
    await publish('one', 'two', 'rsa');
    await accepted(`Bearer ${await token({ key: keys.two })}`);
    assert.equal(asked, before + 2, 'a new key is found without a restart');
  });

  test('refuses when the issuer’s keys cannot be had', async () => {
    const lonely = createBackend({ issuer, audience: AUDIENCE, jwksUrl: 'http://127.0.0.1:9/jwks' });
    await new Promise((ready) => lonely.server.listen(0, '127.0.0.1', ready));
    const response = await fetch(`http://127.0.0.1:${lonely.server.address().port}/`, { headers: { authorization: `Bearer ${await token()}` } });
    assert.deepEqual([response.status, (await response.json()).error], [401, 'keys_unavailable']);
    await lonely.close();
  });
});

describe('the register', () => {
  let bearer;
  before(async () => { bearer = `Bearer ${await token()}`; });

  test('reports method, raw path, raw query, raw headers and the body’s hash', async () => {
    const body = Buffer.alloc(100_000, 'a');
    const sent = await new Promise((resolve, reject) => {
      const request = http.request(origin, { method: 'PUT', path: '/a%2Fb;c//d?x=%zz&x=+', headers: ['Host', 'register.test', 'Authorization', bearer, 'X-Twice', 'one', 'X-Twice', 'two', 'Content-Length', body.length] }, (response) => {
        let text = '';
        response.on('data', (chunk) => { text += chunk; }).on('end', () => resolve(JSON.parse(text)));
      });
      request.on('error', reject).end(body);
    });
    assert.equal(sent.method, 'PUT');
    assert.equal(sent.path, '/a%2Fb;c//d');
    assert.equal(sent.query, 'x=%zz&x=+');
    assert.deepEqual(sent.headers.filter(([name]) => name === 'X-Twice'), [['X-Twice', 'one'], ['X-Twice', 'two']]);
    assert.deepEqual([sent.body.length, sent.body.sha256], [body.length, createHash('sha256').update(body).digest('hex')]);
  });

  test('a second Authorization header is refused, one passes', async () => {
    const ask = (headers) => new Promise((resolve, reject) => http.get(origin, { headers }, (response) => { response.resume(); resolve(response.statusCode); }).on('error', reject));
    assert.equal(await ask(['Host', 'register.test', 'Authorization', bearer, 'Authorization', bearer]), 401);
    assert.equal(await ask(['Host', 'register.test', 'Authorization', bearer]), 200);
  });

  test('shows a page with the banner, the form and the profile it was made for; text is escaped', async () => {
    const response = await get('/dossiers/123', `Bearer ${await token({ claims: { name: '<b>Els</b>', locale: 'de' } })}`, { accept: 'text/html' });
    const html = await response.text();
    assert.match(html, /<html lang="de">/);
    assert.match(html, /<dd id="acting-actor">&lt;b&gt;Els&lt;\/b&gt;<\/dd>/);
    assert.match(html, /<dd id="acting-represented">Jan Claes<\/dd>/);
    assert.match(html, /name="poort_profile" value="p-1"/);
    assert.ok(html.includes(`href="${issuer}/profile"`));
  });

  test('streams, in both directions', async () => {
    const response = await get('/stream?ms=60&count=3', bearer);
    const at = [];
    for await (const chunk of response.body) at.push([Date.now(), Buffer.from(chunk).toString()]);
    assert.equal(at.map(([, text]) => text).join(''), 'chunk 0\nchunk 1\nchunk 2\n');
    assert.ok(at.at(-1)[0] - at[0][0] >= 60, 'the chunks came one by one');
    const events = await get('/events?ms=5', bearer);
    let seen = '';
    for await (const chunk of events.body) { seen += Buffer.from(chunk); if (seen.includes('id: 3\n')) break; }
    const echo = await fetch(`${origin}/echo`, { method: 'POST', body: 'there and back', headers: { authorization: bearer } });
    assert.equal(await echo.text(), 'there and back');
  });

  test('misbehaves as asked', async () => {
    assert.equal((await (await get('/big?bytes=1000001', bearer)).arrayBuffer()).byteLength, 1_000_001);
    const cut = await get('/reset', bearer);
    await assert.rejects(cut.text());
    assert.equal((await get('/headers?n=50', bearer)).headers.get('x-register-49'), 'xxxxxxxxxx');
    assert.equal((await get('/status?code=503', bearer)).status, 503);
    assert.deepEqual((await get('/set-cookie?cookie=a%3D1&cookie=b%3D2', bearer)).headers.getSetCookie(), ['a=1', 'b=2']);
    const started = Date.now();
    await (await get('/slow?ms=80', bearer)).text();
    assert.ok(Date.now() - started >= 80);
  });

  test('a WebSocket echoes with a token, and is refused without', async () => {
    const open = (headers) => new WebSocket(origin.replace('http', 'ws') + '/ws', { headers });
    const refusedStatus = await new Promise((resolve) => open({}).on('unexpected-response', (_, response) => resolve(response.statusCode)).on('error', () => {}));
    assert.equal(refusedStatus, 401);
    const ws = open({ authorization: bearer });
    const next = () => new Promise((resolve) => ws.once('message', (data) => resolve(data.toString())));
    assert.equal(JSON.parse(await next()).claims.sub, 'pairwise-els');
    ws.send('ping');
    assert.equal(await next(), 'ping');
    ws.close();
  });
});
