// The sample application against npm `oidc-provider`: the same flow as against the gateway, with no byte of ours on the other side.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Robot } from '../robot.mjs';
import { createApp, DEFAULTS } from './app.mjs';
import { TokenEndpoint } from './scenarios.mjs';
import { createStandIn } from './stand_in.mjs';

let app, provider;
before(async () => {
  app = await createApp({ issuer: () => provider.issuer, port: 0 });
  provider = await createStandIn(app, DEFAULTS);
});
after(async () => {
  await app.close();
  await provider.close();
});

async function logIn(robot, path) {
  let page = await robot.open(app.origin + path);
  for (let steps = 0; page.has('input[name=prompt]'); steps += 1) {
    assert.ok(steps < 3, robot.trail.join('\n'));
    page = await robot.submit(page, 'input[name=prompt]', { login: 'els', password: 'any' });
  }
  return page;
}

describe('the sample application', () => {
  for (const kind of ['basic', 'key']) {
    test(`logs in, refreshes and logs out (${kind})`, async () => {
      const robot = new Robot();
      let page = await logIn(robot, `/login/${kind}`);
      const first = page.json('#claims');
      assert.equal(first.client, kind);
      assert.equal(first.id_token.iss, provider.issuer);
      assert.equal(first.userinfo.name, 'Els Peeters');
      assert.ok(first.id_token.nonce, 'the nonce came back');
      page = await robot.submit(page, '#refresh');
      assert.equal(page.json('#claims').refreshed, 1);
      page = await robot.submit(page, '#logout');
      page = await robot.submit(page, 'form', { logout: 'yes' });
      assert.deepEqual(page.json('#goodbye'), { state_matches: true });
      assert.equal((await robot.open(app.origin)).has('#claims'), false);
    });
  }

  // What the application must notice; the twin is the test above.
  const tamperings = [
    ['another state', (url) => url.searchParams.set('state', 'other'), /state/],
    ['another issuer (RFC 9207)', (url) => url.searchParams.set('iss', 'http://evil.localhost'), /iss/],
    ['no issuer (RFC 9207)', (url) => url.searchParams.delete('iss'), /no iss/],
    ['somebody else’s code', (url) => url.searchParams.set('code', 'made-up'), /invalid_grant|server responded/],
  ];
  for (const [name, tamper, message] of tamperings) {
    test(`refuses a callback with ${name}`, async () => {
      const robot = new Robot();
      const original = robot.request.bind(robot);
      robot.request = (url, options) => {
        const target = new URL(url);
        if (target.pathname.startsWith('/callback/')) tamper(target);
        return original(target.href, options);
      };
      const page = await logIn(robot, '/login/basic');
      assert.equal(page.status, 500);
      assert.match(page.one('#error').text, message);
      assert.equal((await robot.open(app.origin)).has('#claims'), false);
    });
  }
});

describe('the scenarios at the token endpoint', () => {
  const held = async () => new TokenEndpoint((await logIn(new Robot(), '/login/basic?hold=1')).json('#held'), DEFAULTS.basic.secret);

  test('a code redeemed again ends what it gave', async () => {
    const endpoint = await held();
    const first = await endpoint.redeem();
    assert.equal(first.status, 200);
    assert.equal(await endpoint.userinfo(first.access_token), 200);
    const again = await endpoint.redeem();
    assert.deepEqual([again.status, again.error], [400, 'invalid_grant']);
    assert.equal(await endpoint.userinfo(first.access_token), 401);
  });

  test('redemptions at once are counted and looked at afterwards', async () => {
    const result = await (await held()).redeemAtOnce(5);
    assert.ok(result.won >= 1);
    assert.equal(result.won, result.afterwards.length);
    assert.deepEqual(result.told.filter((answer) => answer !== '400 invalid_grant'), []);
  });

  test('a spent refresh token is noticed', async () => {
    const result = await (await held()).reuseRefreshToken(0);
    assert.equal(result.first, 200);
    assert.equal(result.rotated, true);
    assert.equal(result.theft, 400);
    assert.equal(result.afterwards, 400);
  });
});
