// LOGIN-5 by telephone: what Poort posts is what the providers' own client libraries post (npm twilio, npm messagebird), and a message
// goes to the fallback when the first refuses it. Foreign: twilio, messagebird. Ours: the gateway, the server that takes the requests.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import https from 'node:https';
import { EventEmitter } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { initClient } from 'messagebird';
import twilio from 'twilio';
import { startDemo } from '../../gateway/process.mjs';
import { ON } from '../../gateway/selectors.mjs';
import { Robot } from '../robot.mjs';

// As src/demo/telephone.rs has them.
const [ACCOUNT, KEY, CALLER, SENDER] = ['ACdemo', 'demo-only-key-of-the-telephone', '+31880000000', 'Poort demo'];
const SANNE = '+31610000001';

/// What Twilio's library posts.
async function asTwilio(create) {
  let posted;
  const request = async (asked) => {
    posted = asked;
    return { statusCode: 201, body: { sid: 'x' }, headers: {} };
  };
  await create(twilio(ACCOUNT, KEY, { httpClient: { request } }));
  const url = new URL(posted.uri);
  const basic = `Basic ${Buffer.from(`${posted.username}:${posted.password}`).toString('base64')}`;
  return {
    method: posted.method.toUpperCase(),
    path: url.pathname,
    authorization: posted.headers?.Authorization ?? basic,
    body: Object.fromEntries(new URLSearchParams(posted.data)),
  };
}

/// What MessageBird's library posts.
function asMessageBird(create) {
  return new Promise((resolve, reject) => {
    const real = https.request;
    https.request = (options) => {
      https.request = real;
      const request = new EventEmitter();
      let body = '';
      Object.assign(request, {
        setTimeout() {},
        write: (part) => (body += part),
        end: (part) => {
          body += part ?? '';
          const { method, path, headers } = options;
          resolve({ method, path, authorization: headers.Authorization, body: JSON.parse(body) });
        },
      });
      return request;
    };
    create(initClient(KEY), (error) => error && reject(error));
  });
}

describe('what goes to providers of telephony', () => {
  let gateway, provider, refuses;
  const posts = [];

  before(async () => {
    provider = createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      const json = request.headers['content-type'] === 'application/json';
      const body = json ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
      posts.push({ method: request.method, path: request.url, authorization: request.headers.authorization, body });
      response.writeHead(refuses && !json ? 400 : 201).end('{}');
    });
    await new Promise((resolve) => provider.listen(0, '127.0.0.1', resolve));
    gateway = await startDemo({ args: ['--telephone', `http://127.0.0.1:${provider.address().port}`] });
  });
  after(async () => {
    await gateway?.stop();
    provider?.close();
  });
  beforeEach(() => {
    posts.length = 0;
    refuses = false;
  });

  /// After the password, at the page for the code.
  async function codePage(robot, user) {
    let page = await robot.open(`${gateway.login('mijnrgs')}/`);
    page = await robot.follow(page, ON.key.phone);
    const someone = gateway.people.find((known) => known.user === user);
    return robot.submit(page, ON.password, { user_name: someone.user, password: someone.password });
  }

  async function arrived(count) {
    for (let patience = 100; posts.length < count && patience > 0; patience--) await new Promise((next) => setTimeout(next, 50));
    assert.equal(posts.length, count, JSON.stringify(posts));
    return posts.at(-1);
  }

  test('an SMS is posted as Twilio posts it, and its code logs in', async () => {
    const robot = new Robot();
    const page = await codePage(robot, 'sanne.devries@example.org');
    const sms = await arrived(1);
    const { Body } = sms.body;
    assert.deepEqual(sms, await asTwilio((client) => client.messages.create({ to: SANNE, from: SENDER, body: Body })));
    const code = Body.split('\n').at(-1).match(/^@mijnrgs\.localhost #(\d{6})$/)[1];
    const inside = await robot.submit(page, ON.code, { code });
    assert.equal(inside.has(ON.signOut), true, inside.url);
  });

  test('a call to a landline is posted as Twilio posts it, in words that its library writes', async () => {
    await codePage(new Robot(), 'ruben.mulder@example.org');
    const call = await arrived(1);
    const { Twiml } = call.body;
    assert.deepEqual(call, await asTwilio((client) => client.calls.create({ to: '+31200000001', from: CALLER, twiml: Twiml })));
    const said = [...Twiml.matchAll(/<Say [^>]*>([^<]*)<\/Say>/g)].map(([, words]) => words);
    const response = new twilio.twiml.VoiceResponse();
    response.pause({ length: 1 });
    for (const words of said) {
      response.say({ language: 'nl-NL' }, words);
      response.pause({ length: 1 });
    }
    assert.equal(response.toString().replace(/^<\?xml[^>]*\?>/, ''), Twiml);
    assert.equal(said.filter((words) => /\d, \d, \d, \d, \d, \d/.test(words)).length, 2, 'the code is said twice');
  });

  test('what the first refuses the fallback gets, as MessageBird posts it, and nobody gets it twice', async () => {
    refuses = true;
    await codePage(new Robot(), 'bram.bakker@example.org');
    const sms = await arrived(2);
    const { body } = sms.body;
    const asked = { originator: SENDER, recipients: ['31610000003'], body, datacoding: 'auto' };
    assert.deepEqual(sms, await asMessageBird((client, heard) => client.messages.create(asked, heard)));
    await codePage(new Robot(), 'femke.dekker@example.org');
    const call = await arrived(4);
    const spoken = { originator: CALLER.slice(1), recipients: ['31200000001'], body: call.body.body, language: 'nl-nl' };
    assert.deepEqual(call, await asMessageBird((client, heard) => client.voice_messages.create(spoken, heard)));
  });
});
