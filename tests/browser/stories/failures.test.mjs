// The pages of failure, as a person meets them: what happened, what next, whom to ask, and back to where one was.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { DEMO, LANGUAGES, ON, audit, chooseProfile, click, inspectAsItIs, launchWith, loginAs, speak, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

const href = (page, selector = ON.onwards) => page.locator(selector).first().getAttribute('href');

/// A page of failure has a reference number and the help line, and leads somewhere.
async function helps(page) {
  assert.match(await page.locator(ON.reference).first().innerText(), /^[0-9A-F]{4}(-[0-9A-F]{4})+$/);
  assert.ok((await page.locator('main a[href^="tel:"]').count()) > 0, `${page.url()} names no help line`);
}

describe('what goes wrong on the way in', () => {
  const it = setting();
  const toPassword = async (page, key = 'totp') => {
    await page.goto(it.login);
    await click(page, ON.key[key]);
  };
  const give = async (page, { user, password }) => {
    await page.locator(ON.userName).fill(user);
    await page.locator(ON.password).fill(password);
    return submit(page, ON.password);
  };

  test('LOGIN_5 wrong: nothing, another password, too few digits, another code; in four languages', { timeout: 120_000 }, () => it.as({ language: null }, async (page) => {
    const { member } = it.people;
    for (const language of LANGUAGES) {
      await speak(page, language);
      await toPassword(page);
      assert.equal((await submit(page, ON.password)).status(), 422);
      await inspectAsItIs(page, { language, name: 'password-empty' });
      assert.equal((await give(page, { user: `nobody.${language}@example.org`, password: 'not this one' })).status(), 422);
      await inspectAsItIs(page, { language, name: 'password-wrong' });
      await give(page, member);
      await page.locator(ON.code).fill('12 3');
      assert.equal((await submit(page, ON.code)).status(), 422);
      assert.equal(await page.locator(ON.code).inputValue(), '12 3', 'what is worth mending is kept');
      await page.locator(ON.code).fill('000000');
      assert.equal((await submit(page, ON.code)).status(), 422);
      await inspectAsItIs(page, { language, name: 'code-wrong' });
    }
  }));

  test('LOGIN_5 too many codes: until when, and what next; in four languages', { timeout: 120_000 }, () => it.as({ language: null }, async (page) => {
    await toPassword(page);
    await give(page, it.people.twoProfessions);
    const form = page.url();
    for (let tries = 0; tries < 6; tries += 1) {
      await page.goto(form);
      await page.locator(ON.code).fill('000001');
      await submit(page, ON.code);
    }
    for (const language of LANGUAGES) {
      await speak(page, language);
      await page.goto(form);
      await page.locator(ON.code).fill('000001');
      assert.equal((await submit(page, ON.code)).status(), 429);
      assert.match(await page.locator('main').innerText(), /\d{1,2}[:.h]\d{2}/);
      await helps(page);
      await inspectAsItIs(page, { language, name: 'too-many' });
    }
  }));

  test('LOGIN_5 who asks for another code too soon is told when', () => it.as({ language: null }, async (page) => {
    await toPassword(page, 'email');
    await give(page, it.people.pharmacist);
    await submit(page, ON.resend);
    assert.match(await page.locator(ON.notice).innerText(), /\d+/);
    await audit(page);
    // What was said belongs to that answer, and goes when the language changes.
    await click(page, ON.language('fr'));
    assert.equal(await page.locator(ON.notice).count(), 0);
    assert.equal(await page.locator(ON.code).count(), 1);
  }));

  test('cancelled, in four languages: the button leads to where one was going', { timeout: 120_000 }, () => it.as({ language: null }, async (page) => {
    const wanted = `${it.register}/administration?tab=2`;
    for (const language of LANGUAGES) {
      await speak(page, language);
      await page.goto(wanted);
      assert.equal((await submit(page, ON.cancel)).status(), 200);
      assert.equal(await href(page), wanted);
      await helps(page);
      await inspectAsItIs(page, { language, name: 'cancelled' });
    }
  }));

  test('expired: a login of long ago, a link that was used, a form of before; in four languages', { timeout: 120_000 }, () => it.as({ language: null }, async (page, someone) => {
    for (const language of LANGUAGES) {
      await speak(page, language);
      await page.goto(`${it.login}/login/0192f0c1-2345-4789-8abc-def012345678/totp`);
      assert.equal(await href(page), '/');
      await helps(page);
      await inspectAsItIs(page, { language, name: 'attempt-gone' });
      assert.equal((await page.goto(`${it.login}/password/reset?token=used`)).status(), 410);
      await helps(page);
      await inspectAsItIs(page, { language, name: 'link-spent' });
    }
    // The cookie that the form's token is bound to has changed meanwhile.
    await toPassword(page);
    const other = await someone.page();
    await someone.context.clearCookies();
    await other.goto(it.login);
    assert.equal((await give(page, it.people.member)).status(), 400);
    await helps(page);
    await audit(page);
    await click(page, ON.onwards);
    assert.notEqual(new URL(page.url()).pathname, '/', 'back at the form, or told that its login is over');
  }));

  test('an address of nobody, in four languages', () => it.as({ language: null }, async (page) => {
    for (const language of LANGUAGES) {
      await speak(page, language);
      assert.equal((await page.goto(`${DEMO.origin('nobody.localhost', it.gateway.port)}/login`)).status(), 421);
      assert.match(await page.locator(ON.reference).innerText(), /-/);
      await inspectAsItIs(page, { language, name: 'nobody' });
    }
  }));

  test('a browser without cookies is told so, and not sent round and round', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'poort-no-cookies-'));
    mkdirSync(path.join(folder, 'Default'));
    writeFileSync(path.join(folder, 'Default', 'Preferences'), JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }));
    const context = await launchWith(folder);
    try {
      const [page] = context.pages();
      for (const language of LANGUAGES) {
        await speak(page, language);
        for (const address of [it.login, `${it.register}/administration`]) {
          assert.equal((await page.goto(address)).status(), 400, address);
          await helps(page);
        }
        await inspectAsItIs(page, { language, name: 'cookies-refused' });
      }
      await page.goto(`${it.login}/password/forgotten`);
      await page.locator(ON.userName).fill(it.people.member.user);
      assert.equal((await submit(page, ON.userName)).status(), 400);
      assert.equal(await href(page), '/password/forgotten');
    } finally {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('what goes wrong once one is in', () => {
  const it = setting();

  for (const javaScript of [true, false]) {
    const role = javaScript ? 'director' : 'citizenOnly';
    test(`PROFILE_1 one possibility is chosen silently, and leads to the register (JavaScript ${javaScript ? 'on' : 'off'})`, () => it.as({ javaScript }, async (page) => {
      const wanted = `${it.register}/administration`;
      await page.goto(wanted);
      const response = await loginAs(page, it.gateway, it.people[role]);
      assert.equal(page.url(), wanted);
      assert.equal(response.status(), javaScript ? 200 : 403);
      if (javaScript) return;
      assert.equal(await page.locator('main .poort-step').count(), 1, 'PROFILE_6 who is not known in a role gets the reason');
    }));
  }

  test('PROXY_2 not allowed, in four languages: what is missing, and back', { timeout: 120_000 }, () => it.as({ language: null }, async (page) => {
    await page.goto(it.login);
    await loginAs(page, it.gateway, it.people.citizenOnly);
    for (const language of LANGUAGES) {
      await speak(page, language);
      assert.equal((await page.goto(`${it.register}/administration`)).status(), 403);
      assert.equal(await href(page, 'main a[href="/"]'), '/');
      await helps(page);
      await inspectAsItIs(page, { language, name: 'not-allowed' });
      assert.equal((await page.goto(`${it.register}/nowhere`)).status(), 404);
      await helps(page);
      await inspectAsItIs(page, { language, name: 'not-found' });
    }
    await click(page, ON.onwards);
    assert.equal(page.url(), `${it.register}/`);
  }));

  test('LOGIN_14 a stronger key leads back to where one was, as who one was; who cancels goes on as they are', { timeout: 120_000 }, () => it.as({ language: null }, async (page) => {
    const { pharmacist } = it.people;
    const file = `${it.register}/dossiers/${pharmacist.nihdi}`;
    await page.goto(`${it.register}/`);
    await loginAs(page, it.gateway, pharmacist, 'email');
    await chooseProfile(page, { as: DEMO.professions.pharmacist });
    for (const language of LANGUAGES) {
      await speak(page, language);
      assert.equal((await page.goto(file)).status(), 403);
      await helps(page);
      await inspectAsItIs(page, { language, name: 'not-sure-enough' });
      await click(page, ON.onwards);
      assert.equal(await page.locator(ON.notice).count(), 1);
      assert.equal(await page.locator(ON.key.email).count(), 0, 'a key that does not do is offered');
      await inspectAsItIs(page, { language, name: 'stronger-key' });
      await submit(page, ON.cancel);
      assert.equal(page.url(), `${it.register}/`, 'who is logged in is told that they are not');
    }
    await page.goto(file);
    await click(page, ON.onwards);
    assert.equal((await loginAs(page, it.gateway, pharmacist)).status(), 200);
    assert.equal(page.url(), file, 'asked again as what one acts');
  }));

  test('LOGIN_9 an ended session, and a form too large to be kept: nothing is sent, and after logging in one is back at the form', { timeout: 180_000 }, () => it.as({ language: null }, (page, someone) => it.as({}, async (elsewhere) => {
    const { physician } = it.people;
    const file = `${it.register}/dossiers/${physician.nihdi}`;
    await page.goto(file);
    await loginAs(page, it.gateway, physician);
    await chooseProfile(page, { as: DEMO.professions.physician });
    const tabs = new Map([[LANGUAGES[0], page]]);
    for (const language of LANGUAGES.slice(1)) tabs.set(language, await someone.page());
    for (const [language, tab] of tabs) {
      await speak(tab, language);
      await tab.goto(file);
      await tab.locator('#remark').fill('never kept '.repeat(25_000));
    }
    await elsewhere.goto(it.login);
    await loginAs(elsewhere, it.gateway, physician, 'email');
    await elsewhere.goto(it.login);
    assert.equal(await elsewhere.locator('form[action="/sessions/end"] button[value]').count(), 2, 'one login is one row: that one, and all others');
    await submit(elsewhere, 'form[action="/sessions/end"] button[value="others"]');
    await audit(elsewhere);

    for (const [language, tab] of tabs) {
      assert.equal((await submit(tab, '#remark')).status(), 401);
      await helps(tab);
      await inspectAsItIs(tab, { language, name: 'session-ended' });
    }
    await click(page, ON.onwards);
    assert.equal(await page.locator(ON.notice).count(), 1, 'why one logs in again is not said');
    await loginAs(page, it.gateway, physician);
    await chooseProfile(page, { as: DEMO.professions.physician });
    assert.equal(page.url(), file);
    assert.ok(!(await page.locator('main').innerText()).includes('never kept'), 'the form was sent after all');
  })));

  test('ORG_1 an access manager is led to the page: a stronger key, then the organization; a form of another profile is 409', { timeout: 180_000 }, () => it.as({ language: null }, async (page, someone) => {
    const { chiefAccessManager } = it.people;
    const organization = `${it.login}/organization`;
    await speak(page, 'nl');
    await page.goto(organization);
    await loginAs(page, it.gateway, chiefAccessManager, 'email');
    await submit(page, ON.as); // the organization is proposed
    assert.equal(await page.locator(ON.notice).count(), 1);
    await loginAs(page, it.gateway, chiefAccessManager);
    assert.equal(page.url(), organization);
    for (const language of LANGUAGES) {
      await click(page, ON.language(language));
      await submit(page, ON.grant.day);
      assert.ok((await page.locator(ON.problem).count()) > 0);
      await inspectAsItIs(page, { language, name: 'grant-empty' });
    }
    await click(page, ON.language('nl'));
    assert.equal(page.url(), organization, 'the language is changed on a page that can be opened');

    const tab = await someone.page();
    await tab.goto(it.login);
    await submit(tab, ON.backToSelf);
    assert.equal((await submit(page, ON.grant.day)).status(), 409);
    assert.ok((await page.locator('main').innerText()).includes(DEMO.organization));
    await helps(page);
    await inspectAsItIs(page, { language: 'nl', name: 'conflict-organization' });
  }));
});

describe('a register that does not answer as it should', () => {
  const it = setting({
    backend(request, response) {
      if (request.url === '/me') return; // nothing, for ever
      if (request.method === 'POST' || request.url === '/administration') { request.socket.destroy(); return; }
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><html lang="en"><title>register</title><form method="post"><textarea id="remark" name="remark"></textarea><button>send</button></form></html>');
    },
  });

  test('PROXY_1 broken, slow and down, in four languages; a form is not sent again', { timeout: 180_000 }, () => it.as({ language: null, tolerate: [/^50[234] /] }, async (page, someone) => {
    const { physician, director } = it.people;
    const file = `${it.register}/dossiers/${physician.nihdi}`;
    await page.goto(file);
    await loginAs(page, it.gateway, physician);
    await chooseProfile(page, { as: DEMO.professions.physician });
    assert.equal(page.url(), file);

    // They all wait at the same time for a register that says nothing.
    const slow = LANGUAGES.map(async (language) => {
      const tab = await someone.page();
      await speak(tab, language);
      return { tab, language, response: await tab.goto(`${it.register}/me`, { timeout: 90_000 }) };
    });

    for (const waiting of slow) waiting.catch(() => {}); // what fails meanwhile is heard first

    await speak(page, 'nl');
    await page.locator('#remark').evaluate((field, action) => { field.form.action = action; }, `${file}/remarks`);
    assert.equal((await submit(page, '#remark')).status(), 502);
    assert.equal(await href(page), new URL(file).pathname, 'the button leads to an address that only takes forms');
    await helps(page);
    await inspectAsItIs(page, { language: 'nl', name: 'register-broken-form' });

    await it.as({ language: null, tolerate: [/^502 /] }, async (other) => {
      await other.goto(`${it.register}/`);
      await loginAs(other, it.gateway, director);
      for (const language of LANGUAGES) {
        await speak(other, language);
        assert.equal((await other.goto(`${it.register}/administration`)).status(), 502);
        assert.equal(await href(other), '/administration');
        await helps(other);
        await inspectAsItIs(other, { language, name: 'register-broken' });
      }
    });

    for (const { tab, language, response } of await Promise.all(slow)) {
      assert.equal(response.status(), 504);
      await helps(tab);
      await inspectAsItIs(tab, { language, name: 'register-slow' });
    }

    await it.stopRegister();
    for (const language of LANGUAGES) {
      await speak(page, language);
      const response = await page.goto(`${file}?tab=2`);
      assert.equal(response.status(), 503);
      assert.ok(Number(response.headers()['retry-after']) > 0);
      assert.equal(await href(page), `${new URL(file).pathname}?tab=2`);
      await helps(page);
      await inspectAsItIs(page, { language, name: 'register-down' });
    }
  }));
});
