// 2,000 clients that are slow on purpose, in their heads, their bodies, and in reading (Debian's slowhttptest): how long they hold a
// connection, and what somebody else sees meanwhile.
//
//   tests/run crowds
//
// Foreign: slowhttptest. Ours: the demo.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startDemo } from '../../tests/gateway/process.mjs';
import { Robot } from '../../tests/peers/robot.mjs';
import { comeFromManyAddresses, median, timed, worst } from './crowd.mjs';

const CLIENTS = 2_000;
// What is sent, to where, and in which second the gateway may hold none of them any more. They come within two seconds. A head is due
// within 10 s; for a body the gateway waits 10 s in all; what a slow reader was sent lies in the kernel, which ends the connection
// when nothing of it is acknowledged for 10 s.
const KINDS = {
  heads: { options: ['-H', '-i', '9', '-x', '10'], at: '/start', gone: 16 },
  bodies: { options: ['-B', '-i', '9', '-x', '10', '-s', '8192'], at: '/token', gone: 16 },
  readers: { options: ['-X', '-w', '1', '-y', '2', '-n', '5', '-z', '1', '-k', '1'], at: '/', gone: 16 },
};

let gateway;
before(async () => {
  gateway = await startDemo();
  comeFromManyAddresses(50);
});
after(() => gateway?.stop());

for (const [kind, { options, at, gone }] of Object.entries(KINDS)) {
  test(`slow ${kind}`, { timeout: 180_000 }, async () => {
    const url = `http://progezondheid.localhost:${gateway.port}${at}`;
    let going = true;
    const took = [];
    const somebody = (async () => {
      while (going) {
        const [ms, page] = await timed(() => new Robot().open(gateway.login('progezondheid')));
        assert.ok(page.status < 500, `${page.status}`);
        took.push(ms);
        await wait(200);
      }
    })();
    const descriptors = () => readdirSync(`/proc/${gateway.pid}/fd`).length;
    const [before, begun, held] = [descriptors(), performance.now(), []];
    const watching = (async () => {
      while (going) {
        held.push([(performance.now() - begun) / 1e3, descriptors() - before]);
        await wait(250);
      }
    })();
    // It asks the resolver for names, which knows none of `.localhost`: the gateway is its proxy.
    await promisify(execFile)('slowhttptest', ['-d', `127.0.0.1:${gateway.port}`, '-c', String(CLIENTS), ...options, '-r', '1000', '-l', String(gone + 10), '-p', '5', '-u', url], { maxBuffer: 1 << 26 });
    going = false;
    await Promise.all([somebody, watching]);
    // A few are the somebody else's.
    const last = held.findLast(([, count]) => count > 20)?.[0] ?? 0;
    console.log(`slow ${kind}: at most ${worst(held.map(([, count]) => count))} held, the last until ${last.toFixed(0)} s; a page for somebody else ${median(took).toFixed(0)} ms, at most ${worst(took).toFixed(0)}`);
    assert.ok(last > 0, 'nobody came');
    assert.ok(last <= gone, `some were held for ${last} s`);
  });
}
