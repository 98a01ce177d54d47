// npm `oidc-provider` with one client and codes that were given already: prints its port, then a code a line.
// Everything is in one Map without a bound: its own store in memory forgets beyond a thousand entries.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import http from 'node:http';
import { pathToFileURL } from 'node:url';

const installed = createRequire(new URL('../../tests/peers/package.json', import.meta.url));
const { default: Provider } = await import(pathToFileURL(installed.resolve('oidc-provider')));
const { exportJWK, generateKeyPair } = await import(pathToFileURL(installed.resolve('jose')));

const [clientId, secret, redirectUri, verifier, issuer, codes] = process.argv.slice(2);
const audience = 'https://api.bench.example';
const scope = 'openid profile offline_access';
const { privateKey } = await generateKeyPair('ES256', { extractable: true });

const kept = new Map();
class InMemory {
  constructor(model) { this.model = model; }
  key(id) { return `${this.model}:${id}`; }
  async upsert(id, payload) { kept.set(this.key(id), payload); }
  async find(id) { return kept.get(this.key(id)); }
  async findByUid(uid) { return kept.get(this.key(uid)); }
  async consume(id) { kept.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { kept.delete(this.key(id)); }
  async revokeByGrantId() {}
}

const provider = new Provider(issuer, {
  adapter: InMemory,
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'bench' }] },
  clients: [{
    client_id: clientId, client_secret: secret, redirect_uris: [redirectUri], response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256', scope,
  }],
  pkce: { required: () => true },
  scopes: ['openid', 'profile', 'offline_access'],
  claims: { openid: ['sub'], profile: ['name'] },
  conformIdTokenClaims: false,
  rotateRefreshToken: true,
  issueRefreshToken: () => true,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Els Peeters' }) }),
  cookies: { keys: ['bench'] },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'read', audience, accessTokenTTL: 300, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
    },
  },
  ttl: { AccessToken: 300, AuthorizationCode: 3_600, IdToken: 300, RefreshToken: 3_600, Grant: 3_600 },
});

const client = await provider.Client.find(clientId);
const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
const given = [];
for (let left = Number(codes); left > 0; left -= 1) {
  const grant = new provider.Grant({ accountId: 'els', clientId });
  grant.addOIDCScope(scope);
  grant.addResourceScope(audience, 'read');
  const grantId = await grant.save();
  const code = new provider.AuthorizationCode({
    accountId: 'els', authTime: Math.floor(Date.now() / 1000), client, codeChallenge, codeChallengeMethod: 'S256', claims: {},
    grantId, gty: 'authorization_code', nonce: 'nonce', redirectUri, resource: audience, scope,
  });
  given.push(await code.save());
}

const server = http.createServer(provider.callback());
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n${given.join('\n')}\n`));
