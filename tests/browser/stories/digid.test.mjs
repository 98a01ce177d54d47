// LOGIN-1, LOGIN-3: DigiD, as a person meets it in the demo, whose stand-in says that it is not DigiD.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ON, click, inspectAsItIs, speak } from '../harness.mjs';
import { setting } from './setting.mjs';

const tolerate = [/^50[23] GET .*\/federated\//];
const languages = ['nl', 'en']; // those of MijnRGS
const sanne = 'sanne.devries@example.org';

describe('DigiD', () => {
  const it = setting();
  const login = () => it.gateway.login('mijnrgs');
  const toDigid = async (page) => {
    await page.goto(login());
    await click(page, ON.key.digid);
    assert.match(page.url(), /^http:\/\/digid\.localhost/);
  };
  /// Logs in there, and comes back: the stand-in's last page goes on by itself.
  const confirm = async (page, { person, level, failure } = {}, button = '#confirm') => {
    if (person) await page.locator('#person').selectOption(person);
    if (level) await page.locator('#level').selectOption(level);
    if (failure) await page.locator('#failure').selectOption(failure);
    await page.locator(button).click();
    await page.waitForURL(/^http:\/\/(?!digid\.)/, { timeout: 20_000 });
    await page.waitForLoadState();
  };

  for (const javaScript of [true, false]) {
    test(`LOGIN_1 to DigiD and into one's own account (JavaScript ${javaScript ? 'on' : 'off'})`, () => it.as({ javaScript }, async (page) => {
      await toDigid(page);
      assert.equal(await page.locator('#level').inputValue(), 'midden', 'the least that does');
      await confirm(page, { person: sanne });
      await page.goto(login());
      const account = await page.locator('main').innerText();
      assert.match(account, /Sanne de Vries/);
      assert.match(account, /DigiD/);
    }));
  }

  test('LOGIN_3 a first login makes an account, which has no name yet', () => it.as({ language: 'nl' }, async (page) => {
    await toDigid(page);
    await confirm(page, { person: 'stranger', level: 'hoog' });
    await page.goto(login());
    assert.match(await page.locator('main').innerText(), /naam nog niet bekend/);
    await inspectAsItIs(page, { language: 'nl', name: 'digid-first-login' });
  }));

  test('LOGIN_2 the login page and the stand-in, in the tenant\'s languages', { timeout: 120_000 }, () => it.as({ language: null }, async (page) => {
    for (const language of languages) {
      await speak(page, language);
      await page.goto(login());
      await inspectAsItIs(page, { language, name: 'login-digid' });
      await click(page, ON.key.digid);
      await inspectAsItIs(page, { language, name: 'digid-demo' });
    }
  }));

  test('LOGIN_1 what goes wrong there ends in a page', { timeout: 240_000 }, () => it.as({ language: null, tolerate }, async (page) => {
    for (const language of languages) {
      await speak(page, language);
      for (const [name, choice, button] of [
        ['wrong-key', { failure: 'wrong-key' }],
        ['expired', { failure: 'expired' }],
        ['malformed', { failure: 'malformed' }],
        ['abroad', { person: 'abroad' }],
        ['too-low', { level: 'basis' }],
        ['cancelled', {}, '#cancel'],
      ]) {
        await toDigid(page);
        await confirm(page, choice, button);
        assert.ok((await page.locator(ON.reference).count()) > 0, `${name}: ${page.url()}`);
        await inspectAsItIs(page, { language, name: `digid-${name}` });
      }
      await page.goto(`${login()}/federated/digid/callback?SAMLart=x&RelayState=${'A'.repeat(43)}`);
      await inspectAsItIs(page, { language, name: 'digid-returned-elsewhere' });
      // One that is well closes the row of failures, so that it is not out of order for the others.
      await toDigid(page);
      await confirm(page, { person: sanne });
      await page.context().clearCookies();
    }
  }));

  test('LOGIN_1 when DigiD is silent there is a page within ten seconds', { timeout: 60_000 }, () => it.as({ language: 'en', tolerate }, async (page) => {
    await toDigid(page);
    await confirm(page, { failure: 'slow' });
    assert.ok((await page.locator(ON.reference).count()) > 0);
  }));
});
