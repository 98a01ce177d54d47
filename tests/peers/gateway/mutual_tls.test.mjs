// RFC 8705 with an OAuth client of other people (npm openid-client): it proves who it is by a certificate of OpenSSL's in the
// handshake of Node's TLS, at the endpoints that the discovery document names for that, and its tokens are bound to it. Foreign:
// openid-client, oauth4webapi, Node, OpenSSL. Ours: the gateway.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const BINARY = process.env.POORT_BIN || path.join(ROOT, process.env.CARGO_TARGET_DIR || 'target', 'debug/poort');
const HOST = 'login.base.example';
const API = 'https://api.example';

const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

describe('the gateway and programs that show a certificate', () => {
  let folder, process_, issuer, server, log = '';
  const file = (name) => path.join(folder, name);

  /// A certificate, of `authority` or of itself.
  function certificate(name, authority, extensions) {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file(`${name}.key`), '-subj', `/CN=${name}`];
    if (!authority) {
      openssl('req', '-x509', ...key, '-days', '3', '-out', file(`${name}.pem`), ...extensions.flatMap((one) => ['-addext', one]));
    } else {
      writeFileSync(file('extensions'), `${extensions.join('\n')}\n`);
      openssl('req', ...key, '-out', file(`${name}.csr`));
      openssl('x509', '-req', '-in', file(`${name}.csr`), '-CA', file(`${authority}.pem`), '-CAkey', file(`${authority}.key`), '-CAcreateserial', '-days', '3',
        '-extfile', file('extensions'), '-out', file(`${name}.pem`));
    }
    return { cert: readFileSync(file(`${name}.pem`)), key: readFileSync(file(`${name}.key`)) };
  }

  /// Node's TLS with this certificate, to this machine whatever the host is called.
  const fetchWith = (shown) => (url, { method, headers, body } = {}) => new Promise((resolve, reject) => {
    const lookup = (_, options, done) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4));
    const options = { ...shown, ca: server, lookup, method, headers: Object.fromEntries(new Headers(headers)), agent: false };
    const request = https.request(url, options, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => resolve(new Response(pieces.length ? Buffer.concat(pieces) : null, { status: response.statusCode, headers: response.headers })));
    });
    request.on('error', reject);
    request.end(body ? String(body) : undefined);
  });

  const as = (id, shown, authentication = oidc.TlsClientAuth()) =>
    oidc.discovery(new URL(issuer), id, { use_mtls_endpoint_aliases: true }, authentication, { [oidc.customFetch]: fetchWith(shown) });

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'poort-mutual-'));
    const [port, asking, management] = [await freePort(), await freePort(), await freePort()];
    issuer = `https://${HOST}:${port}`;
    server = certificate('server', null, [`subjectAltName=DNS:${HOST}`]).cert;
    certificate('lab', null, ['basicConstraints=critical,CA:TRUE']);
    mkdirSync(file('tenants'));
    copyFileSync(file('lab.pem'), file('tenants/lab.pem'));
    const machine = `machine = { scopes = ["api:read"], audiences = ["${API}"] }\nname = { nl = "x", en = "x" }\n`;
    writeFileSync(file('tenants/base.toml'), `${readFileSync(path.join(ROOT, 'tests/config/valid/tenants/base.toml'), 'utf8')}
[clients.feed]
certificate = { dns = "feed.lab.example", authorities_file = "lab.pem" }
certificate_bound_tokens = true
introspects = ["${API}"]
${machine}
[clients.alone]
certificate = { sha256 = ["${thumbprint(certificate('alone', null, []).cert)}"] }
${machine}`);
    execFileSync(BINARY, ['new-master-key', file('master.key')]);
    const files = 'certificate_file = "server.pem"\nkey_file = "server.key"';
    writeFileSync(file('gateway.toml'), `[server]\nlisten = "127.0.0.1:${port}"\nmanagement_listen = "127.0.0.1:${management}"\npublic_port = ${port}
[server.tls]\n${files}\n[server.mutual_tls]\nlisten = "127.0.0.1:${asking}"\n${files}\n`);
    process_ = spawn(BINARY, ['serve', '--config', file('gateway.toml')], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [process_.stdout, process_.stderr]) stream.on('data', (piece) => { log += piece; });
    for (let tries = 0; !log.includes('"ready"'); tries += 1) {
      assert.ok(tries < 400 && process_.exitCode === null, log);
      await new Promise((next) => setTimeout(next, 50));
    }
  });
  after(async () => {
    if (process_?.exitCode === null) {
      process_.kill();
      await new Promise((ended) => process_.once('exit', ended));
    }
    if (folder) rmSync(folder, { recursive: true });
    assert.ok(!log.includes('panicked at'), log);
  });

  const thumbprint = (pem) => createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');

  test('OIDC_1 tls_client_auth: a certificate of the client\'s authority, and tokens bound to it', async () => {
    const shown = certificate('feed', 'lab', ['subjectAltName=DNS:feed.lab.example', 'extendedKeyUsage=clientAuth']);
    const feed = await as('feed', shown);
    const said = feed.serverMetadata();
    assert.equal(said.tls_client_certificate_bound_access_tokens, true);
    assert.notEqual(new URL(said.mtls_endpoint_aliases.token_endpoint).port, new URL(said.token_endpoint).port);
    for (const method of ['tls_client_auth', 'self_signed_tls_client_auth']) assert.ok(said.token_endpoint_auth_methods_supported.includes(method));
    const tokens = await oidc.clientCredentialsGrant(feed, { scope: 'api:read' });
    assert.equal(decodeJwt(tokens.access_token).cnf['x5t#S256'], thumbprint(shown.cert));
    const worth = await oidc.tokenIntrospection(feed, tokens.access_token);
    assert.deepEqual([worth.active, worth.cnf], [true, { 'x5t#S256': thumbprint(shown.cert) }]);
    await oidc.tokenRevocation(feed, tokens.access_token);
    assert.equal((await oidc.tokenIntrospection(feed, tokens.access_token)).active, false);
  });

  test('OIDC_1 self_signed_tls_client_auth: the one certificate that is registered', async () => {
    const shown = { cert: readFileSync(file('alone.pem')), key: readFileSync(file('alone.key')) };
    const alone = await as('alone', shown);
    const tokens = await oidc.clientCredentialsGrant(alone, {});
    assert.equal(decodeJwt(tokens.access_token).cnf, undefined, 'it did not ask for bound tokens');
    const other = certificate('alone-too', null, []);
    await assert.rejects(as('alone', other).then((config) => oidc.clientCredentialsGrant(config, {})), { status: 401 });
  });

  test('OIDC_1 another certificate, another client and none at all are refused', async () => {
    certificate('other', null, ['basicConstraints=critical,CA:TRUE']);
    const forged = certificate('forged', 'other', ['subjectAltName=DNS:feed.lab.example']);
    const second = certificate('second', 'lab', ['subjectAltName=DNS:second.lab.example']);
    for (const shown of [forged, second]) {
      await assert.rejects(as('feed', shown).then((config) => oidc.clientCredentialsGrant(config, {})), { status: 401 });
    }
    // Discovery is on the listener that asks for nothing; the token endpoint's alias is not.
    await assert.rejects(as('feed', {}).then((config) => oidc.clientCredentialsGrant(config, {})));
  });
});
