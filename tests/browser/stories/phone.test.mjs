// LOGIN-5, LOGIN-8: a code by SMS, and the number that it goes to, as a person meets them.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, test } from 'node:test';
import '../../peers/loopback.mjs';
import { ON, audit, click, loginAs, screenshot, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

describe('codes by telephone', () => {
  const it = setting();
  const someone = (user) => it.gateway.people.find((one) => one.user === user);

  /// The message that comes to a number after `action`.
  async function after(to, action) {
    const latest = async () => {
      const response = await fetch(`${it.gateway.telephone}/api/latest?to=${encodeURIComponent(to)}`);
      return response.status === 404 ? null : response.json();
    };
    const before = (await latest())?.id;
    await action();
    for (let patience = 200; patience > 0; patience--, await wait(50)) {
      const message = await latest();
      if (message && message.id !== before) {
        it.gateway.secret('a code by telephone', /#?(\d{6})$|$/.exec(message.text)[1] ?? message.text);
        return message;
      }
    }
    throw new Error(`no message came to ${to}`);
  }

  const giveName = async (page, user) => {
    await page.goto(it.gateway.login('mijnrgs'));
    await click(page, ON.key.phone);
    await page.locator(ON.userName).fill(someone(user).user);
    await page.locator(ON.password).fill(someone(user).password);
    return submit(page, ON.password);
  };

  test('LOGIN_5 the code of an SMS is pasted, and the page shows no number', () => it.as({}, async (page) => {
    const sms = await after('+31610000001', () => giveName(page, 'sanne.devries@example.org'));
    assert.deepEqual([sms.kind, sms.provider], ['sms', 'the first provider']);
    assert.match(sms.text, /\n@mijnrgs\.localhost #\d{6}$/);
    await audit(page);
    await screenshot(page, 'phone-code');
    assert.doesNotMatch(await page.locator('main').innerText(), /0001|\+31/);
    const code = page.locator(ON.code);
    assert.deepEqual(
      await code.evaluate((field) => [field.autocomplete, field.inputMode, field.type]),
      ['one-time-code', 'numeric', 'text'],
    );
    const digits = sms.text.slice(-6);
    await code.evaluate((field, text) => {
      field.focus();
      document.execCommand('insertText', false, text);
    }, ` ${digits.slice(0, 3)} ${digits.slice(3)} `);
    await submit(page, ON.code);
    await page.goto(it.gateway.login('mijnrgs'));
    assert.ok((await page.locator(ON.signOut).count()) > 0, `${page.url()}: not signed in`);
  }));

  test('LOGIN_5 when the first provider refuses the fallback calls, and no script is needed', () => it.as({ javaScript: false }, async (page) => {
    await page.goto(it.gateway.telephone);
    await submit(page, 'button[value="refuses"]');
    try {
      const call = await after('+31200000001', () => giveName(page, 'ruben.mulder@example.org'));
      assert.deepEqual([call.kind, call.provider], ['call', 'the fallback']);
      const spoken = call.text.match(/\d, \d, \d, \d, \d, \d/g);
      assert.equal(spoken.length, 2, 'said twice');
      await page.locator(ON.code).fill(spoken[0].replaceAll(', ', ''));
      await submit(page, ON.code);
      assert.equal(await page.locator(ON.code).count(), 0, 'the code did not count');
    } finally {
      await page.goto(it.gateway.telephone);
      await submit(page, 'button[value="works"]');
    }
  }));

  test('LOGIN_8 who has no number is led to that step, and after it only the helpdesk changes it', () => it.as({}, async (page) => {
    await page.goto(it.gateway.login('mijnrgs'));
    await loginAs(page, it.gateway, someone('joost.smit@example.org'), 'totp');
    assert.equal(new URL(page.url()).pathname, '/factors/phone');
    await audit(page);
    await screenshot(page, 'phone-step');
    await page.locator(ON.number).fill('0900 1234567');
    await submit(page, 'button[name="way"][value="sms"]');
    assert.ok((await page.locator(ON.problem).count()) > 0, 'nothing says what is wrong');
    await audit(page);
    await page.locator(ON.number).fill('06 1000 00 99');
    const sms = await after('+31610000099', () => submit(page, 'button[name="way"][value="sms"]'));
    await audit(page);
    await screenshot(page, 'phone-verify');
    await page.locator(ON.code).fill(sms.text.slice(-6));
    await submit(page, ON.code);
    await page.goto(`${it.gateway.login('mijnrgs')}/factors/phone`);
    assert.equal(await page.locator(ON.number).count(), 0, 'it can be typed again');
    await audit(page);
    await screenshot(page, 'phone-verified');
  }));
});
