// PROFILE-1 to -5: "I want to log in as".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, ON, actFor, chooseProfile, loginAs, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

describe('choosing a profile', () => {
  const it = setting({ backend: true });
  const offers = (page, selector = ON.as) => page.locator(selector).evaluateAll((fields) => fields.map((field) => field.labels[0].innerText.trim()));

  test('PROFILE_1 the person chooses citizen or a profession, confirms, and changes it later without logging in again', () => it.as({}, async (page) => {
    const { physician } = it.people;
    await page.goto(`${it.register}/dossiers/${physician.nihdi}`);
    await loginAs(page, it.gateway, physician);
    assert.equal(new URL(page.url()).pathname, '/profile');
    const offered = await offers(page);
    assert.ok(offered.some((label) => DEMO.citizen.test(label)) && offered.some((label) => DEMO.professions.physician.test(label)), offered.join());
    assert.match((await offers(page, `${ON.as}:checked`)).join(), DEMO.citizen, 'citizen is the default');
    await chooseProfile(page, { as: DEMO.professions.physician });
    assert.equal(await page.locator(ON.register.capacity).innerText(), 'professional');
    await page.locator(ON.register.switch).click();
    await page.waitForURL(`${it.login}/profile**`);
    await chooseProfile(page, { as: DEMO.citizen });
    assert.equal(await page.locator(ON.code).count(), 0, 'asked to log in again');
    const response = await page.goto(`${it.register}/dossiers/${physician.nihdi}`);
    if (response.status() === 200) assert.equal(await page.locator(ON.register.capacity).innerText(), 'citizen');
    else assert.ok([403, 404].includes(response.status()), String(response.status()));
  }));

  test('PROFILE_1 nothing chosen is said, and nothing happens', () => it.as({}, async (page) => {
    await page.goto(it.login);
    await loginAs(page, it.gateway, it.people.physiotherapist);
    await page.goto(`${it.login}/profile`);
    await page.locator(ON.as).evaluateAll((fields) => fields.forEach((field) => { field.checked = false; field.required = false; }));
    await submit(page, ON.as);
    assert.ok((await page.locator(ON.problem).count()) > 0);
  }));

  test('PROFILE_2 PROFILE_3 a mandate holder goes to the search, finds only own mandators, and acts for one', () => it.as({}, async (page) => {
    const { mandateHolder, physician } = it.people;
    await page.goto(`${it.register}/dossiers/${physician.nihdi}`);
    await loginAs(page, it.gateway, mandateHolder);
    if ((await page.locator(ON.as).count()) > 0) await chooseProfile(page, { as: DEMO.citizen });
    if ((await page.locator(ON.continueAsHolder).count()) > 0) await submit(page, ON.continueAsHolder);
    assert.equal(new URL(page.url()).pathname, '/mandators');

    const search = async (fields) => {
      for (const [name, selector] of Object.entries(ON.search)) await page.locator(selector).fill(fields[name] ?? '');
      const sent = page.waitForRequest((request) => request.method() === 'POST');
      await submit(page, ON.search.name);
      assert.equal(new URL((await sent).url()).search, '', 'what is searched stands in the URL');
      return page.locator(ON.chooseMandator).count();
    };
    const [firstName, ...family] = physician.name.split(' ');
    assert.equal(await search({ nihdi: physician.nihdi }), 1, 'by RIZIV number');
    if (physician.national_number) assert.equal(await search({ national: physician.national_number }), 1, 'by national number');
    assert.ok((await search({ name: family.join(' ') })) >= 1, 'by family name');
    assert.ok((await search({ name: family.join(' ').toUpperCase(), firstName: firstName.toLowerCase() })) >= 1, 'case does not matter');
    assert.equal(await search({ name: 'Haddad' }), 0, 'somebody who is no mandator of this holder is found');
    await actFor(page, physician.name);
    assert.equal(await page.locator(ON.register.represented).innerText(), physician.name);
  }));

  test('PROFILE_3 an enterprise’s representative searches 25 a page', () => it.as({}, async (page) => {
    await page.goto(it.login);
    await loginAs(page, it.gateway, it.people.enterpriseRepresentative);
    await page.goto(`${it.login}/profile`);
    await chooseProfile(page, { as: DEMO.citizen, organization: DEMO.enterprise });
    if ((await page.locator(ON.continueAsHolder).count()) > 0) await submit(page, ON.continueAsHolder);
    assert.equal(new URL(page.url()).pathname, '/mandators');
    await submit(page, ON.search.name);
    assert.equal(await page.locator(ON.chooseMandator).count(), 25);
    const onFirst = await page.locator(ON.chooseMandator).evaluateAll((fields) => fields.map((field) => field.value));
    await submit(page, ON.nextPage);
    const onSecond = await page.locator(ON.chooseMandator).evaluateAll((fields) => fields.map((field) => field.value));
    assert.ok(onSecond.length > 0 && !onSecond.some((value) => onFirst.includes(value)));
  }));

  test('PROFILE_4 an incomplete registration: only citizen, and the page says why', () => it.as({}, async (page) => {
    await page.goto(it.login);
    await loginAs(page, it.gateway, it.people.incomplete);
    await page.goto(`${it.login}/profile`);
    const offered = await offers(page);
    assert.ok(offered.length === 1 && DEMO.citizen.test(offered[0]), offered.join());
    assert.match(await page.locator('main').innerText(), /registratie|inschrijving|dossier/i);
  }));

  test('PROFILE_5 a missing right is named, with who can give it', () => it.as({}, async (page) => {
    await page.goto(it.login);
    await loginAs(page, it.gateway, it.people.member);
    await page.goto(`${it.login}/profile`);
    const text = await page.locator('main').innerText();
    assert.ok(text.includes(DEMO.organization), text);
    assert.ok(text.includes(it.people.chiefAccessManager.name), 'who can give it is not named');
  }));
});
