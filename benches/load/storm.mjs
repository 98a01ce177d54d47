// A storm of logins, ten times what the machine can check: everybody is answered, whoever must wait is told until when, and who
// is in already goes on.
//
//   tests/run crowds
//
// Ours: all of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { DEMO } from '../../tests/gateway/demo.mjs';
import { startDemo } from '../../tests/gateway/process.mjs';
import { ON } from '../../tests/gateway/selectors.mjs';
import { asPhysician } from '../../tests/peers/gateway/login.mjs';
import { Robot } from '../../tests/peers/robot.mjs';
import { comeFromManyAddresses, median, timed, worst } from './crowd.mjs';

let gateway;
before(async () => {
  gateway = await startDemo();
  comeFromManyAddresses(200);
});
after(() => gateway?.stop());

test('a storm of logins', { timeout: 600_000 }, async () => {
  const me = `${gateway.register('dossier', 'progezondheid')}/me`;
  const jan = new Robot();
  await asPhysician(jan, { secret() {} }, me, gateway.person(DEMO.people.physician));
  const proxied = async (until) => {
    const took = [];
    while (!until()) {
      const [ms, response] = await timed(() => jan.request(me));
      assert.equal(response.status, 200, 'whoever is in goes on');
      await response.text();
      took.push(ms);
      await wait(20);
    }
    return took;
  };
  let visitors = 0;
  const arrive = async () => {
    const robot = new Robot();
    return { robot, page: await robot.follow(await robot.open(me), ON.key.totp), name: `nobody${(visitors += 1)}@example.org` };
  };
  // An unknown name costs the same hash as a known one.
  const prove = ({ robot, page, name }) => robot.submit(page, ON.password, { user_name: name, password: 'niet dit wachtwoord' });

  // What it can check in a second, by as many at once as it lets in.
  const queue = await Promise.all(Array.from({ length: 40 }, arrive));
  const [ms] = await timed(() => Promise.all([0, 1, 2, 3].map(async () => { while (queue.length > 0) await prove(queue.pop()); })));
  const capacity = 40 / (ms / 1e3);
  let begun = performance.now();
  const calm = await proxied(() => performance.now() - begun > 3_000);

  const offered = Math.ceil(10 * capacity * 5);
  const crowd = [];
  while (crowd.length < offered) crowd.push(...await Promise.all(Array.from({ length: 50 }, arrive)));
  const statuses = new Map();
  let answered = 0;
  const meanwhile = proxied(() => answered === crowd.length);
  begun = performance.now();
  await Promise.all(crowd.map(async (visitor, place) => {
    await wait((place / crowd.length) * 5_000);
    const page = await prove(visitor).finally(() => { answered += 1; });
    statuses.set(page.status, (statuses.get(page.status) ?? 0) + 1);
    if ([429, 503].includes(page.status)) assert.match(page.headers.get('retry-after') ?? '', /^[0-9]+$/, 'it says until when');
    else assert.ok(page.status < 500, `${page.status}`);
  }));
  const beside = await meanwhile;
  console.log(`${capacity.toFixed(0)} passwords a second can be checked; ${crowd.length} came in 5 s, answered after ${((performance.now() - begun) / 1e3).toFixed(1)} s: ${[...statuses].map(([status, times]) => `${status} ${times}`).join(', ')}`);
  console.log(`a page through the proxy: ${median(calm).toFixed(0)} ms, at most ${worst(calm).toFixed(0)}; in the storm ${median(beside).toFixed(0)} ms, at most ${worst(beside).toFixed(0)}`);
  assert.ok((statuses.get(503) ?? 0) + (statuses.get(429) ?? 0) > 0, 'somebody is told to wait');
});
