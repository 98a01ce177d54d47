// PROXY-1, PROXY-2: passing the gateway, being refused by it, and coming back to where one was.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, LANGUAGES, ON, audit, chooseProfile, loginAs, screenshot, speaks } from '../harness.mjs';
import { setting } from './setting.mjs';

describe('passing the gateway', () => {
  const it = setting({ backend: true });

  for (const javaScript of [true, false]) {
    test(`PROXY_1 who is not logged in logs in and is back where they were (JavaScript ${javaScript ? 'on' : 'off'})`, () => it.as({ javaScript }, async (page) => {
      const { physician } = it.people;
      const wanted = `${it.register}/dossiers/${physician.nihdi}?tab=2`;
      await page.goto(wanted);
      assert.equal(new URL(page.url()).origin, it.login);
      await loginAs(page, it.gateway, physician, 'totp');
      await chooseProfile(page, { as: DEMO.professions.physician });
      assert.equal(page.url(), wanted);
      assert.equal(await page.locator(ON.register.actor).innerText(), physician.name);
      assert.equal(await page.locator(ON.register.banner).getAttribute('data-backend'), 'node');
    }));
  }

  test('PROXY_1 a script without a session is told 401, not sent to a page', () => it.as({}, async (page) => {
    const [status, type] = await (async () => {
      const response = await fetch(`${it.register}/dossiers/${it.people.physician.nihdi}`, { headers: { accept: 'application/json', 'sec-fetch-mode': 'cors' }, redirect: 'manual' });
      return [response.status, response.headers.get('content-type')];
    })();
    assert.deepEqual([status, type], [401, 'application/problem+json']);
    await page.goto(`${it.register}/dossiers/${it.people.physician.nihdi}`);
    assert.equal(new URL(page.url()).origin, it.login, 'the twin: a person is sent to log in');
  }));

  for (const language of LANGUAGES) {
    test(`PROXY_2 a refusal says what is missing, in ${language}, with a reference number`, () => it.as({ language, width: 320 }, async (page) => {
      const { physiotherapist, physician } = it.people;
      await page.goto(`${it.register}/dossiers/${physiotherapist.nihdi}`);
      await loginAs(page, it.gateway, physiotherapist, 'email');
      if ((await page.locator(ON.as).count()) > 0) await chooseProfile(page, { as: DEMO.citizen });
      const response = await page.goto(`${it.register}/dossiers/${physiotherapist.nihdi}`);
      // An e-mail code is not enough, or Citizen is not: either way the person is told and led on.
      assert.ok([200, 403].includes(response.status()), String(response.status()));
      if (response.status() === 403) {
        await speaks(page, language);
        assert.ok((await page.locator(ON.reference).count()) > 0, 'no reference number');
        assert.ok((await page.locator('main a[href], main button').count()) > 0, 'no way on');
        await audit(page);
        await screenshot(page, `refusal-${language}`);
      }
      const hidden = await page.goto(`${it.register}/dossiers/${physician.nihdi}`);
      assert.equal(hidden.status(), 404);
      const nowhere = await page.goto(`${it.register}/dossiers/00000000000`);
      assert.equal(nowhere.status(), 404);
      await speaks(page, language);
      await audit(page);
    }));
  }

  test('PROXY_2 what is hidden and what does not exist are one page', () => it.as({}, async (page) => {
    const { director, physician } = it.people;
    await page.goto(it.login);
    await loginAs(page, it.gateway, director);
    if ((await page.locator(ON.as).count()) > 0) await chooseProfile(page, { as: DEMO.citizen });
    const texts = [];
    for (const number of [physician.nihdi, '00000000000']) {
      await page.goto(`${it.register}/dossiers/${number}`);
      const reference = await page.locator(ON.reference).first().innerText().catch(() => '');
      texts.push((await page.locator('main').innerText()).replaceAll(reference || '\0', 'REFERENCE'));
    }
    assert.equal(texts[0], texts[1]);
  }));
});
