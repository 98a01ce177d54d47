// ORG-1: an access manager gives a member a right with an end date, and takes it back.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEMO, ON, audit, chooseProfile, loginAs, selectLabel, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

const ROUTE = '/organization/reports'; // a route of `dossier` that asks for the right `reporting`

describe('an organization', () => {
  const it = setting({ backend: true });

  test('ORG_1 a right counts at the member’s next request, and no longer once it is taken back', { timeout: 120_000 }, () => it.as({}, (manager) => it.as({}, async (member) => {
    const { chiefAccessManager, member: tom } = it.people;
    await manager.goto(it.login);
    await loginAs(manager, it.gateway, chiefAccessManager);
    await manager.goto(`${it.login}/profile`);
    await chooseProfile(manager, { as: DEMO.citizen, organization: DEMO.organization });
    await manager.goto(`${it.login}/organization`);
    await audit(manager);

    await member.goto(it.login);
    await loginAs(member, it.gateway, tom);
    await member.goto(`${it.login}/profile`);
    await chooseProfile(member, { as: DEMO.citizen, organization: DEMO.organization });
    const reaches = async () => (await member.goto(it.register + ROUTE)).status();
    const before = await reaches();
    assert.ok([403, 404].includes(before), `before the grant: ${before}`);

    const grant = async (name, year) => {
      await selectLabel(manager.locator(ON.grant.member), name);
      await manager.locator(ON.grant.right).selectOption('reporting');
      await manager.locator(ON.grant.day).fill('31');
      await manager.locator(ON.grant.month).fill('12');
      await manager.locator(ON.grant.year).fill(String(year));
      return submit(manager, ON.grant.day);
    };
    const thisYear = new Date().getFullYear();
    await grant(tom.name, thisYear - 1);
    assert.ok((await manager.locator(ON.problem).count()) > 0, 'an end in the past was accepted');
    await grant(tom.name, thisYear);
    assert.equal(await reaches(), 200, 'the granted right does not count at the next request');
    assert.match(await member.locator('body').innerText(), /reporting/);

    // That it is refused when it is sent all the same is tested in process, where the handle is known.
    const offered = await manager.locator(ON.grant.member).locator('option').allInnerTexts();
    assert.ok(!offered.some((text) => text.includes(chiefAccessManager.name)), 'oneself is offered');

    await submit(manager, ON.revokeFrom(tom.name));
    assert.equal(await reaches(), before, 'the right counts after it was taken back');
  })));

  test('ORG_1 who manages nothing gets no such page', () => it.as({}, async (page) => {
    await page.goto(it.login);
    await loginAs(page, it.gateway, it.people.physiotherapist);
    const response = await page.goto(`${it.login}/organization`);
    assert.ok([403, 404].includes(response.status()) || !new URL(page.url()).pathname.startsWith('/organization'), `${response.status()} ${page.url()}`);
    assert.equal(await page.locator(ON.grantForm).count(), 0);
  }));
});
