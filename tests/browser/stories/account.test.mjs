// LOGIN-12: who has no account makes one, does not finish the application, and resumes it at another login; with and without
// JavaScript. The pages in four languages and two widths.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Inbox, LANGUAGES, ON, codeIn, inspectAsItIs, linkIn, speak, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

const PASSWORD = 'vier kikkers in de sloot';

describe('an account of one’s own', () => {
  const it = setting();
  const login = () => it.gateway.login('lklr');
  const application = () => `${it.gateway.register('kwaliteitsregister', 'lklr')}/application`;
  const fill = async (page, fields) => {
    for (const [name, value] of Object.entries(fields)) await page.fill(`main input[name=${name}]`, value);
  };
  /// Asks for an account, and opens the link of the mail.
  const ask = async (page, email) => {
    await page.goto(`${login()}/account/new`);
    await fill(page, { email, new_password: PASSWORD });
    const { mail } = await new Inbox(it.gateway).after(email, () => submit(page, ON.newPassword));
    return linkIn(mail);
  };
  const confirm = async (page, password) => {
    await fill(page, { given_name: 'Noa', family_name: 'Smit', password });
    return submit(page, ON.password);
  };
  /// Logs in where a key is to be chosen, with a code by mail.
  const logIn = async (page, email) => {
    await page.locator(ON.key.email).click();
    await fill(page, { user_name: email, password: PASSWORD });
    const { mail } = await new Inbox(it.gateway).after(email, () => submit(page, ON.password));
    await page.fill(ON.code, codeIn(mail));
    return submit(page, ON.code);
  };

  for (const javaScript of [true, false]) {
    test(`LOGIN_12 an application that was not finished is resumed (${javaScript ? 'with' : 'without'} JavaScript)`, { timeout: 240_000 }, async () => {
      const email = `noa.${javaScript ? 'met' : 'zonder'}@example.org`;
      await it.as({ javaScript }, async (page) => {
        await page.goto(application());
        assert.ok(page.url().startsWith(login()), page.url());
        await page.locator('main a[href="/account/new"]').click();
        await page.goto(await ask(page, email));
        await confirm(page, 'een ander wachtwoord');
        assert.ok((await page.locator(ON.problem).count()) > 0, 'another password is not refused');
        await confirm(page, PASSWORD);
        await page.locator(`main a[href="${application()}"]`).click();
        await logIn(page, email);
        assert.equal(page.url(), application());
        await page.fill('#employer', 'Gemeente Voorbeeld');
        await submit(page, '#employer');
        assert.match(await page.locator('#state').innerText(), /bewaard/i);
      });
      await it.as({ javaScript }, async (page) => {
        await page.goto(application());
        await logIn(page, email);
        assert.equal(page.url(), application(), 'the gateway leads back to it');
        assert.equal(await page.inputValue('#employer'), 'Gemeente Voorbeeld');
        await page.fill('#hours', '24');
        await page.check('#code');
        await page.locator('button[formaction="/application/submission"]').click();
        assert.match(await page.locator('#state').innerText(), /in behandeling/i);
      });
    });
  }

  test('LOGIN_12 the pages, in four languages and two widths', { timeout: 300_000 }, () => it.as({ language: null }, async (page) => {
    for (const language of LANGUAGES) {
      const email = `noa.${language}@example.org`;
      await speak(page, language);
      await page.goto(`${login()}/account/new`);
      await inspectAsItIs(page, { language, name: 'new-account' });
      await submit(page, ON.newPassword);
      await inspectAsItIs(page, { language, name: 'new-account-missing' });
      const link = await ask(page, email);
      await inspectAsItIs(page, { language, name: 'new-account-sent' });
      await page.goto(link);
      await inspectAsItIs(page, { language, name: 'confirm-account' });
      await confirm(page, PASSWORD);
      await inspectAsItIs(page, { language, name: 'account-made' });
      await page.goto(link);
      await inspectAsItIs(page, { language, name: 'account-link-spent' });
      await page.context().clearCookies();
      await page.goto(application());
      await logIn(page, email);
      await inspectAsItIs(page, { language, name: 'application' });
    }
  }));
});
