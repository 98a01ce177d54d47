// PAIR-1 with other people's software: the app on a phone is npm openid-client. Foreign: openid-client, oauth4webapi, jose. Ours: the
// gateway, its sample register, the robot at the PC.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import { Inbox } from '../../gateway/inbox.mjs';
import { startDemo } from '../../gateway/process.mjs';
import { ON } from '../../gateway/selectors.mjs';
import { phone } from '../client/phone.mjs';
import { Robot } from '../robot.mjs';
import { chooseProfile, logIn } from './login.mjs';

describe('an app that is paired', () => {
  let gateway, issuer, file, noor, robot;

  before(async () => {
    gateway = await startDemo();
    issuer = gateway.login('skj');
    noor = gateway.person('Noor Wiersma');
    file = `${gateway.register('kamer', 'skj')}/registrations/${noor.registration}`;
    robot = new Robot();
    let page = await logIn(robot, await robot.open(`${issuer}/devices`), gateway, noor);
    if (page.has(ON.as)) page = await chooseProfile(robot, page, /jeugd/i);
  });
  after(() => gateway?.stop());

  const device = () => phone(issuer, 'skj-app', 'Noors telefoon');

  async function show() {
    const page = await robot.submit(await robot.open(`${issuer}/devices`), ON.devices.pair);
    const code = page.one(ON.devices.code).getAttribute('value');
    gateway.secret('a pairing code', code);
    return { page, code };
  }

  async function pair(app) {
    const { page, code } = await show();
    const waits = await app.scan(code);
    const tokens = app.wait(waits);
    const { mail } = await new Inbox(gateway).after(noor.user, () => robot.submit(page, ON.devices.number, { number: waits.user_code }));
    assert.match(mail.text, /Noors telefoon/);
    return tokens;
  }

  test('PAIR_1 it is paired, reads, adds, refreshes, and is out once it is unpaired', { timeout: 120_000 }, async () => {
    const app = await device();
    let tokens = await pair(app);
    assert.equal(tokens.token_type, 'dpop');
    assert.deepEqual(decodeJwt(tokens.access_token).cnf, { jkt: app.thumbprint });
    assert.equal(tokens.claims().iss, issuer);
    assert.match((await app.ask(tokens, file)).text, /Noor Wiersma/);
    const added = await app.ask(tokens, `${file}/activities`, { method: 'POST', form: { text: 'Intervisie' } });
    assert.equal(added.status, 303);
    tokens = await app.refresh(tokens);
    assert.match((await app.ask(tokens, file)).text, /Intervisie/);
    assert.equal((await app.userinfo(tokens)).name, 'Noor Wiersma');

    await robot.submit(await robot.open(`${issuer}/devices`), ON.devices.unpair('Noors telefoon'));
    assert.equal((await app.ask(tokens, file)).status, 401);
    await assert.rejects(app.refresh(tokens), { error: 'invalid_grant' });
  });

  test('PAIR_1 with the key of another phone its tokens are worth nothing', { timeout: 120_000 }, async () => {
    const [app, thief] = [await device(), await device()];
    const tokens = await pair(app);
    await assert.rejects(thief.refresh(tokens), { error: 'invalid_grant' });
    assert.equal((await thief.ask(tokens, file)).status, 401);
    assert.equal((await fetch(file, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status, 401);
    assert.equal((await app.ask(await app.refresh(tokens), file)).status, 200, 'the twin');
  });

  test('PAIR_1 of two phones that read one code neither is paired', { timeout: 120_000 }, async () => {
    const [own, stranger] = [await device(), await device()];
    const { page, code } = await show();
    const first = await stranger.scan(code);
    await assert.rejects(own.scan(code), { error: 'invalid_grant' });
    await robot.submit(page, ON.devices.number, { number: first.user_code });
    await assert.rejects(stranger.wait(first), { error: 'access_denied' });
  });
});
