// The Belgian identity card with other people's software (LOGIN-1): OpenSSL gives out the cards and is the responder that is asked about them
// (RFC 6960), Node's WebCrypto signs as the card and the Web eID extension would, Node's TLS shows the certificate in a handshake. Ours: the
// gateway, and the page that it serves.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const BINARY = process.env.POORT_BIN || path.join(ROOT, process.env.CARGO_TARGET_DIR || 'target', 'debug/poort');
const HOST = 'login.base.example';
const NUMBER = '85073003328';

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

describe('the gateway and identity cards', () => {
  let folder, gateway, responder, origin, cards, server, log = '';
  const file = (name) => path.join(folder, name);
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });

  /// A card of somebody, of the authority that the tenant believes.
  async function card(name, { number = NUMBER, policy = '2.16.56.12.1.1.2.2' } = {}) {
    const { port } = responder;
    writeFileSync(file(`${name}.cnf`), `[card]\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = clientAuth\ncertificatePolicies = ${policy}\n`
      + `authorityInfoAccess = OCSP;URI:http://127.0.0.1:${port}/\n`);
    openssl('req', '-new', '-utf8', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`,
      '-subj', `/C=BE/CN=Lotte Maes (Authentication)/SN=Maes/GN=Lotte Ann/serialNumber=${number}`, '-config', 'ca.cnf');
    openssl('ca', '-batch', '-config', 'ca.cnf', '-cert', 'citizen.pem', '-keyfile', 'citizen.key', '-in', `${name}.csr`, '-out', `${name}.pem`, '-days', '30',
      '-extfile', `${name}.cnf`, '-extensions', 'card', '-preserveDN', '-notext', '-rand_serial');
    await responder.again();
    return { cert: readFileSync(file(`${name}.pem`)), key: readFileSync(file(`${name}.key`)) };
  }

  const revoke = (name) => openssl('ca', '-config', 'ca.cnf', '-cert', 'citizen.pem', '-keyfile', 'citizen.key', '-revoke', `${name}.pem`);

  /// The token of Web eID, by WebCrypto.
  async function token({ cert, key }, challenge, at = origin) {
    const { subtle } = webcrypto;
    const hash = async (text) => Buffer.from(await subtle.digest('SHA-384', Buffer.from(text)));
    const pkcs8 = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
    const own = await subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-384' }, false, ['sign']);
    const signed = Buffer.concat([await hash(at), await hash(challenge)]);
    const signature = Buffer.from(await subtle.sign({ name: 'ECDSA', hash: 'SHA-384' }, own, signed));
    return JSON.stringify({
      unverifiedCertificate: new X509Certificate(cert).raw.toString('base64'),
      algorithm: 'ES384',
      signature: signature.toString('base64'),
      format: 'web-eid:1.1',
      appVersion: 'https://web-eid.eu/web-eid-app/releases/2.7.0+965',
    });
  }

  /// A browser: cookies, and what it shows in a handshake.
  function browser(shown) {
    const jar = new Map();
    const ask = (url, { method = 'GET', form } = {}) => new Promise((resolve, reject) => {
      const lookup = (_, options, done) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4));
      const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
      if (form) Object.assign(headers, { origin, 'content-type': 'application/x-www-form-urlencoded' });
      const asksForOne = new URL(url).port === String(cards);
      const request = https.request(url, { ca: server, lookup, method, headers, agent: false, ...(asksForOne ? shown : {}) }, (response) => {
        for (const cookie of response.headers['set-cookie'] ?? []) {
          const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
          if (value) jar.set(name, value); else jar.delete(name);
        }
        let text = '';
        response.setEncoding('utf8').on('data', (piece) => { text += piece; });
        response.on('end', () => resolve({ url, status: response.statusCode, location: response.headers.location && new URL(response.headers.location, url).href, text }));
      });
      request.on('error', reject);
      request.end(form ? new URLSearchParams(form).toString() : undefined);
    });
    /// The page of keys, where somebody is who is not logged in, without what is said there besides.
    const keys = async () => {
      const { origin: at, pathname } = new URL((await go(`${origin}/`)).url);
      return `${at}${pathname}`;
    };
    const go = async (url, options) => {
      let page = await ask(url, options);
      while (page.location) page = await ask(page.location);
      return page;
    };
    return { ask, go, keys, isIn: () => [...jar.keys()].some((name) => name.includes('session')), jar };
  }

  const field = (page, name) => page.text.match(new RegExp(`name="${name}" value="([^"]*)"`))[1];

  /// Chooses the card on the page of keys, and what its page asks.
  async function asked(someone) {
    const page = await someone.go(`${await someone.keys()}/with/eid`);
    return { page, challenge: page.text.match(/data-card="([^"]*)"/)[1], fields: { csrf: field(page, 'csrf'), state: field(page, 'state') } };
  }

  const give = (someone, { fields }, made) => someone.go(`${origin}/federated/eid/callback`, { method: 'POST', form: { ...fields, token: made } });

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'poort-cards-'));
    const [port, management, ocsp] = [await freePort(), await freePort(), await freePort()];
    cards = await freePort();
    origin = `https://${HOST}:${port}`;
    writeFileSync(file('ca.cnf'), `[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\nserial = serial\nnew_certs_dir = .\ndefault_md = sha384\npolicy = any\nunique_subject = no
[any]\ncountryName = optional\ncommonName = optional\nsurname = optional\ngivenName = optional\nserialNumber = optional\n[req]\ndistinguished_name = none\n[none]
[issuing]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\n[server]\nsubjectAltName = DNS:${HOST}\n`);
    writeFileSync(file('index.txt'), '');
    const own = (name, subject, extensions) => openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-nodes', '-keyout', `${name}.key`,
      '-out', `${name}.pem`, '-subj', subject, '-days', '3', '-config', 'ca.cnf', '-extensions', extensions);
    own('citizen', '/C=BE/CN=A Citizen CA', 'issuing');
    own('server', `/CN=${HOST}`, 'server');
    server = readFileSync(file('server.pem'));
    responder = { port: ocsp };
    // It reads its database when it begins: after each change there is a new one. A connection without a question holds up all others.
    responder.start = () => new Promise((ready, failed) => {
      responder.process = spawn('openssl', ['ocsp', '-index', 'index.txt', '-port', String(ocsp), '-CA', 'citizen.pem', '-rsigner', 'citizen.pem', '-rkey', 'citizen.key', '-nmin', '5'],
        { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [responder.process.stdout, responder.process.stderr]) stream.on('data', (said) => { if (String(said).includes('waiting')) ready(); });
      responder.process.once('exit', () => failed(new Error('openssl ocsp ended')));
    });
    responder.stop = () => new Promise((done) => { responder.process.once('exit', done); responder.process.kill(); });
    responder.again = async () => {
      await responder.stop();
      await responder.start();
    };
    await responder.start();
    mkdirSync(file('tenants'));
    writeFileSync(file('tenants/base.toml'), `${readFileSync(path.join(ROOT, 'tests/config/valid/tenants/base.toml'), 'utf8')}
[[means]]\nid = "eid"\nfactors = ["eid"]\nassurance = "high"
[[means]]\nid = "eid-certificate"\nfactors = ["eid_certificate"]\nassurance = "high"
[eid]\nauthorities_file = "../citizen.pem"\nresponders = ["http://127.0.0.1:${ocsp}"]\nunknown_people = "admitted"\n`);
    execFileSync(BINARY, ['new-master-key', file('master.key')]);
    const files = 'certificate_file = "server.pem"\nkey_file = "server.key"';
    writeFileSync(file('gateway.toml'), `[server]\nlisten = "127.0.0.1:${port}"\nmanagement_listen = "127.0.0.1:${management}"\npublic_port = ${port}
[server.tls]\n${files}\n[server.cards]\nlisten = "127.0.0.1:${cards}"\n${files}\n`);
    gateway = spawn(BINARY, ['serve', '--config', file('gateway.toml')], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [gateway.stdout, gateway.stderr]) stream.on('data', (piece) => { log += piece; });
    for (let tries = 0; !log.includes('"ready"'); tries += 1) {
      assert.ok(tries < 400 && gateway.exitCode === null, log);
      await new Promise((next) => setTimeout(next, 50));
    }
  });

  after(() => {
    gateway?.kill();
    responder?.process?.kill();
    rmSync(folder, { recursive: true, force: true });
    assert.ok(!log.includes(NUMBER), 'a national number stands in no log');
  });

  test('LOGIN_1 a token that WebCrypto signed logs in, and only for this site and this question', async () => {
    const lotte = await card('lotte');
    const someone = browser();
    const question = await asked(someone);
    for (const [made, what] of [
      [await token(lotte, question.challenge, `${origin}/`), 'the origin with a slash'],
      [await token(lotte, 'iMeEwP2cgUINY2XoO/lqEpOUn7z/ysHRqGXkGKC4VXE='), 'another challenge'],
    ]) {
      const other = browser();
      const page = await give(other, await asked(other), made);
      assert.equal(page.status, 502, what);
      assert.ok(!other.isIn(), what);
    }
    const page = await give(someone, question, await token(lotte, question.challenge));
    assert.ok(someone.isIn(), `${page.status} ${page.text}`);
    assert.match((await someone.go(`${origin}/`)).text, /Lotte Ann Maes/);
  });

  test('LOGIN_1 the certificate of a handshake logs in where it is asked for, in the browser that was led there', async () => {
    const lotte = await card('lotte-again');
    const someone = browser(lotte);
    const led = await someone.ask(`${await someone.keys()}/with/eid-certificate`);
    assert.equal(new URL(led.location).port, String(cards), led.location);
    // Somebody else is led there by the first one's address, and shows their card: it is not the first one's login.
    const other = browser(lotte);
    await other.go(`${origin}/`);
    const elsewhere = await other.go(led.location);
    assert.ok(!other.isIn() && elsewhere.url.startsWith(origin), elsewhere.url);
    const late = await someone.ask(led.location);
    assert.ok(!late.location.includes('ticket='), 'an answer came already: one begins anew');
    const anew = await someone.ask(`${await someone.keys()}/with/eid-certificate`);
    const back = await someone.ask(anew.location);
    assert.match(back.location, /\/federated\/eid_certificate\/callback\?state=/);
    const page = await someone.go(back.location);
    assert.ok(someone.isIn(), `${page.status} ${page.text}`);
    assert.match((await someone.go(`${origin}/`)).text, /Lotte Ann Maes/, 'the same person as by Web eID');
    // There is nothing else at that listener; and a card shown where nobody asks is not seen.
    for (const at of ['/', '/login/x', '/.well-known/openid-configuration']) assert.equal((await other.ask(`https://${HOST}:${cards}${at}`)).status, 404, at);
    const without = browser();
    const nothing = await without.go((await without.ask(`${await without.keys()}/with/eid-certificate`)).location);
    assert.equal(nothing.status, 502);
    assert.ok(!without.isIn());
  });

  test('LOGIN_1 a signing certificate, and one that OpenSSL has revoked, log nobody in; either way', async () => {
    const [signing, lost] = [await card('signing', { policy: '2.16.56.12.1.1.2.1' }), await card('lost')];
    revoke('lost');
    await responder.again();
    for (const [shown, status] of [[signing, 502], [lost, 403]]) {
      const someone = browser(shown);
      const question = await asked(someone);
      assert.equal((await give(someone, question, await token(shown, question.challenge))).status, status);
      assert.equal((await someone.go(`${await someone.keys()}/with/eid-certificate`)).status, status);
      assert.ok(!someone.isIn());
    }
  });

  test('LOGIN_1 while nobody answers whether a card was revoked nobody logs in with one', async () => {
    const lotte = await card('lotte-later');
    await responder.stop();
    const someone = browser();
    const question = await asked(someone);
    assert.equal((await give(someone, question, await token(lotte, question.challenge))).status, 503);
    await responder.start();
    const again = await asked(someone);
    await give(someone, again, await token(lotte, again.challenge));
    assert.ok(someone.isIn());
  });
});
