// LOGIN-1, LOGIN-5: passkeys, authenticator apps and recovery codes, as a person adds and uses them. The authenticator is Chromium's own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, LANGUAGES, ON, alone, chooseProfile, click, inspectAsItIs, loginAs, person, rememberCookies, speak, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

const KEY = 'a[href$="/with/passkey"]';

/// A device that holds passkeys, in this page; it knows its owner by a finger.
async function device(page, { verifies = true } = {}) {
  const chromium = await page.context().newCDPSession(page);
  await chromium.send('WebAuthn.enable', { enableUI: false });
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: verifies, automaticPresenceSimulation: true };
  const { authenticatorId } = await chromium.send('WebAuthn.addVirtualAuthenticator', { options });
  return {
    verifies: (isUserVerified) => chromium.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    touches: (enabled) => chromium.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
    passkeys: async () => (await chromium.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
  };
}

/// The button has the focus, and is pressed with the keyboard.
async function press(page, selector) {
  await page.locator(selector).focus();
  await page.keyboard.press('Enter');
}

describe('passkeys', () => {
  const it = setting();
  const signedIn = async (page, who) => {
    await page.goto(it.login);
    await loginAs(page, it.gateway, who, 'totp');
    if ((await page.locator(ON.as).count()) > 0) await chooseProfile(page, { as: DEMO.citizen });
    await page.goto(`${it.login}/factors`);
  };
  const added = async (page, name) => {
    await page.locator('#new-name').fill(name);
    await Promise.all([page.waitForURL(/done=passkey-added/), press(page, '#add-passkey')]);
    await rememberCookies(page, it.gateway);
  };
  const signOut = async (page) => {
    await submit(page, ON.signOut);
    await page.goto(it.login);
  };
  const isIn = async (page) => {
    if ((await page.locator(ON.as).count()) > 0) await chooseProfile(page, { as: DEMO.citizen });
    await page.goto(it.login);
    assert.ok((await page.locator(ON.signOut).count()) > 0, `${page.url()}: not signed in`);
    await rememberCookies(page, it.gateway);
  };

  test('LOGIN_1 a passkey is added on one’s own page, and logs one in: by keyboard', () => it.as({}, async (page) => {
    const phone = await device(page);
    await signedIn(page, it.people.citizenOnly);
    await added(page, 'Telefoon');
    const [made] = await phone.passkeys();
    assert.equal(made.rpId, 'progezondheid.localhost');
    assert.equal(made.isResidentCredential, true, 'it says itself whose it is');
    await signOut(page);
    await click(page, KEY);
    await Promise.all([page.waitForURL((url) => !url.pathname.endsWith('/passkey')), press(page, '#use-passkey')]);
    await isIn(page);
    assert.ok((await phone.passkeys())[0].signCount >= 1);
    // The same device is not enrolled twice.
    await page.goto(`${it.login}/factors`);
    await page.locator('#new-name').fill('Nog een keer');
    await press(page, '#add-passkey');
    await page.locator('[data-passkey-says="known"]').waitFor({ state: 'visible' });
    // It is removed, and logs nobody in any more.
    await page.locator('.poort-session summary').first().focus();
    await page.keyboard.press('Enter');
    await submit(page, 'form[action="/factors/passkeys/remove"] button');
    assert.match(page.url(), /done=passkey-removed/);
    await signOut(page);
    await click(page, KEY);
    await Promise.all([page.waitForNavigation(), press(page, '#use-passkey')]);
    assert.equal(await page.locator(ON.problem).count(), 1);
  }));

  test('LOGIN_1 the browser offers the passkey where one types the user name', () => it.as({}, async (page) => {
    const phone = await device(page);
    await signedIn(page, it.people.pharmacist);
    await added(page, 'Telefoon');
    await signOut(page);
    await Promise.all([page.waitForURL((url) => !url.pathname.includes('/login/')), page.locator(ON.key.totp).click()]);
    await isIn(page);
    assert.equal((await phone.passkeys()).length, 1);
  }));

  test('LOGIN_5 who is not recognised by the device is told, and can try again', () => it.as({}, async (page) => {
    const phone = await device(page);
    await signedIn(page, it.people.director);
    await added(page, 'Laptop');
    await signOut(page);
    await phone.verifies(false);
    await click(page, KEY);
    await press(page, '#use-passkey');
    await page.locator('[data-passkey-says="failed"]').waitFor({ state: 'visible' });
    await phone.verifies(true);
    await Promise.all([page.waitForURL((url) => !url.pathname.endsWith('/passkey')), press(page, '#use-passkey')]);
    await isIn(page);
  }));

  test('LOGIN_5 without JavaScript the page says what to do', () => it.as({ javaScript: false }, async (page) => {
    await page.goto(it.login);
    await click(page, KEY);
    assert.equal(await page.locator('[data-passkey-without]').isVisible(), true);
    assert.equal(await page.locator('#use-passkey').isVisible(), false);
    await click(page, '#other-key');
    await loginAs(page, it.gateway, it.people.physiotherapist, 'email');
    await isIn(page);
  }));

  test('the pages in four languages, on a phone and on a desktop', async () => {
    await alone(await person(it.browser, { language: null }), async (someone) => {
      const page = await someone.page();
      await speak(page, 'nl');
      await device(page);
      await signedIn(page, it.people.twoProfessions);
      await added(page, 'Telefoon');
      for (const language of LANGUAGES) {
        await speak(page, language);
        await page.goto(`${it.login}/factors`);
        await inspectAsItIs(page, { language, name: 'factors' });
        await page.goto(`${it.login}/factors/app`);
        await inspectAsItIs(page, { language, name: 'new-app' });
        await submit(page, ON.code);
        await inspectAsItIs(page, { language, name: 'new-app-missing' });
        await page.goto(`${it.login}/factors`);
        await submit(page, 'form[action="/factors/recovery"] button');
        await inspectAsItIs(page, { language, name: 'recovery-codes' });
      }
    });
    for (const language of LANGUAGES) {
      await it.as({ language }, async (page) => {
        await page.goto(it.login);
        await click(page, KEY);
        await inspectAsItIs(page, { language, name: 'passkey' });
        await page.goBack();
        await click(page, 'a[href*="second=recovery-code"]');
        await page.locator(ON.userName).fill(it.people.physician.user);
        await page.locator(ON.password).fill(it.people.physician.password);
        await submit(page, ON.password);
        await inspectAsItIs(page, { language, name: 'recovery-code' });
      });
    }
  });
});
