// MANDATE-2, PROXY-0: who acts for whom, and that one person's mandate never opens another's file.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, ON, actFor, audit, chooseProfile, loginAs, screenshot, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

describe('acting for a mandator', () => {
  const it = setting({ backend: true });
  const file = (someone) => `${it.register}/dossiers/${someone.nihdi}`;
  const shown = (page, what) => page.locator(ON.register[what]).innerText();

  async function elsForJan(page) {
    const { mandateHolder, physician } = it.people;
    await page.goto(file(physician));
    if ((await page.locator(ON.key.totp).count()) > 0) await loginAs(page, it.gateway, mandateHolder);
    if ((await page.locator(ON.as).count()) > 0) await chooseProfile(page, { as: DEMO.citizen });
    if ((await page.locator(ON.continueAsHolder).count()) > 0) await submit(page, ON.continueAsHolder);
    if ((await page.locator(ON.search.name).count()) > 0) await actFor(page, physician.name);
    assert.equal(page.url(), file(physician));
  }

  // Few logins, since each code of an authenticator counts once.
  test('MANDATE_2 the register learns who acts, for whom, in which capacity, under which mandate; one click leads back to oneself', { timeout: 120_000 }, () => it.as({}, async (page) => {
    const { mandateHolder, physician } = it.people;
    await elsForJan(page);
    assert.equal(await shown(page, 'actor'), mandateHolder.name);
    assert.equal(await shown(page, 'represented'), physician.name);
    assert.equal(await shown(page, 'capacity'), 'mandate_holder');
    assert.match(await shown(page, 'mandate'), /\d{4}-\d{2}-\d{2}/);
    await audit(page);
    await screenshot(page, 'register-mandate');

    const { claims } = await page.evaluate(async (url) => (await fetch(url, { headers: { accept: 'application/json' } })).json(), file(physician));
    assert.equal(claims.name, mandateHolder.name);
    assert.equal(claims.represents.name, physician.name);
    assert.equal(claims.profile.capacity, 'mandate_holder');
    assert.ok(claims.mandate.id && claims.mandate.scope && claims.mandate.until);
    assert.ok(claims.profile.id && claims.sub !== claims.represents.sub);

    const session = await page.evaluate(async () => (await fetch('/.poort/session')).json());
    assert.equal(session.represented?.name ?? session.represented, physician.name);
    assert.ok(session.switch_url && session.leave_url);

    await page.locator(ON.register.switch).click();
    // Els can only act for mandators: her choice of a profile is the search.
    await page.waitForURL(`${it.login}/mandators**`);
    assert.ok((await page.locator(ON.acting).innerText()).includes(physician.name), 'Poort’s own page does not say for whom one acts');
    await submit(page, ON.backToSelf);
    assert.equal(await page.locator(ON.acting).count(), 0);
    await page.goto(file(physician));
    assert.equal(new URL(page.url()).origin, it.login, 'as oneself, the mandator’s file is still open');
  }));

  test('PROXY_0 a mandate holder of one person reaches that file and sends its form; another’s file is 404', { timeout: 120_000 }, () => it.as({}, async (page) => {
    const { physician, physiotherapist } = it.people;
    await elsForJan(page);
    await page.locator(ON.register.remark).fill('voor Jan Claes');
    const sent = await submit(page, ON.register.remark);
    assert.equal(sent.status(), 200);
    const report = await sent.json();
    assert.equal(report.claims.represents.name, physician.name);
    assert.match(report.body.start, /remark=voor\+Jan\+Claes/);

    const response = await page.goto(file(physiotherapist));
    assert.equal(response.status(), 404);
    const text = await page.locator('body').innerText();
    assert.ok(!text.includes(physiotherapist.name), 'the page tells whose file it is');
    await audit(page);
    await screenshot(page, 'file-of-another');
  }));

  test('PROXY_0 two tabs cannot mix: a form made for one is never sent as another', { timeout: 120_000 }, () => it.as({}, async (first, someone) => {
    const { physician } = it.people;
    await elsForJan(first);
    await first.locator(ON.register.remark).fill('voor Jan Claes');

    const second = await someone.page();
    await second.goto(`${it.login}/profile`);
    if ((await second.locator(ON.as).count()) > 0) await chooseProfile(second, { as: DEMO.citizen });
    if ((await second.locator(ON.continueAsHolder).count()) > 0) await submit(second, ON.continueAsHolder);
    // Another mandator: whoever is found that is not Jan.
    await submit(second, ON.search.name);
    const others = second.locator(ON.chooseMandator);
    const labels = await others.evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')));
    const other = labels.findIndex((label) => !label.includes(physician.name.split(' ').at(-1)));
    assert.ok(other >= 0, `Els has one mandator only: ${labels.join()}`);
    await Promise.all([second.waitForNavigation(), others.nth(other).click()]);

    const response = await submit(first, ON.register.remark);
    assert.equal(response.status(), 409);
    const text = await first.locator('main').innerText();
    assert.ok(text.includes(physician.name), `the page does not name ${physician.name}: ${text}`);
    await audit(first);
    await screenshot(first, 'profile-conflict');
  }));
});
