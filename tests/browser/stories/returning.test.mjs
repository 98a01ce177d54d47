// LOGIN-4, LOGIN-9: told to log in another way, or once more, a person comes back to where they were, and nothing is sent twice.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, LANGUAGES, ON, chooseProfile, click, inspectAsItIs, loginAs, speak, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

describe('logging in again, and coming back', () => {
  const it = setting();
  const person = (user) => it.gateway.people.find((one) => one.user === user);

  test('LOGIN_4 the specialists\' register explains why it asks DigiD, and leads back', { timeout: 120_000 }, () => it.as({ language: null }, async (page) => {
    const noor = person('noor.vandam@example.org');
    const specialists = it.gateway.register('specialisten', 'mijnrgs');
    await speak(page, 'nl');
    await page.goto(`${it.gateway.register('opleiding', 'mijnrgs')}/me`);
    assert.equal(await page.locator(ON.key.digid).count(), 0, 'under private law no national number is used');
    await loginAs(page, it.gateway, noor);
    await chooseProfile(page, { as: /aios/i });
    for (const language of ['en', 'nl']) { // those of MijnRGS
      await speak(page, language);
      await page.goto(`${specialists}/me?x=1`);
      assert.match(await page.locator('#other-key').innerText(), /DigiD/);
      assert.equal(await page.locator(ON.key.totp).count(), 0, 'only what does');
      await inspectAsItIs(page, { language, name: 'login-other-key' });
    }
    await click(page, ON.key.digid);
    await page.locator('#person').selectOption(noor.user);
    await page.locator('#confirm').click();
    await page.waitForURL(/^http:\/\/(?!digid\.)/, { timeout: 20_000 });
    await page.waitForLoadState();
    await chooseProfile(page, { as: /^specialist$/i });
    assert.equal(page.url(), `${specialists}/me?x=1`);
    assert.match(await page.locator('main').innerText(), /Noor van Dam/, 'who she was');
  }));

  test('LOGIN_9 a form whose session has ended is kept, shown and sent once', { timeout: 180_000 }, () => it.as({ language: null, tolerate: [/^401 /] }, async (page, someone) => {
    const { physician } = it.people;
    const file = `${it.register}/dossiers/${physician.nihdi}`;
    const enter = async (tab) => {
      await loginAs(tab, it.gateway, physician);
      await chooseProfile(tab, { as: DEMO.professions.physician });
    };
    await speak(page, 'nl');
    await page.goto(file);
    await enter(page);
    await page.locator('#remark').fill('Bel mij & <snel>');
    // The session ends elsewhere.
    await it.as({ language: 'nl' }, async (elsewhere) => {
      await elsewhere.goto(it.login);
      await enter(elsewhere);
      await elsewhere.goto(it.login);
      await submit(elsewhere, 'form[action="/sessions/end"] button[value="others"]');
    });
    await submit(page, '#remark');
    // A page leads on by itself: the policy of the register's page allows no redirect after its form.
    await page.waitForURL((url) => url.origin === it.login, { timeout: 20_000 });
    await page.waitForLoadState();
    await enter(page);
    const waiting = page.url();
    assert.match(waiting, /\/\.poort\/kept\?form=/);
    for (const language of [...LANGUAGES].reverse()) {
      await speak(page, language);
      await page.goto(waiting);
      assert.match(await page.locator('main').innerText(), /Bel mij & <snel>/);
      await inspectAsItIs(page, { language, name: 'kept-form' });
    }
    const form = 'form[action="/.poort/kept"] button';
    // In two tabs: the second one hears that it was sent.
    const second = await someone.page();
    await speak(second, 'nl');
    await second.goto(waiting);
    await submit(page, form);
    assert.equal(new URL(page.url()).origin, it.register);
    await submit(second, form);
    await inspectAsItIs(second, { language: 'nl', name: 'kept-form-sent' });
    await page.goto(file);
    const entries = await page.locator('.entry', { hasText: 'Bel mij & <snel>' }).count();
    assert.equal(entries, 1, 'once');
  }));
});
