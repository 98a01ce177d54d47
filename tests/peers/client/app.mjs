// An application of a tenant, on another host than its OpenID provider: http://app.localhost:PORT. All of OpenID Connect in it
// is npm `openid-client`; this file only keeps its sessions and shows what came. Two clients, one for each way to
// authenticate at the token endpoint: `basic` (client_secret_basic) and `key` (private_key_jwt).
//
//   ISSUER=http://progezondheid.localhost:8080 [PORT=8090] [CLIENT_BASIC_ID=..] [CLIENT_BASIC_SECRET=..] [CLIENT_KEY_ID=..] node app.mjs
//
// Paths: /  /login/KIND  /callback/KIND  /refresh (POST)  /logout (POST)  /goodbye  /jwks  /session.json
//        /backchannel-logout/KIND (POST): the provider says that a login has ended; npm `jose` believes it or not
// `/login/KIND?hold=1` stops at the callback and shows the unredeemed code, for tests that redeem it themselves; other
// parameters of `/login/KIND` (ui_locales, acr_values, prompt, max_age) go to the authorization endpoint.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import '../loopback.mjs';

export const DEFAULTS = {
  port: 8090,
  scope: 'openid profile poort offline_access',
  basic: { id: 'sample-app', secret: 'demo-only-secret-of-sample-app' },
  key: { id: 'sample-app-key' },
};

/// The key of the client `key`; made anew for each run, so that no private key is kept in the repository.
export async function makeClientKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = randomUUID();
  return { kid, privateKey, jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'ES256' }] } };
}

/// @param issuer   the tenant's issuer; a function when it is known only after this application runs
/// @param clients  `{ basic: {id, secret}, key: {id} }`
export async function createApp({ issuer, port = DEFAULTS.port, clients = DEFAULTS, clientKey, scope = DEFAULTS.scope }) {
  const signingKey = clientKey ?? (await makeClientKey());
  const sessions = new Map();
  const configurations = new Map();
  const keySets = new Map();
  const logouts = []; // what was believed, in the order in which it came
  let origin;

  const server = http.createServer((request, response) => {
    handle(request, response).catch((error) => show(response, 500, 'error', describe(error)));
  });
  await new Promise((ready, failed) => server.once('error', failed).listen(port, '127.0.0.1', ready));
  origin = `http://app.localhost:${server.address().port}`;

  /// Discovery once for each client; the checks that are off by default in openid-client are on here.
  function configuration(kind) {
    if (!configurations.has(kind)) {
      const from = new URL(typeof issuer === 'function' ? issuer() : issuer);
      const client = clients[kind];
      const authentication = kind === 'key' ? oidc.PrivateKeyJwt({ key: signingKey.privateKey, kid: signingKey.kid }) : oidc.ClientSecretBasic(client.secret);
      configurations.set(kind, oidc.discovery(from, client.id, {}, authentication, {
        // Plain http is for this machine's tests; signatures of id tokens are checked although they came by the back channel.
        execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
      }));
    }
    return configurations.get(kind).catch((error) => {
      configurations.delete(kind);
      throw error;
    });
  }

  async function handle(request, response) {
    const url = new URL(request.url, origin);
    const cookie = /(?:^|; )app=([0-9a-f-]{36})/.exec(request.headers.cookie ?? '')?.[1];
    const session = sessions.get(cookie);
    const [, page, kind] = url.pathname.split('/');

    if (request.method === 'GET' && page === '') return show(response, 200, null, null, session);
    if (request.method === 'GET' && page === 'jwks') return json(response, signingKey.jwks);
    if (request.method === 'GET' && page === 'session.json') return json(response, session?.tokens ?? null);

    if (request.method === 'GET' && page === 'login' && clients[kind]) {
      const config = await configuration(kind);
      const flow = { kind, verifier: oidc.randomPKCECodeVerifier(), state: oidc.randomState(), nonce: oidc.randomNonce(), hold: url.searchParams.has('hold') };
      url.searchParams.delete('hold');
      const to = oidc.buildAuthorizationUrl(config, {
        redirect_uri: `${origin}/callback/${kind}`,
        scope,
        code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
        state: flow.state,
        nonce: flow.nonce,
        ...Object.fromEntries(url.searchParams),
      });
      return redirect(response, to, begin({ flow }));
    }

    if (request.method === 'GET' && page === 'callback' && session?.flow?.kind === kind) {
      const { flow } = session;
      session.flow = null;
      const config = await configuration(kind);
      // RFC 9207: openid-client checks a present `iss`; that it must be present is checked here, so that it cannot be forgotten.
      if (config.serverMetadata().authorization_response_iss_parameter_supported !== true) throw new Error('discovery: authorization_response_iss_parameter_supported is not true');
      if (!url.searchParams.has('iss')) throw new Error('the authorization response has no iss');
      if (flow.hold) {
        const held = { token_endpoint: config.serverMetadata().token_endpoint, userinfo_endpoint: config.serverMetadata().userinfo_endpoint, code: url.searchParams.get('code'), code_verifier: flow.verifier, redirect_uri: `${origin}/callback/${kind}`, client_id: clients[kind].id };
        return show(response, 200, 'held', held);
      }
      const tokens = await oidc.authorizationCodeGrant(config, url, { pkceCodeVerifier: flow.verifier, expectedState: flow.state, expectedNonce: flow.nonce, idTokenExpected: true });
      await keep(session, kind, config, tokens);
      return redirect(response, `${origin}/`, begin(session, cookie));
    }

    if (request.method === 'POST' && page === 'refresh' && session?.tokens) {
      const config = await configuration(session.kind);
      const tokens = await oidc.refreshTokenGrant(config, session.tokens.refresh_token);
      await keep(session, session.kind, config, { ...tokens, claims: () => tokens.claims() ?? session.idToken });
      session.refreshed += 1;
      return redirect(response, `${origin}/`);
    }

    if (request.method === 'POST' && page === 'logout' && session?.tokens) {
      const config = await configuration(session.kind);
      session.leaving = oidc.randomState();
      return redirect(response, oidc.buildEndSessionUrl(config, { id_token_hint: session.tokens.id_token, post_logout_redirect_uri: `${origin}/goodbye`, state: session.leaving }));
    }

    if (request.method === 'GET' && page === 'goodbye') {
      const right = Boolean(session?.leaving) && url.searchParams.get('state') === session.leaving;
      if (right) sessions.delete(cookie);
      return show(response, right ? 200 : 400, 'goodbye', { state_matches: right });
    }
    if (request.method === 'POST' && page === 'backchannel-logout' && clients[kind]) {
      try {
        const claims = await believeLogout(kind, new URLSearchParams(await text(request)).get('logout_token') ?? '');
        for (const [id, { kind: of, idToken }] of sessions) {
          if (of === kind && (claims.sid ? idToken?.sid === claims.sid : idToken?.sub === claims.sub)) sessions.delete(id);
        }
        return json(response, {});
      } catch (error) {
        // OpenID Connect Back-Channel Logout 1.0 section 2.8.
        return json(response, { error: 'invalid_request', error_description: String(error) }, 400);
      }
    }
    return show(response, 404, 'error', { name: 'NotFound', message: `${request.method} ${url.pathname}` });
  }

  /// OpenID Connect Back-Channel Logout 1.0 section 2.6.
  async function believeLogout(kind, token) {
    const { issuer: iss, jwks_uri } = (await configuration(kind)).serverMetadata();
    if (!keySets.has(jwks_uri)) keySets.set(jwks_uri, createRemoteJWKSet(new URL(jwks_uri)));
    const { payload } = await jwtVerify(token, keySets.get(jwks_uri), {
      issuer: iss, audience: clients[kind].id, typ: 'logout+jwt', algorithms: ['ES256'], requiredClaims: ['iat', 'exp', 'jti', 'events'], maxTokenAge: '2 minutes',
    });
    const event = payload.events['http://schemas.openid.net/event/backchannel-logout'];
    if (event === null || typeof event !== 'object') throw new Error('no logout event');
    if ('nonce' in payload) throw new Error('a nonce: this could be an id token');
    if (!payload.sid && !payload.sub) throw new Error('neither sid nor sub');
    if (logouts.some(({ jti }) => jti === payload.jti)) throw new Error('a jti for the second time');
    logouts.push({ kind, ...payload });
    return payload;
  }

  async function keep(session, kind, config, tokens) {
    const claims = tokens.claims();
    const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    const { access_token, refresh_token, id_token, expires_in, scope: granted } = tokens;
    session.kind = kind;
    session.idToken = claims;
    session.userinfo = userinfo;
    session.refreshed ??= 0;
    session.tokens = { access_token, refresh_token: refresh_token ?? session.tokens?.refresh_token, id_token: id_token ?? session.tokens?.id_token, expires_in, scope: granted };
  }

  /// A session under a new id; returns its cookie.
  function begin(session, old) {
    const id = randomUUID();
    sessions.delete(old);
    sessions.set(id, session);
    return `app=${id}; Path=/; HttpOnly; SameSite=Lax`;
  }

  function show(response, status, id, value, session) {
    if (response.headersSent) return response.destroy();
    const signedIn = session?.tokens
      ? `<pre id="claims">${escape({ client: session.kind, id_token: session.idToken, userinfo: session.userinfo, has_refresh_token: Boolean(session.tokens.refresh_token), refreshed: session.refreshed })}</pre>
  <form method="post" action="/refresh"><button id="refresh">Refresh</button></form>
  <form method="post" action="/logout"><button id="logout">Log out</button></form>`
      : '';
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    return response.end(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sample application</title></head>
<body>
<main>
  <h1>Sample application</h1>
  ${id ? `<pre id="${id}">${escape(value)}</pre>` : ''}
  ${signedIn}
  <ul><li><a id="login-basic" href="/login/basic">Log in (client secret)</a></li><li><a id="login-key" href="/login/key">Log in (private key)</a></li></ul>
</main>
</body>
</html>
`);
  }

  return {
    origin,
    clientKey: signingKey,
    redirectUris: Object.fromEntries(['basic', 'key'].map((kind) => [kind, `${origin}/callback/${kind}`])),
    postLogoutRedirectUri: `${origin}/goodbye`,
    backchannelLogoutUris: Object.fromEntries(['basic', 'key'].map((kind) => [kind, `${origin}/backchannel-logout/${kind}`])),
    logouts: () => logouts,
    close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
  };
}

const escape = (value) => JSON.stringify(value, null, 2).replace(/&/g, '&amp;').replace(/</g, '&lt;');
const describe = (error) => ({ name: error.name, message: error.message, code: error.code, error: error.error, error_description: error.error_description, cause: error.cause && String(error.cause) });

function redirect(response, to, cookie) {
  response.writeHead(303, { location: String(to), 'cache-control': 'no-store', ...(cookie ? { 'set-cookie': cookie } : {}) });
  response.end();
}

async function text(request) {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}

function json(response, value, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const env = process.env;
  if (!env.ISSUER) {
    console.error('ISSUER must be set');
    process.exit(2);
  }
  const app = await createApp({
    issuer: env.ISSUER,
    port: Number(env.PORT ?? DEFAULTS.port),
    clients: {
      basic: { id: env.CLIENT_BASIC_ID ?? DEFAULTS.basic.id, secret: env.CLIENT_BASIC_SECRET ?? DEFAULTS.basic.secret },
      key: { id: env.CLIENT_KEY_ID ?? DEFAULTS.key.id },
    },
  });
  console.log(JSON.stringify({ app: app.origin, redirect_uris: app.redirectUris, post_logout_redirect_uri: app.postLogoutRedirectUri, jwks: app.clientKey.jwks }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
}
