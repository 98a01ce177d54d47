// The gateway as one process among others: started, waited for, stopped, and its log read as an auditor would.
import { spawn, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import '../peers/loopback.mjs';
import { DEMO } from './demo.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const BINARY = path.resolve(process.env.POORT_BIN ?? path.join(ROOT, process.env.CARGO_TARGET_DIR ?? 'target', 'debug/poort'));

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

export async function freePort() {
  const server = net.createServer();
  await new Promise((ready, failed) => server.once('error', failed).listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/// With POORT_DEMO_ON=postgresql each demo gets an empty PostgreSQL database of its own, from the server of `tests/run`.
async function database() {
  if (process.env.POORT_DEMO_ON !== 'postgresql') return [];
  const owner = new URL(process.env.POORT_TEST_POSTGRES_OWNER_URL ?? fail('POORT_TEST_POSTGRES_OWNER_URL is not set: use tests/run'));
  const app = new URL(process.env.POORT_TEST_POSTGRES_APP_URL ?? fail('POORT_TEST_POSTGRES_APP_URL is not set: use tests/run'));
  const name = `poort_demo_${process.pid}_${(databases += 1)}`;
  await promisify(execFile)('psql', [owner.href, '-q', '-c', `CREATE DATABASE ${name}`]);
  owner.pathname = app.pathname = `/${name}`;
  return ['--database', app.href, '--migrate-url', owner.href];
}
let databases = 0;

/// `poort demo`, ready to be used.
/// @param backends `{ dossier: 'http://127.0.0.1:9101' }`: registers that stand in for the demo's own
/// @param app      the sample application: `{ origin, jwksFile }`
export async function startDemo({ backends = {}, app, args = [], port } = {}) {
  port ??= await freePort();
  const people = await demoPeople();
  const gateway = await startGateway({
    port,
    origin: DEMO.origin('127.0.0.1', port),
    args: [...DEMO.arguments({ port, backends, app }), ...args, ...await database(), ...(process.env.POORT_DEMO_ARGS?.split(' ').filter(Boolean) ?? [])],
  });
  for (const person of people) {
    gateway.secret(`${person.name}'s password`, person.password);
    gateway.secret(`${person.name}'s TOTP secret`, person.totp_secret);
    gateway.secret(`${person.name}'s national number`, person.national_number);
  }
  return Object.assign(gateway, {
    people,
    person: (name) => people.find((person) => person.name === name) ?? fail(`the demo has no ${name}; it has ${people.map((person) => person.name).join(', ')}`),
    login: (tenant) => DEMO.origin(`${tenant}.localhost`, port),
    register: (register, tenant) => DEMO.origin(`${register}.${tenant}.localhost`, port),
    inbox: DEMO.inbox(port),
    telephone: DEMO.telephone(port),
  });
}

/// Any variant: `startGateway({ port, args: ['serve', '--config', file] })`. Ready when `/` on the loopback address answers HTTP.
export async function startGateway({ port, origin = `http://127.0.0.1:${port}`, args, env = {}, binary = BINARY, timeout = 20_000, readyPath = '/' }) {
  if (!existsSync(binary)) fail(`no gateway at ${binary}: run \`cargo build\`, or set POORT_BIN`);
  const child = spawn(binary, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const streams = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => { streams[name] += text; });
  let exit = null;
  const exited = new Promise((done) => child.once('close', (code, signal) => {
    running.delete(child);
    exit = { code, signal };
    done(exit);
  }).once('error', (error) => { exit = { code: null, signal: String(error) }; done(exit); }));

  const started = Date.now();
  for (;;) {
    if (exit) fail(`${path.basename(binary)} ${args.join(' ')} ended (${exit.code ?? exit.signal}) before it was ready:\n${streams.stdout}${streams.stderr}`);
    if (await fetch(origin + readyPath, { redirect: 'manual', signal: AbortSignal.timeout(1_000) }).then((response) => response.body?.cancel().then(() => true) ?? true, () => false)) break;
    if (Date.now() - started > timeout) {
      child.kill('SIGKILL');
      fail(`${path.basename(binary)} did not answer on ${origin} within ${timeout} ms:\n${streams.stdout}${streams.stderr}`);
    }
    await new Promise((next) => setTimeout(next, 25));
  }

  const secrets = new Map();
  const gateway = {
    origin,
    port,
    pid: child.pid,
    readyAfter: Date.now() - started,
    log: () => logLines(streams),
    /// From now on, this value may not stand in the log.
    secret: (label, value) => { if (value && String(value).length >= 6) secrets.set(String(value), label); },
    signal: (name) => child.kill(name),
    exited,
    /// Stops it, as an operator would, and reads its log: a panic, a national number or a secret in it fails the test.
    async stop() {
      const early = exit;
      if (!early) child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
      const end = await exited;
      clearTimeout(late);
      const faults = faultsIn(logLines(streams), secrets);
      if (early) faults.unshift(`ended by itself: ${early.code ?? early.signal}`);
      else if (end.signal === 'SIGKILL') faults.unshift('did not stop within 15 seconds of SIGTERM');
      else if (end.code !== 0 && end.signal !== 'SIGTERM') faults.unshift(`stopped with status ${end.code}`);
      if (faults.length > 0) fail(`the gateway's log:\n${faults.join('\n')}`);
    },
  };
  return gateway;
}

/// What is log: everything on standard error, and JSON lines on standard output. The demo's welcome, which names passwords on
/// purpose, is plain text on standard output.
function logLines({ stdout, stderr }) {
  return [...stdout.split('\n').filter((line) => line.startsWith('{')), ...stderr.split('\n')].filter(Boolean);
}

/// What may never stand in a log. `secrets`: value -> what it is.
export function faultsIn(lines, secrets = new Map()) {
  const faults = [];
  for (const line of lines) {
    if (/panicked at|fatal runtime error|stack backtrace:/.test(line)) faults.push(`a panic: ${line}`);
    if (/eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/.test(line)) faults.push('a signed token');
    if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(line)) faults.push('a private key');
    for (const [value, label] of secrets) {
      if (line.includes(value)) faults.push(`${label} in: ${line.replaceAll(value, '[…]').slice(0, 400)}`);
    }
    for (const [found] of line.matchAll(/\b\d{2}\.?\d{2}\.?\d{2}[- ]\d{3}\.\d{2}\b/g)) {
      if (isNationalRegisterNumber(found.replace(/\D/g, ''))) faults.push(`a national register number in: ${line.replaceAll(found, '[…]').slice(0, 400)}`);
    }
  }
  return [...new Set(faults)];
}

/// Belgian national register number: nine digits (a 2 before them for who was born from 2000), then 97 minus their remainder.
function isNationalRegisterNumber(digits) {
  const [number, check] = [Number(digits.slice(0, 9)), Number(digits.slice(9))];
  return 97 - (number % 97) === check || 97 - ((2_000_000_000 + number) % 97) === check;
}

let people;
/// The invented people, as `poort demo --people-json` prints them.
export function demoPeople() {
  people ??= promisify(execFile)(BINARY, ['demo', '--people-json'], { cwd: ROOT, maxBuffer: 16 << 20 }).then(
    ({ stdout }) => JSON.parse(stdout),
    (error) => { throw error.code === 'ENOENT' ? new Error(`no gateway at ${BINARY}: run \`cargo build\`, or set POORT_BIN`) : error; },
  );
  return people;
}

function fail(message) {
  throw new Error(message);
}
