// LOGIN-1, LOGIN-2, LOGIN-3: itsme, as a person meets it in the demo, whose stand-in says that it is not itsme.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, LANGUAGES, ON, chooseProfile, click, inspectAsItIs, speak } from '../harness.mjs';
import { setting } from './setting.mjs';

const tolerate = [/^50[23] GET .*\/federated\//];

describe('itsme', () => {
  const it = setting();
  const toItsme = async (page, at = it.register) => {
    await page.goto(at);
    await click(page, ON.key.itsme);
    assert.match(page.url(), /^http:\/\/itsme\.localhost/);
  };
  /// Confirms, and comes back: the stand-in's last page goes on by itself.
  const confirm = async (page, { person, level, failure } = {}, button = '#confirm') => {
    if (person) await page.locator('#person').selectOption(person);
    if (level) await page.locator('#level').selectOption(level);
    if (failure) await page.locator('#failure').selectOption(failure);
    await page.locator(button).click();
    await page.waitForURL(/^http:\/\/(?!itsme\.)/, { timeout: 20_000 });
    await page.waitForLoadState();
  };

  for (const javaScript of [true, false]) {
    test(`LOGIN_1 from the register to itsme, to the profile, and back to the register (JavaScript ${javaScript ? 'on' : 'off'})`, () => it.as({ javaScript }, async (page) => {
      await toItsme(page);
      await confirm(page, { person: it.people.physician.user });
      await chooseProfile(page, { as: DEMO.professions.physician });
      assert.ok(page.url().startsWith(it.register), page.url());
      assert.match(await page.locator(ON.register.actor).innerText(), /Jan Claes/);
    }));
  }

  test('LOGIN_1 an account page says with which key one is logged in', () => it.as({}, async (page) => {
    await toItsme(page, it.login);
    await confirm(page, { person: it.people.citizenOnly.user });
    await page.goto(it.login);
    assert.match(await page.locator('main').innerText(), /itsme/);
  }));

  test('LOGIN_2 the login page with its groups, and the stand-in; in four languages', { timeout: 180_000 }, () => it.as({ language: null }, async (page) => {
    for (const language of LANGUAGES) {
      await speak(page, language);
      await page.goto(it.login);
      await inspectAsItIs(page, { language, name: 'login-groups' });
      await click(page, ON.key.itsme);
      await inspectAsItIs(page, { language, name: 'itsme-demo' });
    }
  }));

  test('LOGIN_1 what goes wrong there ends in a page; in four languages', { timeout: 240_000 }, () => it.as({ language: null, tolerate }, async (page) => {
    for (const language of LANGUAGES) {
      await speak(page, language);
      for (const [name, choice, button] of [
        ['wrong-key', { failure: 'wrong-key' }],
        ['expired', { failure: 'expired' }],
        ['malformed', { failure: 'malformed' }],
        ['stranger', { person: 'stranger' }],
        ['abroad', { person: 'abroad' }],
        ['cancelled', {}, '#cancel'],
      ]) {
        await toItsme(page);
        await confirm(page, choice, button);
        assert.ok((await page.locator(ON.reference).count()) > 0, `${name}: ${page.url()}`);
        await inspectAsItIs(page, { language, name: `itsme-${name}` });
      }
      await page.goto(`${it.login}/federated/itsme/callback?code=c&state=${'A'.repeat(43)}`);
      await inspectAsItIs(page, { language, name: 'itsme-returned-elsewhere' });
      // Four malformed answers in a row would put it out of order for the others: one that is well closes the row.
      await toItsme(page);
      await confirm(page, { person: it.people.physician.user });
      await page.context().clearCookies();
    }
  }));

  test('LOGIN_1 when itsme is silent there is a page, and after five times the key is out of order', { timeout: 120_000 }, () => it.as({ language: 'de', tolerate }, async (page) => {
    for (let time = 0; time < 5; time += 1) {
      await toItsme(page);
      await confirm(page, { failure: time === 0 ? 'slow' : 'malformed' });
      assert.ok((await page.locator(ON.reference).count()) > 0);
    }
    await page.goto(it.register);
    assert.equal(await page.locator(ON.key.itsme).count(), 0);
    assert.ok((await page.locator(ON.key.totp).count()) > 0);
    await inspectAsItIs(page, { language: 'de', name: 'login-itsme-out-of-order' });
  }));
});
