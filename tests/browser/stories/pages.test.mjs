// Every page that a person comes to when all goes well, in four languages, on a phone and on a desktop. (What goes wrong is
// in failures.test.mjs, the first pages in opening.test.mjs.) Each is seen to be the page it should be before it is looked at.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, Inbox, LANGUAGES, ON, chooseProfile, click, inspectAsItIs, linkIn, loginAs, selectLabel, speak, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

describe('every page, in four languages and two widths', () => {
  const it = setting();

  const see = async (page, name, language, { at, has }) => {
    assert.match(new URL(page.url()).pathname, at, `${name} is not where it should be`);
    assert.ok((await page.locator(has).count()) > 0, `${name} has no ${has}`);
    await inspectAsItIs(page, { language, name });
  };
  const inEachLanguage = async (page, body) => {
    for (const language of LANGUAGES) {
      await speak(page, language);
      await body(language);
    }
  };
  /// A page that can be opened again.
  const open = (page, path, name, has) => inEachLanguage(page, async (language) => {
    await page.goto(`${it.login}${path}`);
    await see(page, name, language, { at: new RegExp(`^${path}$`), has });
  });
  const loggedIn = (role, body) => it.as({ language: null }, async (page) => {
    await speak(page, 'nl');
    await page.goto(it.login);
    await loginAs(page, it.gateway, it.people[role]);
    await body(page);
  });

  test('LOGIN_5 the second step: a code of the app, a code by e-mail', { timeout: 180_000 }, () => it.as({ language: null }, async (page) => {
    const { physician } = it.people;
    await inEachLanguage(page, async (language) => {
      for (const [key, name] of [['totp', 'totp'], ['email', 'email-code']]) {
        await page.goto(it.login);
        await click(page, ON.key[key]);
        await page.locator(ON.userName).fill(physician.user);
        await page.locator(ON.password).fill(physician.password);
        await submit(page, ON.password);
        await see(page, name, language, { at: new RegExp(`/${name}$`), has: ON.code });
      }
    });
  }));

  test('PROFILE_1 the choice: citizen, two professions, an organization', { timeout: 180_000 }, () => loggedIn('twoProfessions', async (page) => {
    await page.goto(`${it.login}/profile`);
    assert.ok((await page.locator(ON.as).count()) >= 3, 'citizen and two professions');
    await open(page, '/profile', 'profile', ON.as);
  }));

  test('PROFILE_4 the choice of who is not wholly registered yet', { timeout: 180_000 }, () => loggedIn('incomplete', (page) => open(page, '/profile', 'profile-incomplete', ON.as)));

  test('PROFILE_5 the choice of who misses a right', { timeout: 180_000 }, () => loggedIn('member', (page) => open(page, '/profile', 'profile-missing-right', ON.as)));

  test('PROFILE_2 as mandate holder, or as citizen', { timeout: 180_000 }, () => loggedIn('holderWithFile', async (page) => {
    await page.goto(`${it.login}/profile`);
    const question = page.url();
    await inEachLanguage(page, async (language) => {
      await page.goto(question);
      await see(page, 'profile-continue', language, { at: /^\/profile\/continue$/, has: ON.continueAsHolder });
    });
  }));

  test('PROFILE_3 MANDATE_2 the search, what it found, nothing found; and the account of who acts for another', { timeout: 240_000 }, () => loggedIn('mandateHolder', async (page) => {
    await open(page, '/mandators', 'mandators', ON.search.name);
    await inEachLanguage(page, async (language) => {
      await page.goto(`${it.login}/mandators`);
      await submit(page, ON.search.name);
      await see(page, 'mandators-found', language, { at: /^\/mandators$/, has: ON.chooseMandator });
      await page.locator(ON.search.name).fill('Nobody-of-this-name');
      await submit(page, ON.search.name);
      assert.equal(await page.locator(ON.chooseMandator).count(), 0);
      await see(page, 'mandators-none', language, { at: /^\/mandators$/, has: ON.search.name });
    });
    await page.locator(ON.search.name).fill('');
    await submit(page, ON.search.name);
    await submit(page, ON.chooseMandator);
    await open(page, '/', 'account-acting', ON.acting);
  }));

  test('ORG_1 the rights of an organization, with one that was granted; and the account', { timeout: 240_000 }, () => loggedIn('chiefAccessManager', async (page) => {
    await page.goto(`${it.login}/profile`);
    await chooseProfile(page, { as: DEMO.citizen, organization: DEMO.organization });
    await page.goto(`${it.login}/organization`);
    await selectLabel(page.locator(ON.grant.member), it.people.member.name);
    await page.locator(ON.grant.right).selectOption({ index: 1 });
    const next = new Date().getFullYear() + 1;
    for (const [field, value] of [['day', '30'], ['month', '6'], ['year', String(next)]]) await page.locator(ON.grant[field]).fill(value);
    await submit(page, ON.grant.day);
    await open(page, '/organization', 'organization', ON.revokeFrom(it.people.member.name));
    await open(page, '/', 'account', ON.signOut);
    await open(page, '/end_session', 'end-session', ON.endSession);
    await page.goto(it.login);
    await submit(page, ON.signOut);
    await open(page, '/signed-out', 'signed-out', 'main h1');
  }));

  test('OIDC_1 an application that nobody knows is told so, and the person what to do', { timeout: 120_000 }, () => it.as({ language: null }, (page) => inEachLanguage(page, async (language) => {
    await page.goto(`${it.login}/authorize?client_id=nobody`);
    await see(page, 'application-refused', language, { at: /^\/authorize$/, has: ON.reference });
  })));

  // Last: these people have another password afterwards.
  test('LOGIN_6 a forgotten password: asked, mailed, chosen anew', { timeout: 240_000 }, () => it.as({ language: null }, async (page) => {
    const somebodyElse = ['citizenOnly', 'director', 'pharmacist', 'physiotherapist'];
    await inEachLanguage(page, async (language) => {
      const { user } = it.people[somebodyElse[LANGUAGES.indexOf(language)]];
      await page.goto(`${it.login}/password/forgotten`);
      await page.locator(ON.userName).fill(user);
      const { mail } = await new Inbox(it.gateway).after(user, () => submit(page, ON.userName));
      await see(page, 'forgotten-sent', language, { at: /^\/password\/forgotten$/, has: 'main h1' });
      const link = linkIn(mail);
      it.gateway.secret('a reset link', new URL(link).searchParams.get('token'));
      await page.goto(link);
      await see(page, 'reset-password', language, { at: /^\/password\/reset$/, has: ON.newPassword });
      await page.locator(ON.newPassword).fill('kort');
      await submit(page, ON.newPassword);
      await see(page, 'reset-password-short', language, { at: /^\/password\/reset$/, has: ON.problem });
      await page.locator(ON.newPassword).fill('een heel ander wachtwoord 7');
      await submit(page, ON.newPassword);
      await see(page, 'reset-done', language, { at: /^\/password\/reset$/, has: 'main a[href]' });
    });
  }));
});
