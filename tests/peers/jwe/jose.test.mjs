// The gateway's encryption against npm `jose`, both ways. Foreign: every byte that jose makes or reads.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CompactEncrypt, compactDecrypt, exportJWK, exportPKCS8, generateKeyPair } from 'jose';

const BINARY = fileURLToPath(new URL(path.join('../../../', process.env.CARGO_TARGET_DIR ?? 'target', 'debug/examples/jwe'), import.meta.url));
const ALGS = ['RSA-OAEP', 'RSA-OAEP-256'];
const ENCS = ['A128CBC-HS256', 'A128GCM', 'A256GCM'];
const CONTENTS = ['', 'x', 'exactly sixteen!', 'é '.repeat(3_000)];

describe('encrypted tokens and npm jose', () => {
  let child, lines;
  before(() => {
    child = spawn(BINARY, { stdio: ['pipe', 'pipe', 'inherit'] });
    lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  });
  after(() => child.stdin.end());
  async function ours(request) {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return JSON.parse((await lines.next()).value);
  }

  for (const alg of ALGS) {
    for (const enc of ENCS) {
      test(`${alg} with ${enc}: what one encrypts the other reads, and no more after a change`, async () => {
        const { publicKey, privateKey } = await generateKeyPair(alg, { modulusLength: 2048, extractable: true });
        const jwk = await exportJWK(publicKey);
        const pkcs8 = (await exportPKCS8(privateKey)).replace(/-----[^-]+-----|\s/g, '');
        for (const content of CONTENTS) {
          const theirs = await new CompactEncrypt(new TextEncoder().encode(content)).setProtectedHeader({ alg, enc, cty: 'JWT' }).encrypt(publicKey);
          assert.deepEqual(await ours({ open: theirs, pkcs8 }), { content, cty: 'JWT' });
          const { token } = await ours({ seal: content, jwk, alg, enc });
          const { plaintext, protectedHeader } = await compactDecrypt(token, privateKey);
          assert.equal(new TextDecoder().decode(plaintext), content);
          assert.deepEqual(protectedHeader, { alg, enc, cty: 'JWT' });
          const changed = theirs.replace(/\.([^.])([^.]*)$/, (_, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`);
          assert.ok((await ours({ open: changed, pkcs8 })).error);
        }
      });
    }
  }

  test('what jose can and the gateway does not take', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RSA-OAEP-512', { modulusLength: 2048, extractable: true });
    const pkcs8 = (await exportPKCS8(privateKey)).replace(/-----[^-]+-----|\s/g, '');
    const token = await new CompactEncrypt(new Uint8Array([1])).setProtectedHeader({ alg: 'RSA-OAEP-512', enc: 'A256GCM' }).encrypt(publicKey);
    assert.match((await ours({ open: token, pkcs8 })).error, /not accepted/);
  });
});
