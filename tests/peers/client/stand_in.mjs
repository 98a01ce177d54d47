// npm `oidc-provider` in the gateway's place: proves that a red test against the gateway is not the client's own fault.
import http from 'node:http';
import Provider from 'oidc-provider';
import '../loopback.mjs';

export async function createStandIn(app, clients) {
  const server = http.createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const issuer = `http://stand-in.localhost:${server.address().port}`;
  const shared = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], post_logout_redirect_uris: [app.postLogoutRedirectUri] };
  const provider = new Provider(issuer, {
    clients: [
      { client_id: clients.basic.id, client_secret: clients.basic.secret, redirect_uris: [app.redirectUris.basic], token_endpoint_auth_method: 'client_secret_basic', ...shared },
      { client_id: clients.key.id, redirect_uris: [app.redirectUris.key], token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks: app.clientKey.jwks, ...shared },
    ],
    pkce: { required: () => true },
    scopes: ['openid', 'offline_access', 'profile'],
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Els Peeters' }) }),
    cookies: { keys: ['stand-in'] },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    ttl: { AccessToken: 300, IdToken: 300, RefreshToken: 3_600, Session: 3_600, Interaction: 600, Grant: 3_600 },
  });
  server.on('request', provider.callback());
  return { issuer, close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}
