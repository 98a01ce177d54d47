// LOGIN-5, LOGIN-6: the second step and the forgotten password, as a person meets them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, Inbox, ON, audit, chooseProfile, click, codeIn, linkIn, loginAs, screenshot, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

describe('logging in', () => {
  const it = setting();
  const wayIn = async (page, key = 'email') => {
    await page.goto(it.login);
    await click(page, ON.key[key]);
  };
  const givePassword = async (page, user, password) => {
    await page.locator(ON.userName).fill(user);
    await page.locator(ON.password).fill(password);
    return submit(page, ON.password);
  };
  const finished = async (page) => {
    if ((await page.locator(ON.as).count()) > 0) await chooseProfile(page, { as: DEMO.citizen });
    await page.goto(it.login);
    assert.ok((await page.locator(ON.signOut).count()) > 0, `${page.url()}: not signed in`);
  };

  test('LOGIN_5 the second step is a code of an authenticator app', () => it.as({}, async (page) => {
    await page.goto(it.login);
    await loginAs(page, it.gateway, it.people.physiotherapist, 'totp');
    await finished(page);
  }));

  for (const javaScript of [true, false]) {
    test(`LOGIN_5 the second step is a code by e-mail (JavaScript ${javaScript ? 'on' : 'off'})`, () => it.as({ javaScript }, async (page) => {
      await page.goto(it.login);
      await loginAs(page, it.gateway, it.people.physiotherapist, 'email');
      await finished(page);
    }));
  }

  test('LOGIN_5 a wrong code is said to be wrong, and the right one still counts, once', () => it.as({}, async (page) => {
    const someone = it.people.mandateHolder;
    const inbox = new Inbox(it.gateway);
    await wayIn(page);
    const { mail } = await inbox.after(someone.user, () => givePassword(page, someone.user, someone.password));
    const code = codeIn(mail);
    await page.locator(ON.code).fill(code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)));
    await submit(page, ON.code);
    assert.ok((await page.locator(ON.problem).count()) > 0, 'nothing says that it is wrong');
    await audit(page);
    await screenshot(page, 'email-code-wrong');
    await page.locator(ON.code).fill(code);
    await submit(page, ON.code);
    assert.equal(await page.locator(ON.code).count(), 0, 'the right code did not count');
    await it.as({}, async (other) => {
      await wayIn(other);
      await givePassword(other, someone.user, someone.password);
      await other.locator(ON.code).fill(code);
      await submit(other, ON.code);
      assert.equal(await other.locator(ON.code).count(), 1, 'a used code counted again');
    });
  }));

  test('LOGIN_5 a code can be asked again, with a delay', () => it.as({}, async (page) => {
    const someone = it.people.member;
    const inbox = new Inbox(it.gateway);
    await wayIn(page);
    const first = await inbox.after(someone.user, () => givePassword(page, someone.user, someone.password));
    const before = await inbox.latest(someone.user);
    const button = page.locator(ON.resend).first();
    if ((await button.count()) > 0 && (await button.isEnabled())) await submit(page, ON.resend);
    await page.waitForTimeout(500);
    assert.deepEqual(await inbox.latest(someone.user), before, 'a second mail came at once');
    await page.locator(ON.code).fill(codeIn(first.mail));
    await submit(page, ON.code);
    assert.equal(await page.locator(ON.code).count(), 0);
  }));

  test('a wrong password and an unknown user are one answer', () => it.as({}, async (page) => {
    const answers = [];
    for (const user of [it.people.physician.user, 'nobody.at.all@example.org']) {
      await wayIn(page);
      const response = await givePassword(page, user, 'certainly not this one');
      const text = (await page.locator('main').innerText()).replaceAll(user, 'USER');
      answers.push([response.status(), text]);
      await audit(page);
    }
    assert.deepEqual(answers[0], answers[1]);
    await screenshot(page, 'password-wrong');
  }));

  test('LOGIN_6 the answer does not tell whether the address is known', () => it.as({}, async (page) => {
    const answers = [];
    for (const user of [it.people.enterpriseRepresentative.user, 'nobody.at.all@example.org']) {
      await page.goto(`${it.login}/password/forgotten`);
      await page.locator(ON.userName).fill(user);
      const response = await submit(page, ON.userName);
      answers.push([response.status(), (await page.locator('main').innerText()).replaceAll(user, 'USER')]);
    }
    assert.deepEqual(answers[0], answers[1]);
    await audit(page);
  }));

  test('LOGIN_6 the link works once; then the new password counts and the old one does not', () => it.as({}, async (page) => {
    const someone = it.people.chiefAccessManager;
    const renewed = 'drie tulpen op een balkon 1953';
    it.gateway.secret('the new password', renewed);
    await page.goto(`${it.login}/password/forgotten`);
    await page.locator(ON.userName).fill(someone.user);
    const { mail } = await new Inbox(it.gateway).after(someone.user, () => submit(page, ON.userName));
    const link = linkIn(mail);
    assert.equal(new URL(link).origin, it.login);
    it.gateway.secret('the link’s token', new URL(link).searchParams.get('token'));
    await page.goto(link);
    await audit(page);
    await screenshot(page, 'password-reset');
    await page.locator(ON.newPassword).first().fill(renewed);
    await submit(page, ON.newPassword);
    await page.goto(link);
    assert.equal(await page.locator(ON.newPassword).count(), 0, 'the link worked twice');
    await audit(page);

    await wayIn(page, 'totp');
    await givePassword(page, someone.user, someone.password);
    assert.equal(await page.locator(ON.code).count(), 0, 'the old password still counts');
    await wayIn(page, 'totp');
    await givePassword(page, someone.user, renewed);
    assert.equal(await page.locator(ON.code).count(), 1, 'the new password does not count');
  }));

  test('signing out ends it here and at the register', () => it.as({}, async (page) => {
    const file = `${it.register}/dossiers/${it.people.physician.nihdi}`;
    await page.goto(file);
    await loginAs(page, it.gateway, it.people.physician);
    if ((await page.locator(ON.as).count()) > 0) await chooseProfile(page, { as: DEMO.professions.physician });
    assert.equal(page.url(), file, 'a login begun at a register ends there');
    await page.goto(it.login);
    await click(page, ON.signOut);
    await audit(page);
    await page.goto(file);
    assert.equal(new URL(page.url()).origin, it.login, 'the register’s session outlived the sign-out');
  }));

  test('cookies are host-only, secure, out of scripts’ reach', () => it.as({}, async (page, someone) => {
    await page.goto(it.login);
    const cookies = await someone.context.cookies();
    assert.ok(cookies.length > 0);
    for (const { name, secure, httpOnly, sameSite, path, domain } of cookies) {
      assert.match(name, /^__Host-poort-/);
      assert.deepEqual([secure, httpOnly, sameSite, path, domain], [true, true, 'Lax', '/', new URL(it.login).hostname], name);
    }
  }));

  test(`${DEMO.tenants.mijnrgs.register}: a person of another tenant is not known here`, () => it.as({}, async (page) => {
    await page.goto(it.gateway.login('mijnrgs'));
    await click(page, ON.key.totp);
    await givePassword(page, it.people.physician.user, it.people.physician.password);
    assert.equal(await page.locator(ON.code).count(), 0);
  }));
});
