// LOGIN-1 with itsme's protocol, by other people's software: npm `oidc-provider` signs, encrypts and asks who the gateway is. Ours: the
// gateway, the robot, the page of the stand-in.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DEMO } from '../../gateway/demo.mjs';
import { freePort, startDemo } from '../../gateway/process.mjs';
import { ON } from '../../gateway/selectors.mjs';
import { ACR, createItsme, NUMBER } from '../openid/stand_in.mjs';
import { Robot } from '../robot.mjs';
import { chooseProfile } from './login.mjs';

describe('itsme as npm oidc-provider', () => {
  let itsme, gateway, jan, register;

  before(async () => {
    const port = await freePort();
    itsme = await createItsme();
    itsme.configure(`http://progezondheid.localhost:${port}`);
    gateway = await startDemo({ port, args: ['--itsme', itsme.issuer] });
    jan = gateway.person(DEMO.people.physician);
    register = gateway.register('dossier', 'progezondheid');
    itsme.people.set('sub-of-jan', { [NUMBER]: jan.national_number, given_name: 'Jan', family_name: 'Claes', email: 'other@example.org' });
    itsme.people.set('stranger', { [NUMBER]: '85073003328', given_name: 'Vreemd', family_name: 'Persoon', email: jan.user });
    itsme.people.set('dutch', { given_name: 'Nederlandse', family_name: 'Persoon', email: jan.user });
  });
  after(async () => {
    await itsme?.close();
    await gateway?.stop();
  });

  async function atItsme(robot, url = register) {
    return robot.follow(await robot.open(url), ON.key.itsme);
  }
  const asked = (page) => JSON.parse(page.one('#asked').text.replaceAll('&lt;', '<'));

  test('LOGIN_1 a person logs in with itsme and stands in their own account', async () => {
    const robot = new Robot();
    let page = await atItsme(robot);
    assert.equal(new URL(page.url).origin, itsme.issuer);
    const params = asked(page);
    assert.equal(params.acr_values, ACR.basic, 'the least that does');
    assert.match(params.scope, /^openid service:PROGEZONDHEID_LOGIN profile$/);
    assert.equal(params.code_challenge_method, 'S256');
    assert.ok(params.state.length === 43 && params.nonce.length === 43);
    assert.equal(params.ui_locales, 'nl');
    page = await robot.submit(page, 'select', { sub: 'sub-of-jan' });
    assert.ok(page.has(ON.as), `${page.url}\n${robot.trail.join('\n')}\n${page.root.structuredText}`);
    page = await chooseProfile(robot, page, DEMO.professions.physician);
    assert.equal(new URL(page.url).origin, register);
    const file = await robot.open(`${register}/dossiers/${jan.registration}`);
    assert.equal(file.status, 200, 'substantial is enough for the own file');
  });

  test('LOGIN_1 the name that itsme has for somebody may change: the account is the same', async () => {
    itsme.people.set('another-sub-of-jan', itsme.people.get('sub-of-jan'));
    const robot = new Robot();
    const page = await robot.submit(await atItsme(robot, gateway.login('progezondheid')), 'select', { sub: 'another-sub-of-jan' });
    const account = await robot.open(page.has(ON.as) ? (await chooseProfile(robot, page, DEMO.professions.physician)).url : page.url);
    assert.ok(account.text.includes('Jan Claes') && account.text.includes(jan.user));
  });

  test('LOGIN_14 a login at a lower level than was asked is no login', async () => {
    const robot = new Robot();
    let page = await atItsme(robot, `${register}/.poort/begin?return=/&least=high`);
    assert.equal(asked(page).acr_values, ACR.advanced);
    page = await robot.submit(page, 'select', { sub: 'sub-of-jan', acr: ACR.basic });
    assert.equal(page.status, 403);
    assert.ok(page.has(ON.reference));
    page = await robot.follow(page, 'main a[href^="/login/"]');
    page = await robot.submit(await robot.follow(page, ON.key.itsme), 'select', { sub: 'sub-of-jan' });
    assert.ok(page.has(ON.as), 'the valid twin: the same attempt goes on');
  });

  test('LOGIN_1 whoever goes back at itsme has cancelled', async () => {
    const robot = new Robot({ language: 'de' });
    const page = await robot.submit(await atItsme(robot), '#cancel');
    assert.match(page.one('h1').text, /abgebrochen/);
    assert.equal(robot.cookies('progezondheid.localhost').has('__Host-poort-session'), false);
  });

  for (const [who, what] of [['stranger', 'nobody here has their number'], ['dutch', 'itsme knows no number of theirs']]) {
    test(`LOGIN_3 ${what}: a page says what to do, and their e-mail address makes them nobody`, async () => {
      const robot = new Robot({ language: 'fr' });
      const page = await robot.submit(await atItsme(robot), 'select', { sub: who });
      assert.equal(page.status, 403);
      assert.ok(page.has(ON.reference));
      assert.equal(robot.cookies('progezondheid.localhost').has('__Host-poort-session'), false);
    });
  }

  test('LOGIN_1 what came back works once, and in no other browser (login CSRF)', async () => {
    const [robot, other] = [new Robot(), new Robot()];
    let page = await atItsme(robot);
    const { url, fields } = page.form('select');
    fields.set('sub', 'sub-of-jan');
    let answer = await robot.request(url, { method: 'POST', body: fields.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    while (!answer.headers.get('location').includes('/federated/itsme/callback')) answer = await robot.request(new URL(answer.headers.get('location'), itsme.issuer).href);
    const callback = answer.headers.get('location');
    assert.equal(new URL(callback).searchParams.get('iss'), itsme.issuer);

    await other.open(register);
    const strange = await other.open(callback);
    assert.ok(strange.has(ON.reference) && !other.cookies('progezondheid.localhost').has('__Host-poort-session'));
    page = await robot.open(callback);
    assert.ok(page.has(ON.as), 'the valid twin');
    const again = await robot.open(callback);
    assert.ok(again.has(ON.reference) && again.status === 200);
  });

  test('LOGIN_1 itsme signs with a new key', async () => {
    itsme.configure(gateway.login('progezondheid'), 'second');
    const robot = new Robot();
    const page = await robot.submit(await atItsme(robot), 'select', { sub: 'sub-of-jan' });
    assert.ok(page.has(ON.as), page.root.structuredText);
  });
});
