// PAIR-1, PAIR-2: a person shows a QR code at the PC, a phone reads it off the screen, and the person types the number that the phone
// shows. The screen is read by other people's software (npm zxing-wasm), from a picture of it. With and without JavaScript, on a phone and
// on a desktop, in the tenant's languages.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import '../../peers/loopback.mjs';
import { DEMO, ON, chooseProfile, inspectAsItIs, loginAs, speak, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

const TENANT = 'skj';
prepareZXingModule({ overrides: { wasmBinary: readFileSync(new URL('../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url)).buffer } });

/// A phone with a key of its own, as small as it can be (RFC 8628, RFC 9449).
function phone(issuer) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const dpop_jkt = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  const post = async (path, parameters) => {
    const url = `${issuer}${path}`;
    const claims = { jti: crypto.randomUUID(), htm: 'POST', htu: url, iat: Math.floor(Date.now() / 1000) };
    const message = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk: { crv, kty, x, y } })}.${part(claims)}`;
    const dpop = `${message}.${sign('sha256', Buffer.from(message), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    const answer = await fetch(url, { method: 'POST', headers: { dpop }, body: new URLSearchParams({ client_id: 'skj-app', ...parameters }) });
    return answer.json();
  };
  return {
    scan: (pairing_code) => post('/device_authorization', { pairing_code, dpop_jkt, device_name: 'Noors telefoon' }),
    poll: (device_code) => post('/token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code }),
  };
}

describe('pairing', () => {
  const it = setting();
  const login = () => it.gateway.login(TENANT);
  const enter = async (page, name, as) => {
    await page.goto(`${login()}/devices`);
    await loginAs(page, it.gateway, it.gateway.people.find((one) => one.name === name));
    if ((await page.locator(ON.as).count()) > 0) await chooseProfile(page, { as });
    assert.equal(new URL(page.url()).pathname, '/devices');
  };
  /// What a camera reads off the screen.
  const seen = async (page) => {
    const picture = await page.locator('svg.poort-qr').screenshot();
    const [code] = await readBarcodes(picture, { formats: ['QRCode'] });
    assert.ok(code?.isValid, 'no QR code can be read off the screen');
    const { origin, pathname, hash } = new URL(code.text);
    assert.deepEqual([origin, pathname], [login(), '/devices']);
    const secret = hash.slice('#skj-app.'.length);
    it.gateway.secret('a pairing code', secret);
    return secret;
  };

  for (const [width, javaScript] of [[320, false], [1280, true]]) {
    test(`PAIR_1 a phone reads the code, its number is typed, it is listed and unpaired (${width} pixels, ${javaScript ? 'with' : 'without'} JavaScript)`, { timeout: 240_000 }, () => it.as({ width, javaScript }, async (page) => {
      await enter(page, 'Noor Wiersma', /jeugd/i);
      await submit(page, ON.devices.pair);
      const app = phone(login());
      const waits = await app.scan(await seen(page));
      assert.equal((await app.poll(waits.device_code)).error, 'authorization_pending');
      await page.locator(ON.devices.number).fill(waits.user_code === '000000' ? '000001' : '000000');
      await submit(page, ON.devices.number);
      assert.ok((await page.locator(ON.problem).count()) > 0, 'a wrong number is not said to be one');
      await page.locator(ON.devices.number).fill(waits.user_code);
      await submit(page, ON.devices.number);
      assert.equal((await app.poll(waits.device_code)).token_type, 'DPoP');
      const unpair = ON.devices.unpair('Noors telefoon');
      assert.equal(await page.locator(unpair).count(), 1);
      await submit(page, unpair);
      assert.equal(await page.locator(unpair).count(), 0);
    }));
  }

  test('PAIR_2 a behavioural scientist is told that there is no app, and finds no button', { timeout: 240_000 }, () => it.as({}, async (page) => {
    await enter(page, 'Tarik Aksoy', /pedagoog/i);
    assert.equal(await page.locator(ON.devices.pair).count(), 0);
    await page.goto(login());
    assert.equal(await page.locator('main a[href="/devices"]').count(), 0);
  }));

  test('PAIR_1 the pages, in both languages and two widths', { timeout: 300_000 }, () => it.as({ language: null }, async (page) => {
    await speak(page, 'nl');
    await enter(page, 'Noor Wiersma', /jeugd/i);
    for (const language of DEMO.tenants[TENANT].languages) {
      await speak(page, language);
      await page.goto(`${login()}/devices`);
      await inspectAsItIs(page, { language, name: 'devices' });
      await submit(page, ON.devices.pair);
      await inspectAsItIs(page, { language, name: 'devices-offer' });
      const app = phone(login());
      const waits = await app.scan(await seen(page));
      await submit(page, ON.devices.number);
      await inspectAsItIs(page, { language, name: 'devices-missing' });
      await page.locator(ON.devices.number).fill(waits.user_code);
      await submit(page, ON.devices.number);
      await inspectAsItIs(page, { language, name: 'devices-paired' });
    }
  }));
});
