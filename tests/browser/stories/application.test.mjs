// OIDC-1 in Chromium: an application on another host, under the policy that is shipped.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { createApp, DEFAULTS } from '../../peers/client/app.mjs';
import { DEMO, ON, arriveAt, chooseProfile, click, loginAs, rememberCookies, submit } from '../harness.mjs';
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
});
