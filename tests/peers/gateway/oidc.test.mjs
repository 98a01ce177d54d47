// OIDC-1 at the wire: the sample application (npm openid-client) and plain requests at the token endpoint of the running
// gateway. Foreign: openid-client, oauth4webapi, jose. Ours: the gateway, the application's few lines, the robot.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { DEMO } from '../../gateway/demo.mjs';
import { startDemo } from '../../gateway/process.mjs';
import { ON } from '../../gateway/selectors.mjs';
import { createApp, DEFAULTS } from '../client/app.mjs';
import { TokenEndpoint } from '../client/scenarios.mjs';
import { createBackend } from '../backends/node/server.mjs';
import { Robot } from '../robot.mjs';
import { chooseProfile, logIn } from './login.mjs';

describe('the gateway as an OpenID provider', () => {
  let gateway, app, issuer, robot, jan;

  before(async () => {
    app = await createApp({ issuer: () => issuer });
    const jwksFile = path.join(mkdtempSync(path.join(tmpdir(), 'poort-app-')), 'jwks.json');
    writeFileSync(jwksFile, JSON.stringify(app.clientKey.jwks));
    gateway = await startDemo({ app: { origin: app.origin, jwksFile } });
    issuer = gateway.login('progezondheid');
    jan = gateway.person(DEMO.people.physician);
    robot = new Robot(); // one person, who logs in once and is known afterwards
  });
  after(async () => {
    await app?.close();
    await gateway?.stop();
  });

  async function throughTheGateway(at) {
    let page = await robot.open(app.origin + at);
    if (page.has(ON.key.totp)) page = await logIn(robot, page, gateway, jan);
    if (page.has(ON.as)) page = await chooseProfile(robot, page, DEMO.professions.physician);
    assert.equal(new URL(page.url).origin, app.origin, robot.trail.join('\n'));
    return page;
  }
  async function held() {
    const page = await throughTheGateway('/login/basic?hold=1');
    const grant = page.json(ON.app.held);
    gateway.secret('an authorization code', grant.code);
    return new TokenEndpoint(grant, DEFAULTS.basic.secret);
  }

  test('OIDC_1 discovery says the same in both forms (OpenID Connect Discovery, RFC 8414)', async () => {
    const get = async (name) => (await fetch(`${issuer}/.well-known/${name}`)).json();
    const [openid, oauth] = [await get('openid-configuration'), await get('oauth-authorization-server')];
    assert.deepEqual(openid, oauth);
    assert.equal(openid.issuer, issuer);
    assert.deepEqual(openid.code_challenge_methods_supported, ['S256']);
    assert.deepEqual(openid.response_types_supported, ['code']);
    assert.equal(openid.authorization_response_iss_parameter_supported, true);
    for (const method of ['client_secret_basic', 'private_key_jwt']) assert.ok(openid.token_endpoint_auth_methods_supported.includes(method), method);
    const { keys } = await (await fetch(openid.jwks_uri)).json();
    assert.ok(keys.some(({ alg, crv }) => alg === 'ES256' && crv === 'P-256'));
    assert.ok(keys.every((key) => !('d' in key) && key.kid));
  });

  for (const kind of ['basic', 'key']) {
    test(`OIDC_1 an application logs a person in, refreshes, and logs out (${kind})`, async () => {
      let page = await throughTheGateway(`/login/${kind}`);
      const { id_token, userinfo } = page.json(ON.app.claims);
      assert.equal(id_token.iss, issuer);
      assert.equal(id_token.aud, DEFAULTS[kind].id);
      assert.equal(userinfo.sub, id_token.sub);
      assert.equal(userinfo.name ?? id_token.name, jan.name);
      assert.equal((userinfo.poort_profile ?? id_token.poort_profile)?.capacity, 'professional', 'the profile choice is part of the login');
      assert.ok(!JSON.stringify([id_token, userinfo]).includes(jan.national_number ?? '\0'));
      page = await robot.submit(page, ON.app.refresh);
      assert.equal(page.json(ON.app.claims).refreshed, 1);
      page = await robot.submit(page, ON.app.logout);
      if (page.has(ON.endSession)) page = await robot.submit(page, ON.endSession);
      assert.deepEqual(page.json(ON.app.goodbye), { state_matches: true });
      assert.ok((await robot.open(`${app.origin}/login/${kind}`)).has(ON.key.totp), 'after logging out a person must log in again');
    });
  }

  test('OIDC_1 fifty redemptions of one code at the same time: one wins, and what it got is dead', async () => {
    const result = await (await held()).redeemAtOnce(50);
    assert.equal(result.won, 1);
    assert.deepEqual(result.told, ['400 invalid_grant']);
    assert.deepEqual(result.afterwards, [{ userinfo: 401, refresh: 400 }]);
  });

  test('OIDC_1 the twin: one redemption, and what it got lives', async () => {
    const endpoint = await held();
    const tokens = await endpoint.redeem();
    assert.equal(tokens.status, 200);
    assert.match(tokens.headers.get('cache-control') ?? '', /no-store/);
    assert.equal(await endpoint.userinfo(tokens.access_token), 200);
    assert.equal((await endpoint.refresh(tokens.refresh_token)).status, 200);
  });

  test('OIDC_1 a wrong verifier, redirect URI, secret or client gets nothing', async () => {
    const endpoint = await held();
    const { code, code_verifier, redirect_uri } = endpoint.grant;
    const good = { grant_type: 'authorization_code', code, code_verifier, redirect_uri };
    assert.equal((await endpoint.post({ ...good, redirect_uri: `${redirect_uri}/x` })).error, 'invalid_grant');
    const stranger = new TokenEndpoint(endpoint.grant, 'not-the-secret');
    const refused = await stranger.post(good);
    assert.deepEqual([refused.status, refused.error], [401, 'invalid_client']);
    assert.equal((await endpoint.post({ ...good, code_verifier: 'x'.repeat(43) })).error, 'invalid_grant');
    const { code_verifier: _, ...without } = good;
    assert.ok(['invalid_grant', 'invalid_request'].includes((await endpoint.post(without)).error));
  });

  test('OIDC_1 a refresh token used again: at once it is a lost answer, later it ends the family', { timeout: 60_000 }, async () => {
    const result = await (await held()).reuseRefreshToken(11_000);
    assert.deepEqual(result, { first: 200, rotated: true, lostAnswer: 400, third: 200, theft: 400, afterwards: 400, userinfo: 401 });
  });

  test('PROXY_1 a register refuses this issuer’s access token and id token in the place of its own', async () => {
    const endpoint = await held();
    const tokens = await endpoint.redeem();
    await jwtVerify(tokens.id_token, createRemoteJWKSet(new URL(`${issuer}/jwks`)), { issuer });
    const backend = createBackend({ issuer, audience: DEMO.tenants.progezondheid.audience });
    await new Promise((ready) => backend.server.listen(0, '127.0.0.1', ready));
    for (const token of [tokens.access_token, tokens.id_token]) {
      const response = await fetch(`http://127.0.0.1:${backend.server.address().port}/`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(response.status, 401);
      assert.ok(['wrong_typ', 'malformed'].includes((await response.json()).error));
    }
    await backend.close();
  });

  test('OIDC_1 an authorization request that cannot be trusted is shown and not sent back', async () => {
    const ask = (changes) => {
      const url = new URL(`${issuer}/authorize`);
      url.search = new URLSearchParams({ client_id: DEFAULTS.basic.id, response_type: 'code', scope: 'openid', redirect_uri: app.redirectUris.basic, code_challenge: 'a'.repeat(43), code_challenge_method: 'S256', state: 's', ...changes });
      return new Robot().request(url.href);
    };
    for (const changes of [{ redirect_uri: 'http://evil.localhost/' }, { redirect_uri: `${app.redirectUris.basic}/` }, { client_id: 'nobody' }]) {
      const response = await ask(changes);
      assert.equal(response.status, 400, JSON.stringify(changes));
      assert.equal(response.headers.get('location'), null);
    }
    for (const [changes, error] of [[{ code_challenge: '' }, 'invalid_request'], [{ code_challenge_method: 'plain' }, 'invalid_request'], [{ response_type: 'token' }, 'unsupported_response_type'], [{ prompt: 'none' }, 'login_required']]) {
      const back = new URL((await ask(changes)).headers.get('location'), issuer);
      // An answer to a request for a token may stand in the fragment (OAuth 2.0 Multiple Response Types, section 2.1).
      const answer = back.search ? back.searchParams : new URLSearchParams(back.hash.slice(1));
      assert.deepEqual([back.origin, answer.get('error'), answer.get('state'), answer.get('iss')], [app.origin, error, 's', issuer], JSON.stringify(changes));
    }
    assert.equal((await ask({})).status, 303, 'the twin goes on to log in');
  });
});
