// LOOKUP-1: anyone looks up who is registered, without logging in: by mouse and by keyboard, with and without JavaScript, in four
// languages and two widths.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LANGUAGES, ON, inspectAsItIs, speak, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

describe('lookup', () => {
  const it = setting();
  const place = () => `${it.gateway.login('lklr')}/lookup`;
  const rows = (page) => page.locator('main tbody tr').allInnerTexts();
  const lookUp = async (page, fields) => {
    await page.goto(place());
    for (const [name, value] of Object.entries(fields)) await page.fill(`main input[name=${name}]`, value);
    return submit(page, 'main input[name=name]');
  };

  for (const javaScript of [true, false]) {
    test(`LOOKUP_1 a name, a number and a status, and nothing for who is not registered (${javaScript ? 'with' : 'without'} JavaScript)`, { timeout: 120_000 }, () => it.as({ javaScript }, async (page) => {
      const { certified } = it.people;
      await page.goto(it.gateway.login('lklr'));
      await page.locator('main a[href="/lookup"]').click();
      assert.equal(page.url(), place(), 'the way there from the login page');
      await lookUp(page, { name: 'van den berg' });
      const [row, ...more] = await rows(page);
      assert.equal(more.length, 0);
      for (const shown of [certified.name, certified.registration]) assert.ok(row.includes(shown), row);
      assert.match(row, /gecertificeerd/i);
      assert.ok(!(await page.content()).includes(certified.user), 'no address');
      await lookUp(page, { number: certified.registration });
      assert.equal((await rows(page)).length, 1);
      for (const nobody of ['de Wit', 'Meijer', 'Be%g', 'Ber']) {
        await lookUp(page, { name: nobody });
        assert.equal((await rows(page)).length, 0, nobody);
        assert.match(await page.locator('#results').innerText(), /0/);
      }
      await lookUp(page, {});
      assert.ok((await page.locator(ON.problem).count()) > 0, 'nothing was asked, and it is not said');
    }));
  }

  test('LOOKUP_1 by keyboard alone', { timeout: 60_000 }, () => it.as({}, async (page) => {
    await page.goto(place());
    await page.locator('main input[name=name]').focus();
    await page.keyboard.type('Jansen');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#results');
    assert.equal((await rows(page)).length, 2);
  }));

  test('LOOKUP_1 the page, in four languages and two widths', { timeout: 300_000 }, () => it.as({ language: null }, async (page) => {
    for (const language of LANGUAGES) {
      await speak(page, language);
      await page.goto(place());
      await inspectAsItIs(page, { language, name: 'lookup' });
      await lookUp(page, { name: 'Jansen' });
      await inspectAsItIs(page, { language, name: 'lookup-found' });
      await lookUp(page, { name: 'Nergens' });
      await inspectAsItIs(page, { language, name: 'lookup-none' });
      await lookUp(page, { name: 'Be' });
      await inspectAsItIs(page, { language, name: 'lookup-wrong' });
    }
  }));
});
