// The robot's way through Poort's pages, as far as the point where it acts as somebody.
import assert from 'node:assert/strict';
import { codeIn, Inbox } from '../../gateway/inbox.mjs';
import { ON } from '../../gateway/selectors.mjs';
import { nextCode } from '../../gateway/totp.mjs';

/// From a page with keys to what comes after the second step.
export async function logIn(robot, page, gateway, someone, method = 'totp') {
  page = await robot.follow(page, ON.key[method]);
  const names = Object.fromEntries([[page.one(ON.userName).getAttribute('name'), someone.user], ['password', someone.password]]);
  if (method === 'email') {
    const { mail, result } = await new Inbox(gateway).after(someone.user, () => robot.submit(page, ON.password, names));
    page = await robot.submit(result, ON.code, { code: codeIn(mail) });
  } else {
    page = await robot.submit(page, ON.password, names);
    page = await robot.submit(page, ON.code, { code: await nextCode(someone.totp_secret) });
  }
  for (const host of new Set(robot.trail.map((line) => new URL(line.split(' ')[1]).hostname))) {
    for (const [name, value] of robot.cookies(host)) if (/session|browser/.test(name)) gateway.secret(`the cookie ${name}`, value);
  }
  return page;
}

/// "I want to log in as", by the value of the choice.
export function chooseProfile(robot, page, as, more = {}) {
  return robot.submit(page, ON.as, { as, ...more });
}

/// The first choice that is not Citizen.
export function professionOn(page) {
  const value = page.root.querySelectorAll(ON.as).map((field) => field.getAttribute('value')).find((value) => value !== 'citizen');
  assert.ok(value, `${page.url} offers nothing but citizen`);
  return value;
}

export async function actFor(robot, page, name) {
  const [first_name, ...family] = name.split(' ');
  page = await robot.submit(page, ON.search.name, { first_name, name: family.join(' ') });
  const handle = page.one(ON.chooseMandator).getAttribute('value');
  return robot.submit(page, ON.chooseMandator, { mandate: handle });
}

/// Jan Claes himself, in his own file at a register.
export async function asPhysician(robot, gateway, url, someone) {
  let page = await logIn(robot, await robot.open(url), gateway, someone);
  if (page.has(ON.as)) page = await chooseProfile(robot, page, professionOn(page));
  return page;
}
