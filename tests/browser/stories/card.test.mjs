// LOGIN-1, LOGIN-2: the identity card in a reader, as a person meets it in the demo: its stand-in plays the Web eID extension in a dialog that
// says that it is no card reader. Without the stand-in there is no extension, and the page says how to go on.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, LANGUAGES, ON, WIDTHS, chooseProfile, click, inspect, inspectAsItIs, speak } from '../harness.mjs';
import { setting } from './setting.mjs';

const tolerate = [/^50[23] POST .*\/federated\//];

describe('the identity card', () => {
  const it = setting();
  const toCard = async (page, at = it.register) => {
    await page.goto(at);
    await click(page, ON.key.card);
    await page.locator('#use-card').waitFor();
  };
  const ask = async (page) => {
    await page.locator('#use-card').click();
    await page.locator('#demo-card-confirm').waitFor();
  };
  const confirm = async (page, { person, card } = {}) => {
    if (person) await page.locator('#demo-card-person').selectOption(person);
    if (card) await page.locator('#demo-card-what').selectOption(card);
    await page.locator('#demo-card-confirm').click();
  };
  const says = (page, why) => page.locator(`[data-card-says="${why}"]`).waitFor();

  test('LOGIN_1 from the register to the card, to the profile, and back to the register', () => it.as({}, async (page) => {
    await toCard(page, `${it.register}/.poort/begin?return=/&least=high`);
    await ask(page);
    await Promise.all([page.waitForURL(/\/profile|dossier/), confirm(page, { person: it.people.physician.user })]);
    await page.waitForLoadState();
    await chooseProfile(page, { as: DEMO.professions.physician });
    assert.ok(page.url().startsWith(it.register), page.url());
    assert.match(await page.locator(ON.register.actor).innerText(), /Jan Claes/);
  }));

  test('LOGIN_1 the page, and what can go wrong; in four languages', { timeout: 240_000 }, () => it.as({ language: null, tolerate }, async (page) => {
    for (const language of LANGUAGES) {
      await speak(page, language);
      await toCard(page, it.login);
      await inspectAsItIs(page, { language, name: 'card' });
      await ask(page);
      // Behind the dialog nothing can be reached, so there is no walk through the whole page.
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await inspect(page, { language, width, name: 'card-demo', keyboard: false });
      }
      await page.locator('#demo-card-cancel').click();
      await says(page, 'cancelled');
      await inspectAsItIs(page, { language, name: 'card-cancelled' });
      await ask(page);
      await Promise.all([page.waitForURL(/\/callback$/), confirm(page, { person: it.people.physician.user, card: 'revoked' })]);
      assert.ok((await page.locator(ON.reference).count()) > 0, page.url());
      await inspectAsItIs(page, { language, name: 'card-revoked' });
      await page.context().clearCookies();
    }
  }));

  test('LOGIN_1 what the extension says is told in words, and the next try is another one', () => it.as({ tolerate }, async (page) => {
    await toCard(page, it.login);
    for (const [card, why] of [['no-card', 'cancelled'], ['pin', 'failed'], ['late', 'late'], ['old', 'old']]) {
      await ask(page);
      await confirm(page, { card });
      await says(page, why);
      assert.equal(await page.locator('[data-card-says]:visible').count(), 1, card);
    }
    for (const [person, card] of [[it.people.physician.user, 'expired'], [it.people.physician.user, 'unanswered'], ['stranger', 'good']]) {
      await toCard(page, it.login);
      await ask(page);
      await Promise.all([page.waitForURL(/\/callback$/), confirm(page, { person, card })]);
      assert.ok((await page.locator(ON.reference).count()) > 0, `${card} ${page.url()}`);
      await page.locator('main a').first().click();
    }
  }));

  test('LOGIN_1 without the extension, and without JavaScript, the page says how to go on', async () => {
    await it.as({}, async (page) => {
      await page.route(/^http:\/\/eid\.localhost/, (route) => route.abort());
      await toCard(page, it.login);
      await page.locator('#use-card').click();
      await says(page, 'no-extension');
      // What another window, or a frame, says is not heard: only this page's own messages count.
      await page.evaluate(() => window.dispatchEvent(new MessageEvent('message', { origin: 'https://evil.example', source: null, data: { action: 'web-eid:authenticate-success' } })));
      assert.match(page.url(), /\/with\/eid$/);
    });
    await it.as({ javaScript: false }, async (page) => {
      await page.goto(it.login);
      await click(page, ON.key.card);
      assert.ok(await page.locator('[data-card-without]').isVisible());
      assert.ok(!(await page.locator('#use-card').isVisible()));
      await click(page, '#other-key');
      assert.ok((await page.locator(ON.key.totp).count()) > 0);
    });
  });
});
