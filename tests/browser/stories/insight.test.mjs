// INSIGHT-1, INSIGHT-2, INSIGHT-4: a professional lets an employer, an appraiser or a bureau see something of them, and takes it back. Both pages
// in the tenant's languages, on a phone and on a desktop, by keyboard, with and without JavaScript.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, LANGUAGES, ON, chooseProfile, inspectAsItIs, loginAs, selectLabel, speak, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

describe('insight', () => {
  const it = setting();
  const at = (tenant) => {
    const { register } = DEMO.tenants[tenant];
    return { login: it.gateway.login(tenant), register: it.gateway.register(register, tenant) };
  };
  /// Logs in at a tenant and chooses a profile, on the login host.
  const enter = async (page, tenant, role, profile) => {
    await page.goto(at(tenant).login);
    await loginAs(page, it.gateway, it.people[role]);
    await page.goto(`${at(tenant).login}/profile`);
    await chooseProfile(page, profile);
  };
  const enterRegister = async (page, tenant) => {
    await page.goto(at(tenant).register);
    assert.ok(page.url().startsWith(at(tenant).register), page.url());
  };
  const give = async (page, tenant, purpose, name) => {
    await page.goto(`${at(tenant).login}/consents/${purpose}`);
    await selectLabel(page.locator(ON.consent.recipient), name);
    return submit(page, ON.consent.day);
  };

  for (const javaScript of [true, false]) {
    test(`INSIGHT_1 an employer is picked from the list, sees progress and days, and nothing once it is taken back (${javaScript ? 'with' : 'without'} JavaScript)`, { timeout: 240_000 }, () => it.as({ javaScript }, (mila) => it.as({ javaScript }, async (karin) => {
      const tenant = 'registerplein';
      const { socialWorker } = it.people;
      await enter(mila, tenant, 'socialWorker', { as: /maatschappelijk werker|social worker/i });
      await enter(karin, tenant, 'employer', { as: DEMO.citizen, organization: 'Maatwerk De Linde' });
      await enterRegister(karin, tenant);
      const progress = `${at(tenant).register}/registrations/${socialWorker.registration}/progress`;
      const reaches = async (url) => (await karin.goto(url)).status();
      assert.equal(await reaches(progress), 404, 'before the consent');

      await give(mila, tenant, 'employer_insight', 'Maatwerk De Linde');
      assert.equal(await mila.locator(ON.consent.withdrawFrom('Maatwerk De Linde')).count(), 1);
      await karin.goto(`${at(tenant).login}/insight`);
      await karin.locator(`main a[href="${progress}"]`).click();
      assert.equal(karin.url(), progress);
      const seen = await karin.locator('main').innerText();
      assert.match(seen, /geregistreerd/i);
      assert.ok(!/reflectieverslag/i.test(seen), 'content is shown');
      assert.equal(await reaches(`${at(tenant).register}/registrations/${socialWorker.registration}`), 403, 'content is reached');

      await submit(mila, ON.consent.withdrawFrom('Maatwerk De Linde'));
      assert.equal(await mila.locator(ON.consent.withdrawFrom('Maatwerk De Linde')).count(), 0);
      assert.equal(await reaches(progress), 404, 'after it was taken back');
      await karin.goto(`${at(tenant).login}/insight`);
      assert.ok(!(await karin.locator('main').innerText()).includes(socialWorker.name));
    })));
  }

  test('INSIGHT_1 both pages, in four languages and two widths', { timeout: 300_000 }, () => it.as({ language: null }, (mila) => it.as({ language: null }, async (karin) => {
    const tenant = 'registerplein';
    for (const page of [mila, karin]) await speak(page, 'nl');
    await enter(mila, tenant, 'socialWorker', { as: /maatschappelijk werker/i });
    await enter(karin, tenant, 'employer', { as: DEMO.citizen, organization: 'Maatwerk De Linde' });
    await give(mila, tenant, 'employer_insight', 'Sociaal Werk Noord');
    await give(mila, tenant, 'employer_insight', 'Maatwerk De Linde');
    for (const language of LANGUAGES) {
      await speak(mila, language);
      await mila.goto(`${at(tenant).login}/consents/employer_insight`);
      await inspectAsItIs(mila, { language, name: 'consents' });
      await submit(mila, ON.consent.day);
      assert.ok((await mila.locator(ON.problem).count()) > 0, 'nobody was chosen, and it is not said');
      await inspectAsItIs(mila, { language, name: 'consents-missing' });
      await speak(karin, language);
      await karin.goto(`${at(tenant).login}/insight`);
      await inspectAsItIs(karin, { language, name: 'insight' });
    }
  })));

  test('INSIGHT_2 an appraiser reads a portfolio with its owner’s consent, and not without', { timeout: 240_000 }, () => it.as({}, (anouk) => it.as({}, async (wouter) => {
    const tenant = 'ifms';
    const { psychiatrist, appraiser } = it.people;
    await enter(anouk, tenant, 'psychiatrist', { as: /psychiat/i });
    await enter(wouter, tenant, 'appraiser', { as: /gespreksleider|appraiser/i });
    await enterRegister(wouter, tenant);
    const portfolio = `${at(tenant).register}/portfolios/${psychiatrist.registration}`;
    const reaches = async () => (await wouter.goto(portfolio)).status();
    assert.equal(await reaches(), 403, 'before the consent');
    await give(anouk, tenant, 'appraisal', appraiser.name);
    assert.equal(await reaches(), 200);
    await submit(anouk, ON.consent.withdrawFrom(appraiser.name));
    assert.equal(await reaches(), 403, 'after it was taken back');
  })));

  test('INSIGHT_4 who takes part from outside lets the bureau have name and address, and nothing else', { timeout: 240_000 }, () => it.as({}, (marije) => it.as({}, async (hugo) => {
    const tenant = 'ifms';
    const { outsider } = it.people;
    await enter(marije, tenant, 'outsider', { as: /psychiat/i });
    await enter(hugo, tenant, 'bureau', { as: DEMO.citizen, organization: 'Bureau Samenspraak' });
    const seen = async () => {
      await hugo.goto(`${at(tenant).login}/insight`);
      return hugo.locator('main').innerText();
    };
    assert.ok(!(await seen()).includes(outsider.name), 'before the consent');
    await give(marije, tenant, 'pass_on_contact', 'Bureau Samenspraak');
    const text = await seen();
    assert.ok(text.includes(outsider.name) && text.includes(outsider.user), text);
    assert.ok(!text.includes(outsider.registration) && (await hugo.locator('main a[href*="/portfolios/"]').count()) === 0, 'more than name and address');
    await inspectAsItIs(marije, { language: 'nl', name: 'consents-contact' });
    await inspectAsItIs(hugo, { language: 'nl', name: 'insight-contact' });
    await submit(marije, ON.consent.withdrawFrom('Bureau Samenspraak'));
    assert.ok(!(await seen()).includes(outsider.name), 'after it was taken back');
  })));
});
