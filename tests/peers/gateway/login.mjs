// The robot's way through Poort's pages, as far as the point where it acts as somebody.
import assert from 'node:assert/strict';
import { DEMO } from '../../gateway/demo.mjs';
import { codeIn, Inbox } from '../../gateway/inbox.mjs';
import { ON } from '../../gateway/selectors.mjs';
import { nextCode } from '../../gateway/totp.mjs';

/// From a page with keys to what comes after the second step.
export async function logIn(robot, page, gateway, someone, method = 'totp') {
  page = await robot.follow(page, ON.key[method]);
  const names = { user_name: someone.user, password: someone.password };
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

/// "I want to log in as": the choice whose label says so.
export function chooseProfile(robot, page, label) {
  const fields = page.root.querySelectorAll(ON.as);
  const field = fields.find((field) => label.test(page.root.querySelector(`label[for="${field.getAttribute('id')}"]`)?.text ?? ''));
  assert.ok(field, `${page.url} offers nothing labelled ${label}`);
  return robot.submit(page, ON.as, { as: field.getAttribute('value') });
}

/// Jan Claes himself, in his own file at a register.
export async function asPhysician(robot, gateway, url, someone) {
  let page = await logIn(robot, await robot.open(url), gateway, someone);
  if (page.has(ON.as)) page = await chooseProfile(robot, page, DEMO.professions.physician);
  return page;
}
