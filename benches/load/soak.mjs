// A working day in little: people log in, look at their file through the proxy, search whom they act for; an application refreshes
// its tokens; a resource server asks what they are worth. For MINUTES (30) no status is unexpected, and memory stays flat.
//
//   tests/run soak                                  MINUTES=5 tests/run soak
//
// Foreign: npm `openid-client` in the sample application, `node-html-parser` in the robot. Ours: the demo, its people, these loops.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { DEMO } from '../../tests/gateway/demo.mjs';
import { startDemo } from '../../tests/gateway/process.mjs';
import { ON } from '../../tests/gateway/selectors.mjs';
import { createApp, DEFAULTS } from '../../tests/peers/client/app.mjs';
import { TokenEndpoint } from '../../tests/peers/client/scenarios.mjs';
import { chooseProfile, logIn } from '../../tests/peers/gateway/login.mjs';
import { Robot } from '../../tests/peers/robot.mjs';
import { median, memory } from './crowd.mjs';

const MINUTES = Number(process.env.MINUTES ?? 30);
const { people, professions } = DEMO;
const WHO = [[people.physician, professions.physician], [people.physiotherapist, professions.physiotherapist], [people.pharmacist, professions.pharmacist]];
// One robot's cookies are no secrets of the next one's log.
const quiet = { secret() {} };

const counts = new Map(); // what was asked -> how often it was answered as it should be
const unexpected = [];
function expect(what, right, found) {
  counts.set(what, (counts.get(what) ?? 0) + 1);
  if (!right) unexpected.push(`${new Date().toISOString()} ${what}: ${found}`);
}

let gateway, app, issuer, dossier;
before(async () => {
  app = await createApp({ issuer: () => issuer, port: 0 });
  const jwksFile = path.join(mkdtempSync(path.join(tmpdir(), 'poort-soak-')), 'jwks.json');
  writeFileSync(jwksFile, JSON.stringify(app.clientKey.jwks));
  gateway = await startDemo({ app: { origin: app.origin, jwksFile } });
  issuer = gateway.login('progezondheid');
  dossier = gateway.register('dossier', 'progezondheid');
});
after(async () => {
  await app?.close();
  await gateway?.stop();
});

/// Somebody new at a browser of their own, on a page that asked them to log in.
async function arrive(url, name, profession) {
  const robot = new Robot();
  let page = await logIn(robot, await robot.open(url), quiet, gateway.person(name));
  if (profession && page.has(ON.as)) page = await chooseProfile(robot, page, profession);
  return { robot, page };
}

async function logins(over, place) {
  for (let turn = place; !over(); turn += 2) {
    const [name, profession] = WHO[turn % WHO.length];
    const { robot, page } = await arrive(`${dossier}/me`, name, profession);
    expect('log in', page.status === 200 && page.url === `${dossier}/me`, `${page.status} ${page.url}\n${robot.trail.join('\n')}`);
    const out = await robot.submit(await robot.open(`${issuer}/`), ON.signOut);
    expect('sign out', out.status === 200, out.status);
    await wait(1_000);
  }
}

async function proxied(over, [name, profession]) {
  const { nihdi } = gateway.person(name);
  const { robot } = await arrive(`${dossier}/me`, name, profession);
  while (!over()) {
    for (const at of ['/me', `/dossiers/${nihdi}`]) {
      const response = await robot.request(dossier + at);
      await response.text();
      robot.trail.length = 0;
      expect(`GET ${at.replace(nihdi, '…')}`, response.status === 200, response.status);
    }
    await wait(50);
  }
}

async function searches(over) {
  while (!over()) {
    const { robot, page } = await arrive(`${dossier}/me`, people.mandateHolder);
    assert.ok(page.has(ON.search.name), page.url);
    // A search is within an attempt to log in, which ends.
    for (let left = 600; left > 0 && !over(); left -= 1) {
      const found = await robot.submit(page, ON.search.name, { name: 'acde'[left % 4] });
      expect('search', found.status === 200 && found.has(ON.search.name), `${found.status} ${found.url}`);
      robot.trail.length = 0;
      await wait(250);
    }
  }
}

async function tokens(over) {
  let { robot, page } = await arrive(`${app.origin}/login/basic?hold=1`, people.pharmacist, professions.pharmacist);
  if (page.has(ON.as)) page = await robot.submit(page, ON.as, { as: page.one(ON.as).getAttribute('value') });
  const endpoint = new TokenEndpoint(page.json(ON.app.held), DEFAULTS.basic.secret);
  let held = await endpoint.redeem();
  const authorization = `Basic ${Buffer.from(`sample-api:${DEFAULTS.basic.secret}`).toString('base64')}`;
  while (!over()) {
    for (let times = 5; times > 0; times -= 1) {
      const response = await fetch(`${issuer}/introspect`, { method: 'POST', headers: { authorization }, body: new URLSearchParams({ token: held.access_token }) });
      const { active } = await response.json();
      expect('introspect', response.status === 200 && active === true, `${response.status} ${active}`);
    }
    held = await endpoint.refresh(held.refresh_token);
    expect('refresh', held.status === 200, `${held.status} ${held.error}`);
    if (held.status !== 200) return;
    await wait(100);
  }
}


test('soak: nothing unexpected happens, and memory stays flat', { timeout: (MINUTES + 5) * 60_000 }, async () => {
  const end = Date.now() + MINUTES * 60_000;
  let stopped = false;
  const over = () => stopped || Date.now() > end;
  const taken = [];
  const watching = (async () => {
    let minute = [];
    while (!over()) {
      minute.push(memory(gateway.pid));
      if (minute.length === 12) {
        taken.push(median(minute));
        console.log(`minute ${taken.length}: ${taken.at(-1).toFixed(1)} MiB; ${[...counts].map(([what, times]) => `${what} ${times}`).join(', ')}; unexpected ${unexpected.length}`);
        minute = [];
      }
      await wait(5_000);
    }
  })();
  const loops = [logins(over, 0), logins(over, 1), ...WHO.map((who) => proxied(over, who)), searches(over), tokens(over)];
  try {
    await Promise.all([...loops, watching]);
  } finally {
    stopped = true;
  }
  assert.deepEqual(unexpected, []);
  for (const what of ['log in', 'GET /me', 'search', 'introspect', 'refresh']) assert.ok(counts.get(what) > 0, what);
  // The first third warms up; what is held after it is held for what goes on, not for what is over.
  const third = Math.floor(taken.length / 3);
  if (third > 0) {
    const [before, later] = [median(taken.slice(third, 2 * third)), median(taken.slice(-third))];
    console.log(`own memory: ${before.toFixed(1)} MiB in the second third, ${later.toFixed(1)} MiB in the last`);
    assert.ok(later < before * 1.1 + 2, `${before} MiB became ${later} MiB`);
  }
});
