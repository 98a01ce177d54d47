// The app of a register on a phone, made of npm openid-client, which speaks RFC 8628 and RFC 9449 by itself. As a program it is paired with
// the running demo:
//
//   node tests/peers/client/phone.mjs skj CODE        the code stands on the page ‘pair a device’, below ‘can you not scan it?’
import { setTimeout as wait } from 'node:timers/promises';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import * as oauth from 'openid-client';
import '../loopback.mjs';

/// A phone with a key of its own at an issuer.
export async function phone(issuer, client, name) {
  const execute = issuer.startsWith('http:') ? [oauth.allowInsecureRequests] : [];
  const config = await oauth.discovery(new URL(issuer), client, undefined, oauth.None(), { execute });
  const keys = await oauth.randomDPoPKeyPair('ES256', { extractable: true });
  const thumbprint = await calculateJwkThumbprint(await exportJWK(keys.publicKey));
  const proof = { DPoP: oauth.getDPoPHandle(config, keys) };
  return {
    thumbprint,
    /// Reads a code: what to show, and with what to wait.
    scan: (code) => oauth.initiateDeviceAuthorization(config, { pairing_code: code, dpop_jkt: thumbprint, device_name: name }),
    /// Waits until the number was typed.
    wait: (waits) => oauth.pollDeviceAuthorizationGrant(config, waits, undefined, proof),
    refresh: (tokens) => oauth.refreshTokenGrant(config, tokens.refresh_token, undefined, proof),
    userinfo: (tokens) => oauth.fetchUserInfo(config, tokens.access_token, oauth.skipSubjectCheck, proof),
    /// Asks a register: the status and the text.
    ask: async (tokens, url, { method = 'GET', form } = {}) => {
      const headers = new Headers(form && { 'content-type': 'application/x-www-form-urlencoded' });
      const asked = oauth.fetchProtectedResource(config, tokens.access_token, new URL(url), method, form && new URLSearchParams(form).toString(), headers, proof);
      const answer = await asked.catch((error) => error.response ?? Promise.reject(error));
      return { status: answer.status, text: await answer.text() };
    },
  };
}

const DEMO = { skj: ['skj-app', 'kamer'], registerplein: ['pe-online-app', 'registratie'] };

if (process.argv[1] === import.meta.filename) {
  const [tenant, code] = process.argv.slice(2);
  if (!DEMO[tenant] || !code) throw new Error(`phone.mjs TENANT CODE, where TENANT is one of ${Object.keys(DEMO).join(', ')}`);
  const [client, register] = DEMO[tenant];
  const app = await phone(`http://${tenant}.localhost:8080`, client, 'A phone in a terminal');
  const waits = await app.scan(code);
  console.log(`Type this number on the page: ${waits.user_code}`);
  const tokens = await app.wait(waits);
  console.log(`Paired. It asks the register every five seconds who it acts for, until you unpair it.`);
  for (;;) {
    const { status } = await app.ask(tokens, `http://${register}.${tenant}.localhost:8080/me`);
    console.log(new Date().toISOString(), status === 200 ? 'it is let in' : `it is out: ${status}`);
    if (status !== 200) break;
    await wait(5000);
  }
}
