// LOGIN-11: a register pushes somebody new; a mail brings the registration number and a link; they set a password and log in with both.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import '../../peers/loopback.mjs';
import { Inbox, ON, codeIn, click, inspectAsItIs, linkIn, submit } from '../harness.mjs';
import { setting } from './setting.mjs';

const NEW = 'vier zwanen achter de molen';

describe('a new registrant', () => {
  const it = setting();

  for (const [tenant, profession, number] of [['skj', 'youth_and_family', '20000777'], ['registerplein', 'social_worker', '20000778']]) {
    test(`LOGIN_11 at ${tenant} a mail brings the number and a link, and one logs in`, { timeout: 120_000 }, () => it.as({}, async (page) => {
      const issuer = it.gateway.login(tenant);
      const address = `roos.${tenant}@example.org`;
      const basic = Buffer.from('demo-register:demo-only-secret-of-sample-app').toString('base64');
      const token = await fetch(`${issuer}/token`, { method: 'POST', headers: { authorization: `Basic ${basic}` }, body: new URLSearchParams({ grant_type: 'client_credentials' }) });
      const headers = { authorization: `Bearer ${(await token.json()).access_token}`, 'content-type': 'application/json' };
      const push = async (path, fact) => {
        const answer = await fetch(`${issuer}/api/facts/v1/people/roos${path}`, { method: 'PUT', headers, body: JSON.stringify(fact) });
        assert.ok(answer.ok, await answer.text());
      };
      await push('', { given_name: 'Roos', family_name: 'Dekker', email: address, language: 'nl' });
      const { mail } = await new Inbox(it.gateway).after(address, () => push(`/registrations/${profession}`, { number, complete: false }));
      assert.ok(mail.text.includes(number), mail.text);

      await page.goto(linkIn(mail));
      await page.locator(ON.newPassword).fill(NEW);
      await submit(page, ON.newPassword);
      await page.goto(issuer);
      await click(page, ON.key.email);
      await inspectAsItIs(page, { language: 'nl', name: `password-by-number-${tenant}` });
      await page.locator(ON.userName).fill(number);
      await page.locator(ON.password).fill(NEW);
      const { mail: second } = await new Inbox(it.gateway).after(address, () => submit(page, ON.password));
      await page.locator(ON.code).fill(codeIn(second));
      await submit(page, ON.code);
      if ((await page.locator(ON.as).count()) > 0) await submit(page, ON.as);
      await page.goto(issuer);
      assert.match(await page.locator('main').innerText(), new RegExp(number));
    }));
  }
});
