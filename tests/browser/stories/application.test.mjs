// OIDC-1 in Chromium: an application on another host, under the policy that is shipped.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { createApp, DEFAULTS } from '../../peers/client/app.mjs';
import { DEMO, LANGUAGES, ON, arriveAt, chooseProfile, click, inspectAsItIs, loginAs, rememberCookies, speak, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

async function startApp(issuer) {
  const app = await createApp({ issuer });
  const jwksFile = path.join(mkdtempSync(path.join(tmpdir(), 'poort-app-')), 'jwks.json');
  writeFileSync(jwksFile, JSON.stringify(app.clientKey.jwks));
  return { ...app, jwksFile };
}

describe('an application', () => {
  const it = setting({ app: startApp });

  for (const kind of ['basic', 'key']) {
    for (const javaScript of [true, false]) {
      // Two people, so that none of them needs a third authenticator code within a minute.
      const role = kind === 'basic' ? 'physician' : 'physiotherapist';
      test(`OIDC_1 logs in with a profile choice, refreshes and logs out (${kind}, JavaScript ${javaScript ? 'on' : 'off'})`, { timeout: 120_000 }, () => it.as({ javaScript }, async (page) => {
        await page.goto(it.app.origin);
        await page.locator(ON.app.login(kind)).click();
        await page.waitForURL((url) => url.origin === it.login);
        await loginAs(page, it.gateway, it.people[role]);
        await chooseProfile(page, { as: DEMO.professions[role] });
        await arriveAt(page, it.app.origin);
        await rememberCookies(page, it.gateway);
        const seen = JSON.parse(await page.locator(ON.app.claims).innerText());
        assert.equal(seen.id_token.iss, it.login);
        assert.equal(seen.id_token.aud, DEFAULTS[kind].id);
        assert.equal(seen.userinfo.sub, seen.id_token.sub);
        assert.ok(seen.has_refresh_token);
        await submit(page, ON.app.refresh);
        assert.equal(JSON.parse(await page.locator(ON.app.claims).innerText()).refreshed, 1);
        await click(page, ON.app.logout);
        if ((await page.locator(ON.endSession).count()) > 0) await click(page, ON.endSession);
        await page.waitForURL(`${it.app.origin}/goodbye**`);
        assert.deepEqual(JSON.parse(await page.locator(ON.app.goodbye).innerText()), { state_matches: true });
      }));
    }
  }

  // It goes on by itself; here the way to the application is shut, so that it stays to be looked at.
  for (const [index, language] of LANGUAGES.entries()) {
    test(`OIDC_1 the page on the way to the application, and its link (${language})`, { timeout: 120_000 }, () => it.as({ language: null }, async (page) => {
      await page.goto(it.login);
      await speak(page, language);
      await page.goto(it.app.origin);
      await page.locator(ON.app.login('basic')).click();
      await page.waitForURL((url) => url.origin === it.login);
      await page.route(`${it.app.origin}/**`, (route) => route.abort('aborted'));
      await loginAs(page, it.gateway, it.people[['physician', 'physiotherapist', 'twoProfessions', 'citizenOnly'][index]]);
      if ((await page.locator(ON.as).count()) > 0) {
        await page.locator(ON.as).first().check();
        await submit(page, ON.as);
      }
      const link = page.locator('main a.utrecht-button');
      assert.equal(await link.count(), 1, `${page.url()} is not the page on the way`);
      await inspectAsItIs(page, { language, name: 'continue-to' });
      await page.unroute(`${it.app.origin}/**`);
      await link.click();
      await arriveAt(page, it.app.origin);
      await rememberCookies(page, it.gateway);
      assert.equal(JSON.parse(await page.locator(ON.app.claims).innerText()).id_token.iss, it.login);
    }));
  }
});
