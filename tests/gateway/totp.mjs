// An authenticator app (RFC 6238: HMAC-SHA-1, 30 seconds, six digits), written from the RFC and not from the gateway.
import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function fromBase32(text) {
  let bits = '';
  for (const character of text.toUpperCase().replace(/[\s=-]/g, '')) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw new Error('not base32');
    bits += value.toString(2).padStart(5, '0');
  }
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

export function totp(key, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', key).update(counter).digest();
  const offset = hash.at(-1) & 0xf;
  return String((hash.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

const lastStep = new Map();

/// The code a person types now. A step counts once (RFC 6238 section 5.2), so a second code within 30 seconds is the one of
/// the next step, which a phone whose clock is a little ahead would show; a third waits.
export async function nextCode(secret) {
  const now = () => Math.floor(Date.now() / 30_000);
  let step = Math.max(now(), (lastStep.get(secret) ?? 0) + 1);
  while (step > now() + 1) {
    await wait(500);
    step = Math.max(step, now());
  }
  lastStep.set(secret, step);
  return totp(fromBase32(secret), step);
}
