// LOGIN-1 with the protocol of FAS, by other people's software: npm `oidc-provider` knows the gateway by its secret, signs, and says at its
// userinfo endpoint who somebody is. Ours: the gateway, the robot, the page of the stand-in. The real FAS was not asked.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DEMO } from '../../gateway/demo.mjs';
import { freePort, startDemo } from '../../gateway/process.mjs';
import { ON } from '../../gateway/selectors.mjs';
import { createFas } from '../openid/stand_in.mjs';
import { Robot } from '../robot.mjs';
import { chooseProfile } from './login.mjs';

// The secret that `poort demo` has in common with everybody who knows it by one.
const SECRET = 'demo-only-secret-of-sample-app';

describe('FAS as npm oidc-provider', () => {
  let fas, gateway, jan, register;

  before(async () => {
    const port = await freePort();
    fas = await createFas({ secret: SECRET });
    fas.configure(`http://progezondheid.localhost:${port}`);
    gateway = await startDemo({ port, args: ['--fas', fas.issuer] });
    jan = gateway.person(DEMO.people.physician);
    register = gateway.register('dossier', 'progezondheid');
    fas.people.set('jan', { egovNRN: jan.national_number, givenName: 'Jan', surname: 'Claes' });
    fas.people.set('stranger', { egovNRN: '85073003328', givenName: 'Vreemd', surname: 'Persoon', mail: jan.user });
    fas.people.set('unlinked', { givenName: 'Zonder', surname: 'Nummer', mail: jan.user });
  });
  after(async () => {
    await fas?.close();
    await gateway?.stop();
  });

  const atFas = async (robot, url = register) => robot.follow(await robot.open(url), ON.key.fas);
  const asked = (page) => JSON.parse(page.one('#asked').text.replaceAll('&lt;', '<'));

  test('LOGIN_1 a person logs in with FAS and stands in their own account', async () => {
    const robot = new Robot();
    let page = await atFas(robot);
    assert.equal(new URL(page.url).origin, fas.issuer);
    const params = asked(page);
    assert.equal(params.acr_values, 'urn:be:fedict:iam:fas:Level200', 'the least that does');
    assert.equal(params.scope, 'openid profile egovnrn');
    assert.equal(params.code_challenge_method, 'S256');
    page = await robot.submit(page, 'select', { sub: 'jan', acr: 'urn:be:fedict:iam:fas:Level400' });
    assert.ok(page.has(ON.as), `${page.url}\n${robot.trail.join('\n')}\n${page.root.structuredText}`);
    page = await chooseProfile(robot, page, DEMO.professions.physician);
    assert.equal(new URL(page.url).origin, register);
    const file = await robot.open(`${register}/dossiers/${jan.registration}`);
    assert.equal(file.status, 200, 'a level above the one that was asked counts');
  });

  test('LOGIN_14 a login at a lower level than was asked is no login', async () => {
    const robot = new Robot();
    let page = await atFas(robot, `${register}/.poort/begin?return=/&least=high`);
    assert.equal(asked(page).acr_values, 'urn:be:fedict:iam:fas:Level450');
    page = await robot.submit(page, 'select', { sub: 'jan', acr: 'urn:be:fedict:iam:fas:Level400' });
    assert.equal(page.status, 403);
    page = await robot.follow(page, 'main a[href^="/login/"]');
    page = await robot.submit(await robot.follow(page, ON.key.fas), 'select', { sub: 'jan', acr: 'urn:be:fedict:iam:fas:Level500' });
    assert.ok(page.has(ON.as), 'the valid twin: the same attempt goes on');
  });

  test('LOGIN_1 whoever goes back at FAS has cancelled', async () => {
    const robot = new Robot({ language: 'de' });
    assert.match((await robot.submit(await atFas(robot), '#cancel')).one('h1').text, /abgebrochen/);
    assert.equal(robot.cookies('progezondheid.localhost').has('__Host-poort-session'), false);
  });

  for (const [who, what] of [['stranger', 'nobody here has their number'], ['unlinked', 'FAS knows no number of theirs']]) {
    test(`LOGIN_3 ${what}: a page says what to do, and their e-mail address makes them nobody`, async () => {
      const robot = new Robot();
      const page = await robot.submit(await atFas(robot), 'select', { sub: who });
      assert.equal(page.status, 403);
      assert.ok(page.has(ON.reference));
      assert.equal(robot.cookies('progezondheid.localhost').has('__Host-poort-session'), false);
    });
  }

  test('LOGIN_1 a provider that knows another secret believes nobody', async () => {
    const other = await createFas({ secret: 'another-secret-that-nobody-told-us' });
    const port = await freePort();
    other.configure(`http://progezondheid.localhost:${port}`);
    other.people.set('jan', fas.people.get('jan'));
    const second = await startDemo({ port, args: ['--fas', other.issuer] });
    try {
      const robot = new Robot();
      const page = await robot.submit(await atFas(robot, second.login('progezondheid')), 'select', { sub: 'jan' });
      assert.equal(page.status, 502);
      assert.ok(page.has(ON.reference));
    } finally {
      await second.stop();
      await other.close();
    }
  });
});
