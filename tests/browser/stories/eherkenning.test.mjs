// LOGIN-13: eHerkenning, as somebody of HR meets it in the demo, whose stand-in says that it is not eHerkenning.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ON, click, inspectAsItIs, speak } from '../harness.mjs';
import { setting } from './setting.mjs';

const tolerate = [/^50[23] GET .*\/federated\//, /^403 GET .*\/federated\//];
const languages = ['nl', 'fr', 'de', 'en']; // those of Registerplein

describe('eHerkenning', () => {
  const it = setting();
  const login = () => it.gateway.login('registerplein');
  const leave = async (page) => {
    await page.goto(login());
    await click(page, ON.key.eherkenning);
    await click(page, 'form[action*="//eherkenning.localhost"] button');
    assert.match(page.url(), /^http:\/\/eherkenning\.localhost/);
  };
  /// Logs in there, and comes back by a form of another site: what the browser keeps with our host stays behind, and comes along after it.
  const confirm = async (page, { person, level, failure } = {}, button = '#confirm') => {
    if (person) await page.locator('#person').selectOption(person);
    if (level) await page.locator('#level').selectOption(level);
    if (failure) await page.locator('#failure').selectOption(failure);
    await page.locator(button).click();
    await page.locator('#go-on').click();
    await page.waitForURL(/^http:\/\/(?!eherkenning\.)/, { timeout: 20_000 });
    await page.waitForLoadState();
  };

  for (const javaScript of [true, false]) {
    test(`LOGIN_13 for De Linde, and within it (JavaScript ${javaScript ? 'on' : 'off'})`, () => it.as({ javaScript }, async (page) => {
      await leave(page);
      assert.equal(await page.locator('#level').inputValue(), 'eH3', 'the level of the service');
      await confirm(page, { person: 'hr-0' });
      await page.goto(login());
      assert.match(await page.locator('body').innerText(), /Maatwerk De Linde/);
    }));
  }

  test('LOGIN_13 the login page and the stand-in, in the tenant\'s languages', { timeout: 180_000 }, () => it.as({ language: null }, async (page) => {
    for (const language of languages) {
      await speak(page, language);
      await page.goto(login());
      await inspectAsItIs(page, { language, name: 'login-eherkenning' });
      await click(page, ON.key.eherkenning);
      await click(page, 'form[action*="//eherkenning.localhost"] button');
      await inspectAsItIs(page, { language, name: 'eherkenning-demo' });
    }
  }));

  test('LOGIN_13 what does not do ends in a page that says what to do', { timeout: 240_000 }, () => it.as({ language: null, tolerate }, async (page) => {
    for (const language of ['nl', 'de']) {
      await speak(page, language);
      for (const [name, choice, button] of [
        ['unknown', { person: 'stranger' }],
        ['branch', { person: 'branch' }],
        ['too-low', { level: 'eH2' }],
        ['wrong-key', { failure: 'wrong-key' }],
        ['wrong-recipient', { failure: 'wrong-recipient' }],
        ['cancelled', {}, '#cancel'],
      ]) {
        await leave(page);
        await confirm(page, choice, button);
        assert.ok((await page.locator(ON.reference).count()) > 0, `${name}: ${page.url()}`);
        await inspectAsItIs(page, { language, name: `eherkenning-${name}` });
      }
    }
  }));
});
