// npm `oidc-provider` in itsme's place: private_key_jwt, PKCE, ID token and userinfo signed and then encrypted, `acr`, the claim with
// the national number, `iss` in the answer; and in that of FAS: a secret, ID token and userinfo signed alone, claims by scope and under
// names of its own. None of its bytes are Poort's.
import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import Provider, { interactionPolicy } from 'oidc-provider';
import '../loopback.mjs';

export const NUMBER = 'http://itsme.services/v2/claim/BENationalNumber';
export const ACR = { basic: 'http://itsme.services/v2/claim/acr_basic', advanced: 'http://itsme.services/v2/claim/acr_advanced' };

const signingKey = (kid) => ({ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid });

/// The app asks each time: no login is remembered.
function everyTime() {
  const { base, Check } = interactionPolicy;
  const policy = base();
  policy.get('login').checks.add(new Check('every_time', 'each login is confirmed', (ctx) => (ctx.oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT)));
  return policy;
}

/// What is different about the two.
const SHAPES = {
  itsme: {
    factor: 'itsme',
    client: {
      token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'RS256',
      id_token_encrypted_response_alg: 'RSA-OAEP-256', id_token_encrypted_response_enc: 'A128CBC-HS256',
      userinfo_encrypted_response_alg: 'RSA-OAEP-256', userinfo_encrypted_response_enc: 'A128CBC-HS256',
    },
    scopes: ['openid', 'profile', 'service:PROGEZONDHEID_LOGIN'],
    claims: { openid: ['sub'], profile: ['given_name', 'family_name'], acr: null, auth_time: null, [NUMBER]: null },
    named: [NUMBER, 'acr', 'auth_time', 'given_name', 'family_name'],
    levels: Object.values(ACR),
  },
  fas: {
    factor: 'fas',
    client: { token_endpoint_auth_method: 'client_secret_basic' },
    scopes: ['openid', 'profile', 'egovnrn'],
    claims: { openid: ['sub'], profile: ['givenName', 'surname'], egovnrn: ['egovNRN'], acr: null, auth_time: null },
    named: ['egovNRN', 'acr', 'auth_time', 'givenName', 'surname'],
    levels: [200, 400, 450, 500].map((level) => `urn:be:fedict:iam:fas:Level${level}`),
  },
};

export const createItsme = (options) => create(SHAPES.itsme, options);
/// `secret`: by which it knows the gateway.
export const createFas = (options) => create(SHAPES.fas, options);

async function create(shape, { port = 0, secret } = {}) {
  const server = http.createServer();
  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  const issuer = `http://idp.localhost:${server.address().port}`;
  const people = new Map();
  let provider, handle;

  /// `gateway`: the origin of the tenant's login host; `kid`: the name of a new signing key.
  const configure = (gateway, kid = 'first') => {
    provider = new Provider(issuer, {
      clients: [{
        client_id: 'progezondheid',
        client_secret: secret,
        redirect_uris: [`${gateway}/federated/${shape.factor}/callback`],
        jwks_uri: `${gateway}/federated/jwks`,
        ...shape.client,
        response_types: ['code'], grant_types: ['authorization_code'],
        id_token_signed_response_alg: 'RS256', userinfo_signed_response_alg: 'RS256',
      }],
      jwks: { keys: [signingKey(kid)] },
      pkce: { required: () => true },
      scopes: shape.scopes,
      claims: shape.claims,
      acrValues: shape.levels,
      enabledJWA: {
        idTokenEncryptionAlgValues: ['RSA-OAEP', 'RSA-OAEP-256'], idTokenEncryptionEncValues: ['A128CBC-HS256', 'A128GCM', 'A256GCM'],
        userinfoEncryptionAlgValues: ['RSA-OAEP', 'RSA-OAEP-256'], userinfoEncryptionEncValues: ['A128CBC-HS256', 'A128GCM', 'A256GCM'],
      },
      features: {
        claimsParameter: { enabled: true }, encryption: { enabled: true }, jwtUserinfo: { enabled: true }, devInteractions: { enabled: false },
      },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
      loadExistingGrant: async (ctx) => {
        const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
        grant.addOIDCScope(shape.scopes.join(' '));
        grant.addOIDCClaims(shape.named);
        await grant.save();
        return grant;
      },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}`, policy: everyTime() },
      // Its guard against addresses of one's own machine: the gateway is on it.
      fetch: (url, { dispatcher, ...options }) => fetch(url, options),
      cookies: { keys: ['stand-in'] },
      ttl: { AccessToken: 300, IdToken: 300, Session: 3_600, Interaction: 600, Grant: 3_600, AuthorizationCode: 60 },
    });
    handle = provider.callback();
  };

  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/interaction/')) return handle(request, response);
    const details = await provider.interactionDetails(request, response);
    if (request.method === 'GET') {
      const options = [...people].map(([sub]) => `<option value="${sub}">${sub}</option>`).join('');
      response.setHeader('content-type', 'text/html; charset=utf-8');
      return response.end(`<!doctype html><title>stand-in</title><p id="asked">${JSON.stringify(details.params).replaceAll('<', '&lt;')}</p>
        <form method="post" action="${request.url}"><select name="sub">${options}</select><input name="acr" value="${details.params.acr_values ?? ''}"><button>Go on</button></form>
        <form method="post" action="${request.url}"><input type="hidden" name="cancel" value="1"><button id="cancel">Cancel</button></form>`);
    }
    let body = '';
    for await (const chunk of request) body += chunk;
    const fields = new URLSearchParams(body);
    const result = fields.get('cancel') ? { error: 'access_denied', error_description: 'the person went back' }
      : { login: { accountId: fields.get('sub'), acr: fields.get('acr'), amr: ['mfa'] } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });

  return {
    issuer,
    people,
    configure,
    close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
  };
}
