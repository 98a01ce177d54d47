// What anyone sees before logging in: each page in each language, on a phone and on a desktop, by keyboard, under axe.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, ON, audit, click, eachLanguageAndWidth, fits, inspect, keyboardWalk, screenshot } from '../harness.mjs';
import { setting } from './setting.mjs';

describe('opening', () => {
  const it = setting();

  test('the demo’s first page names the tenants', async () => {
    await it.as({}, async (page) => {
      const response = await page.goto(it.gateway.origin);
      assert.equal(response.status(), 200);
      for (const tenant of Object.keys(DEMO.tenants)) assert.ok((await page.locator(ON.tenantLink(tenant)).count()) > 0, tenant);
      await fits(page);
      await audit(page);
      await keyboardWalk(page);
      await screenshot(page, 'tenants');
      await click(page, ON.tenantLink('progezondheid'));
      assert.equal(new URL(page.url()).origin, it.login);
    });
  });

  test('an address of nobody is 421, with a page', async () => {
    await it.as({}, async (page) => {
      const response = await page.goto(`${DEMO.origin('nobody.localhost', it.gateway.port)}/`);
      assert.equal(response.status(), 421);
      await audit(page);
    });
  });

  for (const [tenant, { languages }] of Object.entries(DEMO.tenants)) {
    test(`LOGIN_2 ${tenant}: the keys, the password and the forgotten password, in ${languages.join(', ')}`, async () => {
      await eachLanguageAndWidth(it.browser, languages, async (page, { language, width }) => {
        const see = (name) => inspect(page, { language, width, name: `${tenant}-${name}` });
        await page.goto(it.gateway.login(tenant));
        assert.ok((await page.locator(ON.key.totp).count()) === 1 && (await page.locator(ON.key.email).count()) === 1);
        await see('login');
        await click(page, ON.key.totp);
        await see('password');
        await page.goto(`${it.gateway.login(tenant)}/password/forgotten`);
        await see('forgotten');
      });
    });
  }

  test('a language is chosen by a form and kept', async () => {
    await it.as({ language: 'nl' }, async (page) => {
      await page.goto(it.login);
      await click(page, ON.language('de'));
      assert.equal(await page.locator('html').getAttribute('lang'), 'de');
      await page.goto(it.login);
      assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    });
  });

  test('every page forbids foreign scripts and framing', async () => {
    const response = await fetch(it.login, { redirect: 'follow' });
    const policy = response.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'|default-src 'self'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|script-src[^;]*\*/);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.match(response.headers.get('referrer-policy'), /no-referrer|same-origin/);
    assert.match(response.headers.get('cache-control'), /no-store/);
  });
});
