// SOCKETS (9,500) idle WebSockets of SESSIONS (500) sessions through the proxy: what each costs in memory, what a login takes beside
// them, and what happens to them when something changes in their tenant, so that all of them must be asked about again.
//
//   tests/run crowds                      SOCKETS=500 SESSIONS=50 tests/run crowds
//
// Foreign: npm `ws` behind the gateway. Ours: the demo, the clients' handshake. Needs two descriptors a socket: `ulimit -n 20000`.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DEMO } from '../../tests/gateway/demo.mjs';
import { startDemo } from '../../tests/gateway/process.mjs';
import { ON } from '../../tests/gateway/selectors.mjs';
import { asPhysician, chooseProfile, logIn } from '../../tests/peers/gateway/login.mjs';
import { Robot } from '../../tests/peers/robot.mjs';
import { address, median, memory, timed, worst } from './crowd.mjs';

if (process.argv[2] === 'register') {
  const { WebSocketServer } = createRequire(new URL('../../tests/peers/package.json', import.meta.url))('ws');
  const server = http.createServer((_, response) => response.end('a file'));
  new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
} else {
  const SOCKETS = Number(process.env.SOCKETS ?? 9_500);
  const SESSIONS = Number(process.env.SESSIONS ?? 500);
  const quiet = { secret() {} };
  let gateway, register;
  before(async () => {
    register = fork(fileURLToPath(import.meta.url), ['register']);
    const [port] = await once(register, 'message');
    gateway = await startDemo({ backends: { dossier: `http://127.0.0.1:${port}` } });
  });
  after(async () => {
    await gateway?.stop();
    register?.kill();
  });

  test(`${SOCKETS} idle WebSockets`, { timeout: 600_000 }, async () => {
    const origin = gateway.register('dossier', 'progezondheid');
    const me = `${origin}/me`;
    const robot = new Robot();
    const page = await asPhysician(robot, quiet, me, gateway.person(DEMO.people.physician));
    assert.equal(page.url, me, robot.trail.join('\n'));
    // As many sessions on the register's host as browsers: each is begun anew by the same login.
    const jar = robot.cookies(new URL(origin).hostname);
    const cookies = [];
    while (cookies.length < SESSIONS) {
      cookies.push([...jar].map(([name, value]) => `${name}=${value}`).join('; '));
      jar.clear();
      robot.trail.length = 0;
      assert.equal((await robot.open(me)).url, me, robot.trail.join('\n'));
    }
    assert.equal(new Set(cookies).size, SESSIONS);
    // Somebody else, who will sign out.
    const other = new Robot();
    let theirs = await logIn(other, await other.open(me), quiet, gateway.person(DEMO.people.twoProfessions));
    if (theirs.has(ON.as)) theirs = await chooseProfile(other, theirs, DEMO.professions.physician);
    const leave = await other.open(`${gateway.login('progezondheid')}/`);
    const looks = async () => {
      const took = [];
      for (let times = 0; times < 50; times += 1) {
        const [ms, response] = await timed(() => robot.request(me));
        assert.equal(response.status, 200);
        await response.text();
        took.push(ms);
      }
      return median(took);
    };
    // A login but for the wait until the next code of the app: the page, and a wrong password, which costs what a right one does.
    const passwords = async () => {
      const took = [];
      for (let times = 0; times < 7; times += 1) {
        const visitor = new Robot();
        const page = await visitor.follow(await visitor.open(me), 'a[href*="/password?second=totp"]');
        const [ms, answer] = await timed(() => visitor.submit(page, 'input[name="password"]', { user_name: `nobody${times}@example.org`, password: 'not this one' }));
        assert.ok(answer.status < 500, `${answer.status}`);
        took.push(ms);
      }
      return median(took);
    };
    const [look, login] = [await looks(), await passwords()];
    // What a check of a password needs stays with the process.
    const before = memory(gateway.pid);
    const sockets = [];
    let begun = 0;
    let notNow = 0;
    let gone = 0;
    const upgrade = (cookie) => `GET /me HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nOrigin: ${origin}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    const open = async () => {
      while (begun < SOCKETS) {
        const cookie = cookies[begun % SESSIONS];
        const localAddress = address(Math.floor((begun += 1) / 400));
        for (;;) {
          const socket = net.connect({ host: '127.0.0.1', port: gateway.port, localAddress });
          socket.write(upgrade(cookie));
          const [head] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [`closed at once, with ${sockets.length} open`])]);
          if (String(head).startsWith('HTTP/1.1 101 ')) {
            sockets.push(socket);
            socket.once('close', () => { gone += 1; });
            break;
          }
          // A machine that is busy with something else: whoever is told to come again does.
          assert.match(String(head), /^HTTP\/1\.1 503 [^]*\r\nretry-after: /i, `socket ${sockets.length}: ${head}`);
          notNow += 1;
          socket.destroy();
          await wait(1_000);
        }
      }
    };
    const [ms] = await timed(() => Promise.all(Array.from({ length: 50 }, open)));
    const held = memory(gateway.pid);
    const [lookBeside, loginBeside] = [await looks(), await passwords()];
    // None of those that are open is dead: one in a hundred says something and hears it.
    const heard = async () => {
      const took = [];
      for (const socket of sockets.filter((socket) => !socket.destroyed).filter((_, place) => place % 100 === 0)) {
        const [ms] = await timed(async () => {
          socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])); // a masked "hi" (RFC 6455 section 5.2)
          const [frame] = await once(socket, 'data');
          assert.deepEqual([...frame], [0x81, 2, 0x68, 0x69]);
        });
        took.push(ms);
      }
      return `${median(took).toFixed(1)} ms, at most ${worst(took).toFixed(0)}`;
    };
    const spent = () => readFileSync(`/proc/${gateway.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
    const atRest = spent();
    await wait(10_000);
    const share = (spent() - atRest) * 10;
    const endedBefore = gone;
    const quietly = await heard();
    const out = await other.submit(leave, ON.signOut);
    assert.equal(out.status, 200);
    const changed = spent();
    await wait(600); // until whoever has not been asked about yet rests
    const then = await heard();
    await wait(5_000);
    const asked = spent() - changed;
    console.log(`${SOCKETS} of ${SESSIONS} sessions opened in ${(ms / 1e3).toFixed(1)} s, ${notNow} told to come again, ${endedBefore} ended; own memory ${before.toFixed(0)} -> ${held.toFixed(0)} MiB: ${(((held - before) * 1024) / SOCKETS).toFixed(1)} KiB a socket; at rest ${share.toFixed(1)} % of a processor`);
    console.log(`a page through the proxy ${look.toFixed(1)} -> ${lookBeside.toFixed(1)} ms; the password's step ${login.toFixed(0)} -> ${loginBeside.toFixed(0)} ms`);
    console.log(`an echo ${quietly}; after a change ${then}; ${gone - endedBefore} ended by it; ${asked.toFixed(1)} s of processor in 6 s`);
    // A stream ends when the database does not say in time that it may go on.
    assert.equal(gone, 0, 'streams that ended');
    sockets.forEach((socket) => socket.destroy());
  });
}
