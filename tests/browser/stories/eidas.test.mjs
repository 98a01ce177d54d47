// LOGIN-1, LOGIN-2, LOGIN-13: a European means (eIDAS), and FAS by SAML, as people meet them in the demo, whose stand-ins say that they are neither.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, LANGUAGES, ON, chooseProfile, click, inspectAsItIs, speak } from '../harness.mjs';
import { setting } from './setting.mjs';

const tolerate = [/^50[23] GET .*\/federated\//, /^403 GET .*\/federated\//];

describe('a European means, and FAS by SAML', () => {
  const it = setting({ args: ['--fas-saml'] });
  const leave = async (page, key = 'eidas', at = it.login) => {
    await page.goto(at);
    await click(page, ON.key[key]);
    await click(page, `form[action*="//${key}.localhost"] button`);
    assert.ok(page.url().startsWith(`http://${key}.localhost`), page.url());
  };
  const confirm = async (page, { person, level, failure } = {}, button = '#confirm') => {
    if (person) await page.locator('#person').selectOption(person);
    if (level) await page.locator('#level').selectOption(level);
    if (failure) await page.locator('#failure').selectOption(failure);
    await page.locator(button).click();
    await page.locator('#go-on').click();
    await page.waitForURL(/^http:\/\/(?!(eidas|fas)\.)/, { timeout: 20_000 });
    await page.waitForLoadState();
  };

  test('LOGIN_1 somebody of Greece logs in, and is called by their name in Latin letters', () => it.as({}, async (page) => {
    await leave(page);
    assert.match(await page.locator('#person').innerText(), /Ελένη Παπαδοπούλου/);
    await confirm(page, { person: 'eleni', level: 'substantial' });
    await page.goto(it.login);
    assert.match(await page.locator('body').innerText(), /Eleni Papadopoulou/);
  }));

  test('LOGIN_13 for a company of another country, and within it', () => it.as({ javaScript: false }, async (page) => {
    await leave(page);
    await confirm(page, { person: 'company' });
    await page.goto(it.login);
    assert.match(await page.locator('body').innerText(), /Hafen Apotheken GmbH/);
  }));

  test('LOGIN_1 FAS by SAML, to the register', () => it.as({}, async (page) => {
    await leave(page, 'fas', it.register);
    await confirm(page, { person: it.people.physician.user });
    await chooseProfile(page, { as: DEMO.professions.physician });
    assert.ok(page.url().startsWith(it.register), page.url());
    assert.match(await page.locator(ON.register.actor).innerText(), /Jan Claes/);
  }));

  test('LOGIN_2 the keys and the stand-in, in four languages', { timeout: 240_000 }, () => it.as({ language: null }, async (page) => {
    for (const language of LANGUAGES) {
      await speak(page, language);
      await page.goto(it.login);
      await inspectAsItIs(page, { language, name: 'login-eidas' });
      await click(page, ON.key.eidas);
      await click(page, 'form[action*="//eidas.localhost"] button');
      await inspectAsItIs(page, { language, name: 'eidas-demo' });
    }
  }));

  test('LOGIN_1 what does not do ends in a page that says what to do', { timeout: 240_000 }, () => it.as({ language: null, tolerate }, async (page) => {
    for (const language of ['nl', 'fr']) {
      await speak(page, language);
      for (const [name, choice, button] of [
        ['unknown', { person: 'stranger' }],
        ['for-another', { person: 'another' }],
        ['wrong-recipient', { failure: 'wrong-recipient' }],
        ['wrong-key', { failure: 'wrong-key' }],
        ['expired', { failure: 'expired' }],
        ['cancelled', {}, '#cancel'],
      ]) {
        await leave(page);
        await confirm(page, choice, button);
        assert.ok((await page.locator(ON.reference).count()) > 0, `${name}: ${page.url()}`);
        if (['unknown', 'for-another'].includes(name)) await inspectAsItIs(page, { language, name: `eidas-${name}` });
      }
    }
  }));
});
