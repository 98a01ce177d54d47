// The harness itself: each check passes on a good page and fails on a page with that one fault.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { faultsIn, startGateway } from '../../gateway/process.mjs';
import { fromBase32, nextCode, totp } from '../../gateway/totp.mjs';
import { codeIn, linkIn } from '../../gateway/inbox.mjs';
import { audit, eachLanguageAndWidth, fits, keyboardWalk, launch, person, screenshot, speaks, submit } from '../harness.mjs';

const page = ({ lang = 'nl', style = '', body = '', title = 'Een goede pagina' } = {}) => `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>a,button,input{min-height:2rem;display:inline-block}${style}</style></head><body><main><h1>Titel</h1>
<form action="/sent" method="post"><p><label for="a">Naam</label> <input id="a" name="a" style="border:1px solid #333"></p><p><label><input type="radio" name="as" value="1" checked> Burger</label> <label><input type="radio" name="as" value="2"> Arts</label></p><button>Verder</button></form><p><a href="/elsewhere">Elders</a></p>${body}</main></body></html>`;

const pages = {
  '/good': page(),
  '/unlabelled': page({ body: '<input name="b" style="border:1px solid #333">' }),
  '/pale': page({ style: 'p{color:#bbb}' }),
  '/no-focus': page({ style: 'a:focus-visible{outline:none}' }),
  '/hidden-focus': page({ body: '<a href="/x" style="position:absolute;left:-999px;top:0">Weg</a>' }),
  '/trap': page({ body: '<button onkeydown="if(event.key===\'Tab\')event.preventDefault()">Vast</button><a href="/y">Nooit bereikt</a>' }),
  '/wide': page({ body: '<p style="width:500px">breed</p>' }),
  '/french': page({ lang: 'fr' }),
  '/key': page({ body: '<p>profile-nothing-chosen</p>' }),
  '/script-error': page({ body: '<script>throw new Error("stuk")</script>' }),
};
let server, origin, browser;

before(async () => {
  server = http.createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (request.url === '/csp') {
      response.setHeader('content-security-policy', "default-src 'none'; require-trusted-types-for 'script'");
      return response.end('<!doctype html><html lang="nl"><head><title>Strenge pagina</title></head><body><main><h1>Streng</h1></main><img src="/x.png" alt=""></body></html>');
    }
    response.statusCode = request.url === '/broken' ? 500 : 200;
    return response.end(pages[request.url] ?? page({ title: `${request.method} ${request.url}` }));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  origin = `http://pagina.localhost:${server.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server.close();
  server.closeAllConnections();
});

async function on(path, body, options) {
  const someone = await person(browser, options);
  const tab = await someone.page();
  await tab.goto(origin + path);
  try {
    return await body(tab);
  } finally {
    await someone.close();
  }
}

describe('the harness', () => {
  test('audit passes a good page and finds a missing label and pale text', async () => {
    await on('/good', audit);
    await assert.rejects(on('/unlabelled', audit), /label/);
    await assert.rejects(on('/pale', audit), /color-contrast/);
  });

  test('audit works under a strict content security policy, and a breach of one is a complaint', async () => {
    await assert.rejects(on('/csp', audit), /Content Security Policy/i);
    await on('/csp', audit, { tolerate: [/Content Security Policy/i] });
  });

  test('keyboardWalk reaches everything, and notices invisible focus and a trap', async () => {
    const reached = await on('/good', keyboardWalk);
    assert.deepEqual(reached.map((what) => what.split(' ')[0]), ['input[name=a]', 'input[name=as]', 'button', 'a']);
    await assert.rejects(on('/no-focus', keyboardWalk), /does not show/);
    await assert.rejects(on('/hidden-focus', keyboardWalk), /nobody sees/);
    await assert.rejects(on('/trap', keyboardWalk), /Tab reached 5 of 6/);
  });

  test('fits and speaks notice what they are for', async () => {
    await on('/good', fits, { width: 320 });
    await assert.rejects(on('/wide', fits, { width: 320 }), /px wide on 320/);
    await on('/good', (tab) => speaks(tab, 'nl'));
    await assert.rejects(on('/french', (tab) => speaks(tab, 'nl')));
    await assert.rejects(on('/key', (tab) => speaks(tab, 'nl')), /key instead of its text/);
  });

  test('a script error and a 500 are complaints', async () => {
    await assert.rejects(on('/script-error', async () => {}), /stuk/);
    await assert.rejects(on('/broken', async () => {}), /500 GET/);
  });

  test('a form is sent with and without JavaScript', async () => {
    for (const javaScript of [true, false]) {
      assert.equal(await on('/good', async (tab) => { await submit(tab, 'input[name="a"]'); return tab.title(); }, { javaScript }), 'POST /sent');
    }
  });

  test('languages and widths go round', async () => {
    const seen = [];
    await eachLanguageAndWidth(browser, ['nl', 'de'], async (tab, { language, width }) => {
      await tab.goto(`${origin}/good`);
      await screenshot(tab, `self-${language}-${width}`);
      seen.push([await tab.evaluate(() => navigator.language), await tab.evaluate(() => innerWidth)]);
    });
    assert.deepEqual(seen, [['nl', 320], ['nl', 1280], ['de', 320], ['de', 1280]]);
  });

  test('the authenticator gives RFC 6238’s codes, and never one twice', async () => {
    const key = Buffer.from('12345678901234567890');
    assert.deepEqual([59, 1_111_111_109, 1_234_567_890, 2_000_000_000].map((time) => totp(key, Math.floor(time / 30))), ['287082', '081804', '005924', '279037']);
    assert.deepEqual(fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'), key);
    assert.notEqual(await nextCode('GEZDGNBVGY3TQOJQ'), await nextCode('GEZDGNBVGY3TQOJQ'));
  });

  test('codes and links are read from mails', () => {
    assert.equal(codeIn({ text: 'Uw code: 123 456\nVragen? Bel 02 555 01 23' }), '123456');
    assert.equal(codeIn({ text: 'Uw code is 12345678.' }), '12345678');
    assert.throws(() => codeIn({ text: 'Bel 02 555 01 23' }));
    assert.equal(linkIn({ text: 'Ga naar\nhttp://a.localhost:1/password/reset?token=x\n' }), 'http://a.localhost:1/password/reset?token=x');
  });

  test('the log is read for panics, tokens, secrets and national numbers', () => {
    const secrets = new Map([['correct horse', 'a password']]);
    const good = ['{"level":"INFO","path":"/dossiers/{riziv}","ms":12345678901}', '2026-11-22T09:58:00.123456Z ok'];
    assert.deepEqual(faultsIn(good, secrets), []);
    assert.match(faultsIn(["thread 'x' panicked at src/a.rs:1"])[0], /panic/);
    assert.match(faultsIn(['user correct horse'], secrets)[0], /a password in: user \[…\]/);
    assert.match(faultsIn(['eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJlbHMifQ.c2lnbmF0dXJl'])[0], /token/);
    assert.match(faultsIn(['person 85.07.30-033.28'])[0], /national register number/);
    assert.deepEqual(faultsIn(['person 85.07.30-033.29']), []);
  });

  test('a gateway that ends, or never answers, fails with its log; one that is stopped is read', async () => {
    const node = (script, port) => startGateway({ binary: process.execPath, port, args: ['-e', script], timeout: 1_500 });
    await assert.rejects(node('console.error("no configuration"); process.exit(3)', 9), /ended \(3\)[^]*no configuration/);
    await assert.rejects(node('setInterval(() => {}, 1000)', 9), /did not answer/);
    const listen = (port, extra) => `require("http").createServer((q, s) => s.end("ok")).listen(${port}, "127.0.0.1"); ${extra}`;
    const { freePort } = await import('../harness.mjs');
    const [quiet, loud] = [await freePort(), await freePort()];
    await (await node(listen(quiet, 'console.log("welcome, password geheim123"); process.on("SIGTERM", () => process.exit(0))'), quiet)).stop();
    const leaky = await node(listen(loud, 'console.error("password geheim123")'), loud);
    leaky.secret('a password', 'geheim123');
    await assert.rejects(leaky.stop(), /a password in/);
  });
});
