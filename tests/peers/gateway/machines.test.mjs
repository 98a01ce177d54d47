// OIDC-1 between programs: a token in its own name, what a token is worth, taking one back (npm openid-client), and an
// application that hears that a login has ended (npm jose). Foreign: openid-client, oauth4webapi, jose. Ours: the gateway, the
// application's few lines, the robot.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { DEMO } from '../../gateway/demo.mjs';
import { startDemo } from '../../gateway/process.mjs';
import { ON } from '../../gateway/selectors.mjs';
import { createApp, DEFAULTS } from '../client/app.mjs';
import { Robot } from '../robot.mjs';
import { chooseProfile, logIn } from './login.mjs';

describe('the gateway and programs', () => {
  let gateway, app, issuer, audience, jan;

  before(async () => {
    app = await createApp({ issuer: () => issuer, port: 0 });
    audience = `${app.origin}/api`;
    const jwksFile = path.join(mkdtempSync(path.join(tmpdir(), 'poort-app-')), 'jwks.json');
    writeFileSync(jwksFile, JSON.stringify(app.clientKey.jwks));
    gateway = await startDemo({ app: { origin: app.origin, jwksFile } });
    issuer = gateway.login('progezondheid');
    jan = gateway.person(DEMO.people.physician);
  });
  after(async () => {
    await app?.close();
    await gateway?.stop();
  });

  const as = (id, authentication = oidc.ClientSecretBasic(DEFAULTS.basic.secret)) =>
    oidc.discovery(new URL(issuer), id, {}, authentication, { execute: [oidc.allowInsecureRequests] });
  const active = async (asking, token) => (await oidc.tokenIntrospection(asking, token)).active;

  const known = new Robot(); // logs in once and is known afterwards
  /// The tokens that the application got for Jan, who logged in at it.
  async function session(kind = 'basic', robot = known, method = 'totp') {
    let page = await robot.open(`${app.origin}/login/${kind}`);
    if (page.has(ON.key.totp)) page = await logIn(robot, page, gateway, jan, method);
    if (page.has(ON.as)) page = await chooseProfile(robot, page, DEMO.professions.physician);
    assert.equal(new URL(page.url).origin, app.origin, robot.trail.join('\n'));
    const tokens = await (await robot.request(`${app.origin}/session.json`)).json();
    return { robot, page, tokens, config: await as(DEFAULTS[kind].id, kind === 'key' ? oidc.PrivateKeyJwt({ key: app.clientKey.privateKey, kid: app.clientKey.kid }) : undefined) };
  }

  test('OIDC_1 a program gets a token in its own name, and a resource server verifies it (RFC 6749 4.4, RFC 9068)', async () => {
    const feed = await as('sample-feed');
    const tokens = await oidc.clientCredentialsGrant(feed, { scope: 'api:read', resource: audience });
    assert.deepEqual([tokens.token_type, tokens.scope, tokens.refresh_token, tokens.id_token], ['bearer', 'api:read', undefined, undefined]);
    const { payload } = await jwtVerify(tokens.access_token, createRemoteJWKSet(new URL(feed.serverMetadata().jwks_uri)), {
      issuer, audience, typ: 'at+jwt', algorithms: ['ES256'], requiredClaims: ['sub', 'client_id', 'jti', 'exp'],
    });
    assert.deepEqual([payload.sub, payload.client_id], ['sample-feed', 'sample-feed']);
    for (const [parameters, error] of [[{ scope: 'openid' }, 'invalid_scope'], [{ scope: 'api:write' }, 'invalid_scope'], [{ resource: 'https://evil.example' }, 'invalid_target']]) {
      await assert.rejects(oidc.clientCredentialsGrant(feed, parameters), { error }, JSON.stringify(parameters));
    }
    for (const id of ['sample-app', 'sample-api']) await assert.rejects(as(id).then((config) => oidc.clientCredentialsGrant(config)), { error: 'unauthorized_client' });
    await assert.rejects(as('sample-feed', oidc.ClientSecretBasic('wrong')).then((config) => oidc.clientCredentialsGrant(config)), { status: 401 });
    // It opens nothing that is a person's: the provider's own userinfo.
    const userinfo = await fetch(feed.serverMetadata().userinfo_endpoint, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.equal(userinfo.status, 401);
  });

  test('OIDC_1 a resource server asks what a token is worth, and nobody else learns it (RFC 7662)', async () => {
    const [api, feed] = [await as('sample-api'), await as('sample-feed')];
    for (const kind of ['basic', 'key']) {
      const { tokens, config } = await session(kind);
      const said = await oidc.tokenIntrospection(api, tokens.access_token);
      assert.deepEqual([said.active, said.client_id, said.aud, said.token_type, said.iss], [true, DEFAULTS[kind].id, audience, 'Bearer', issuer]);
      assert.equal(said.sub, decodeJwt(tokens.access_token).sub);
      assert.equal(await active(config, tokens.refresh_token), true, 'its own');
      for (const [asking, token] of [[feed, tokens.access_token], [config, tokens.access_token], [api, tokens.refresh_token], [api, tokens.id_token], [api, 'junk']]) {
        assert.deepEqual(await oidc.tokenIntrospection(asking, token), { active: false });
      }
    }
    await assert.rejects(as('sample-api', oidc.ClientSecretBasic('wrong')).then((config) => oidc.tokenIntrospection(config, 'x')), { status: 401 });
  });

  test('OIDC_1 a client takes back its tokens (RFC 7009)', async () => {
    const api = await as('sample-api');
    const { tokens, config } = await session();
    const stranger = await as('sample-feed');
    await oidc.tokenRevocation(stranger, tokens.refresh_token);
    await oidc.tokenRevocation(config, 'unknown');
    assert.equal(await active(api, tokens.access_token), true, 'neither touches it');
    await assert.rejects(oidc.tokenRevocation(config, tokens.id_token), { error: 'unsupported_token_type' });
    await oidc.tokenRevocation(config, tokens.access_token);
    assert.deepEqual([await active(api, tokens.access_token), await active(config, tokens.refresh_token)], [false, true]);
    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal(await active(api, next.access_token), true);
    await oidc.tokenRevocation(config, next.refresh_token, { token_type_hint: 'refresh_token' });
    assert.deepEqual([await active(api, next.access_token), await active(config, next.refresh_token)], [false, false]);
    await assert.rejects(oidc.refreshTokenGrant(config, next.refresh_token), { error: 'invalid_grant' });
    const feed = await oidc.clientCredentialsGrant(stranger);
    await oidc.tokenRevocation(stranger, feed.access_token);
    assert.equal(await active(api, feed.access_token), false);
  });

  test('OIDC_1 an application hears that a login has ended, and believes it (OpenID Connect Back-Channel Logout 1.0)', { timeout: 60_000 }, async () => {
    const { robot, page, tokens, config } = await session();
    const { robot: other } = await session('basic', new Robot(), 'email');
    assert.equal(config.serverMetadata().backchannel_logout_supported, true);
    assert.equal(config.serverMetadata().backchannel_logout_session_supported, true);
    const { sid, sub } = decodeJwt(tokens.id_token);
    const heard = () => app.logouts().filter(({ kind, sid: of }) => kind === 'basic' && of === sid);
    // Jan signs out on Poort's own page: the application is not asked, and not visited.
    await robot.submit(await robot.open(`${issuer}/`), ON.signOut);
    for (let tries = 0; heard().length === 0; tries += 1) {
      assert.ok(tries < 200, 'nobody told the application');
      await new Promise((next) => setTimeout(next, 50));
    }
    const [logout, ...more] = heard();
    assert.deepEqual([logout.sub, more], [sub, []]);
    assert.ok(!('nonce' in logout));
    assert.ok(page.has(ON.app.refresh), 'until then he was signed in there');
    assert.ok(!(await robot.open(`${app.origin}/`)).has(ON.app.refresh), 'and now he is not');
    assert.ok((await other.open(`${app.origin}/`)).has(ON.app.refresh), 'his other login lives');
    // What another type of token says is not believed.
    const send = (token) => fetch(app.backchannelLogoutUris.basic, { method: 'POST', body: new URLSearchParams({ logout_token: token }) });
    for (const token of [tokens.id_token, tokens.access_token, 'junk']) assert.equal((await send(token)).status, 400);
  });
});
