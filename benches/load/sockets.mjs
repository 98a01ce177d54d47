// SOCKETS (9,500) idle WebSockets through the proxy: what each costs in memory, and what a login takes beside them.
//
//   tests/run crowds                      SOCKETS=500 tests/run crowds
//
// Foreign: npm `ws` behind the gateway. Ours: the demo, the clients' handshake. Needs two descriptors a socket: `ulimit -n 20000`.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DEMO } from '../../tests/gateway/demo.mjs';
import { startDemo } from '../../tests/gateway/process.mjs';
import { asPhysician } from '../../tests/peers/gateway/login.mjs';
import { Robot } from '../../tests/peers/robot.mjs';
import { address, median, memory, timed } from './crowd.mjs';

if (process.argv[2] === 'register') {
  const { WebSocketServer } = createRequire(new URL('../../tests/peers/package.json', import.meta.url))('ws');
  const server = http.createServer((_, response) => response.end('a file'));
  new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
} else {
  const SOCKETS = Number(process.env.SOCKETS ?? 9_500);
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
    const logIn = async (name, label) => {
      const robot = new Robot();
      const someone = gateway.person(DEMO.people[name]);
      const page = await asPhysician(robot, quiet, me, someone, label);
      assert.equal(page.url, me, robot.trail.join('\n'));
      return robot;
    };
    const robot = await logIn('physician');
    const cookie = [...robot.cookies(new URL(origin).hostname)].map(([name, value]) => `${name}=${value}`).join('; ');
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
    const upgrade = `GET /me HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nOrigin: ${origin}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    const open = async () => {
      while (begun < SOCKETS) {
        const localAddress = address(Math.floor((begun += 1) / 400));
        for (;;) {
          const socket = net.connect({ host: '127.0.0.1', port: gateway.port, localAddress });
          socket.write(upgrade);
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
    for (const socket of sockets.filter((socket) => !socket.destroyed).filter((_, place) => place % 100 === 0)) {
      socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])); // a masked "hi" (RFC 6455 section 5.2)
      const [frame] = await once(socket, 'data');
      assert.deepEqual([...frame], [0x81, 2, 0x68, 0x69]);
    }
    console.log(`${SOCKETS} opened in ${(ms / 1e3).toFixed(1)} s, ${notNow} told to come again, ${gone} ended; own memory ${before.toFixed(0)} -> ${held.toFixed(0)} MiB: ${(((held - before) * 1024) / SOCKETS).toFixed(1)} KiB a socket`);
    console.log(`a page through the proxy ${look.toFixed(1)} -> ${lookBeside.toFixed(1)} ms; the password's step ${login.toFixed(0)} -> ${loginBeside.toFixed(0)} ms`);
    // A stream ends when the database does not say in time that it may go on.
    assert.equal(gone, 0, 'streams that ended');
    sockets.forEach((socket) => socket.destroy());
  });
}
