// The whole trust of this register in its gateway: the issuer's published keys and the rules below. It shares no code with
// Poort; signatures and claims are checked by npm `jose`.
import { createRemoteJWKSet, customFetch, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import '../../loopback.mjs';

const CLOCK_TOLERANCE_SECONDS = 5;

export class Refused extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/// @param issuer   exact `iss`: the origin of the tenant's login host
/// @param audience exact `aud`: this register and no other
/// @param jwksUrl  where the issuer's keys are; kept, and asked again only when a token names an unknown key
export function createVerifier({ issuer, audience, jwksUrl = `${issuer}/jwks`, cooldownDuration = 5_000, fetch = globalThis.fetch }) {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cooldownDuration,
    cacheMaxAge: 600_000,
    timeoutDuration: 3_000,
    [customFetch]: fetch,
  });

  return async function verify(authorization) {
    if (!authorization) throw new Refused('no_token');
    const [scheme, token, ...rest] = authorization.split(' ');
    if (scheme.toLowerCase() !== 'bearer' || !token || rest.length > 0) throw new Refused('not_a_bearer_token');

    let header;
    try {
      header = decodeProtectedHeader(token);
    } catch {
      throw new Refused('malformed');
    }
    // An access token (`at+jwt`) and an id token (`JWT`) of the same issuer are signed by the same keys: only `typ` tells them apart.
    if (header.typ !== 'poort-backend+jwt') throw new Refused('wrong_typ');
    if (header.alg !== 'ES256') throw new Refused('wrong_alg');

    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ['ES256'],
        typ: 'poort-backend+jwt',
        requiredClaims: ['iat', 'nbf', 'exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      // RFC 7519 allows a list; a token that is good at two registers could be replayed by one at the other.
      if (payload.aud !== audience) throw new Refused('wrong_aud');
      return payload;
    } catch (error) {
      throw error instanceof Refused ? error : new Refused(reasonOf(error));
    }
  };
}

function reasonOf(error) {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf' && error.reason === 'check_failed') return 'not_yet_valid';
    return error.reason === 'missing' ? `missing_${error.claim}` : `wrong_${error.claim}`;
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'unknown_key';
  if (error instanceof errors.JWKSTimeout || error instanceof TypeError || error instanceof errors.JWKSInvalid) return 'keys_unavailable';
  if (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') return 'keys_unavailable';
  return 'malformed';
}
