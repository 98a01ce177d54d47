// LOGIN-1, LOGIN-14: FAS, the key that people know as CSAM, as a person meets it in the demo, whose stand-in says that it is not CSAM.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, LANGUAGES, ON, chooseProfile, click, inspectAsItIs, speak } from '../harness.mjs';
import { setting } from './setting.mjs';

const tolerate = [/^50[23] GET .*\/federated\//];

describe('FAS', () => {
  const it = setting();
  const toFas = async (page, at = it.register) => {
    await page.goto(at);
    await click(page, ON.key.fas);
    assert.match(page.url(), /^http:\/\/fas\.localhost/);
  };
  const confirm = async (page, { person, level, failure } = {}, button = '#confirm') => {
    if (person) await page.locator('#person').selectOption(person);
    if (level) await page.locator('#level').selectOption(level);
    if (failure) await page.locator('#failure').selectOption(failure);
    await page.locator(button).click();
    await page.waitForURL(/^http:\/\/(?!fas\.)/, { timeout: 20_000 });
    await page.waitForLoadState();
  };

  test('LOGIN_1 from the register to FAS, to the profile, and back to the register', () => it.as({ javaScript: false }, async (page) => {
    await toFas(page);
    await confirm(page, { person: it.people.physician.user });
    await chooseProfile(page, { as: DEMO.professions.physician });
    assert.ok(page.url().startsWith(it.register), page.url());
    assert.match(await page.locator(ON.register.actor).innerText(), /Jan Claes/);
    await page.goto(it.login);
    assert.match(await page.locator('main').innerText(), /CSAM/);
  }));

  test('LOGIN_14 what asks more sends the person through the eID card, and back', () => it.as({}, async (page) => {
    await toFas(page, `${it.register}/.poort/begin?return=/&least=high`);
    await confirm(page, { person: it.people.physician.user, level: 'app' });
    assert.ok((await page.locator(ON.reference).count()) > 0, 'a code of an app is not enough');
    await page.locator('main a[href^="/login/"]').first().click();
    await click(page, ON.key.fas);
    await confirm(page, { person: it.people.physician.user, level: 'eid' });
    await chooseProfile(page, { as: DEMO.professions.physician });
    assert.ok(page.url().startsWith(it.register), page.url());
  }));

  test('LOGIN_1 the stand-in, and what goes wrong there; in four languages', { timeout: 240_000 }, () => it.as({ language: null, tolerate }, async (page) => {
    for (const language of LANGUAGES) {
      await speak(page, language);
      await page.goto(it.login);
      await click(page, ON.key.fas);
      await inspectAsItIs(page, { language, name: 'fas-demo' });
      for (const [name, choice, button] of [
        ['wrong-key', { failure: 'wrong-key' }],
        ['stranger', { person: 'stranger' }],
        ['abroad', { person: 'abroad' }],
        ['cancelled', {}, '#cancel'],
      ]) {
        await toFas(page);
        await confirm(page, choice, button);
        assert.ok((await page.locator(ON.reference).count()) > 0, `${name}: ${page.url()}`);
        await inspectAsItIs(page, { language, name: `fas-${name}` });
      }
      await page.context().clearCookies();
    }
  }));
});
