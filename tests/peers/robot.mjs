// A person without JavaScript, without Chromium: follows links and redirects, keeps cookies, fills forms. What it cannot do, a
// page must not need. Pages are parsed by npm `node-html-parser`.
import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { parse } from 'node-html-parser';
import './loopback.mjs';

/// One request as a browser without fetch metadata makes it: Node's own `fetch` says `Sec-Fetch-Mode: cors` and cannot be told otherwise.
async function ask(url, { method, headers, body }) {
  const text = body === undefined ? undefined : String(body);
  if (body instanceof URLSearchParams) headers['content-type'] ??= 'application/x-www-form-urlencoded;charset=UTF-8';
  const answer = await new Promise((done, failed) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, { method, headers: { ...headers, ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }) } }, done);
    request.once('error', failed).end(text);
  });
  const pairs = [];
  for (let at = 0; at < answer.rawHeaders.length; at += 2) pairs.push([answer.rawHeaders[at], answer.rawHeaders[at + 1]]);
  const empty = [204, 205, 304].includes(answer.statusCode);
  if (empty) answer.resume();
  return new Response(empty ? null : Readable.toWeb(answer), { status: answer.statusCode, headers: pairs });
}

export class Robot {
  #cookies = new Map(); // host without port -> Map(name -> value): all cookies here are host-only
  constructor({ language = 'nl' } = {}) {
    this.language = language;
    this.trail = [];
  }

  cookies(host) {
    return this.#cookies.get(host) ?? new Map();
  }

  /// One request, no redirect followed.
  async request(url, { method = 'GET', headers = {}, body } = {}) {
    const target = new URL(url);
    const jar = this.cookies(target.hostname);
    const response = await ask(target, {
      method,
      body,
      headers: {
        accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
        'accept-language': this.language,
        ...(jar.size ? { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...headers,
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const gone = attributes.some((attribute) => /^max-age=(0|-\d+)$/i.test(attribute) || (/^expires=/i.test(attribute) && new Date(attribute.slice(8)) < new Date()));
      const host = this.cookies(target.hostname);
      if (gone) host.delete(name); else host.set(name, value);
      this.#cookies.set(target.hostname, host);
    }
    this.trail.push(`${method} ${target.origin}${target.pathname} ${response.status}`);
    return response;
  }

  /// Follows redirects, and pages that go on by themselves (`Refresh`), to a page that stays.
  async open(url, options = {}) {
    let response = await this.request(url, options);
    for (let hops = 0; ; hops += 1) {
      const onward = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : /^[0-5]\s*;\s*url=(.+)$/i.exec(response.headers.get('refresh') ?? '')?.[1];
      if (!onward) break;
      if (hops === 20) throw new Error(`too many redirects:\n${this.trail.slice(-20).join('\n')}`);
      await response.body?.cancel();
      url = new URL(onward, url).href;
      response = await this.request(url);
    }
    return new Page(url, response, await response.text());
  }

  follow(page, selector) {
    return this.open(new URL(page.one(selector).getAttribute('href'), page.url).href);
  }

  /// Submits the form that `selector` names, or that the named field or button stands in, as a browser would: the page's own
  /// hidden fields, checked boxes and selected options, then `values`.
  submit(page, selector, values = {}) {
    const { url, method, fields } = page.form(selector);
    for (const [name, value] of Object.entries(values)) fields.set(name, value);
    if (method === 'GET') {
      const target = new URL(url);
      target.search = fields.toString();
      return this.open(target.href);
    }
    return this.open(url, { method, body: fields.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(page.url).origin, referer: page.url } });
  }
}

export class Page {
  constructor(url, response, text) {
    Object.assign(this, { url, status: response.status, headers: response.headers, text, root: parse(text) });
  }

  has(selector) {
    return this.root.querySelector(selector) !== null;
  }

  one(selector) {
    const found = this.root.querySelector(selector);
    if (!found) throw new Error(`${this.url} (${this.status}) has no ${selector}:\n${this.root.structuredText.slice(0, 1_500)}`);
    return found;
  }

  form(selector) {
    let form = this.one(selector);
    const asked = form;
    while (form && form.rawTagName?.toLowerCase() !== 'form') form = form.parentNode;
    if (!form) throw new Error(`${selector} on ${this.url} stands in no form`);
    const fields = new URLSearchParams();
    for (const field of form.querySelectorAll('input, select, textarea')) {
      const name = field.getAttribute('name');
      const type = (field.getAttribute('type') ?? 'text').toLowerCase();
      if (!name || field.hasAttribute('disabled') || ['submit', 'button', 'image', 'reset', 'file'].includes(type)) continue;
      if (['radio', 'checkbox'].includes(type) && !field.hasAttribute('checked')) continue;
      if (field.rawTagName.toLowerCase() === 'select') {
        const option = field.querySelector('option[selected]') ?? field.querySelector('option');
        if (option) fields.append(name, option.getAttribute('value') ?? option.text);
      } else {
        fields.append(name, field.rawTagName.toLowerCase() === 'textarea' ? field.text : field.getAttribute('value') ?? (type === 'checkbox' ? 'on' : ''));
      }
    }
    if (asked.rawTagName?.toLowerCase() === 'button' && asked.getAttribute('name')) fields.append(asked.getAttribute('name'), asked.getAttribute('value') ?? '');
    return {
      url: new URL(asked.getAttribute('formaction') ?? form.getAttribute('action') ?? '', this.url).href,
      method: (form.getAttribute('method') ?? 'get').toUpperCase(),
      fields,
    };
  }

  json(selector) {
    return JSON.parse(this.one(selector).text);
  }
}
