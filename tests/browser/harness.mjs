// A person in Chromium in front of the running gateway. Chromium, Playwright and axe are other people's; what is here only
// starts them, looks, and says plainly what it saw.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { DEMO } from '../gateway/demo.mjs';
import { codeIn, Inbox, linkIn } from '../gateway/inbox.mjs';
import { ON } from '../gateway/selectors.mjs';
import { nextCode } from '../gateway/totp.mjs';

export { DEMO } from '../gateway/demo.mjs';
export { codeIn, Inbox, linkIn } from '../gateway/inbox.mjs';
export { demoPeople, freePort, startDemo, startGateway } from '../gateway/process.mjs';
export { ON } from '../gateway/selectors.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'EN-301-549', 'best-practice'];
const SCREENSHOTS = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...DEMO.chromium];

export const LANGUAGES = DEMO.languages;
/// A phone in portrait (also a desktop at 400 %, WCAG 1.4.10), and a desktop.
export const WIDTHS = [320, 1280];

export function launch() {
  return chromium.launch({ executablePath: process.env.POORT_CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
}

/// The same with a profile in `folder`, whose preferences count.
export function launchWith(folder) {
  return chromium.launchPersistentContext(folder, { executablePath: process.env.POORT_CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
}

/// A browser profile of its own: cookies, language (`null`: each page's own, see `speak`), size. Every response of the pages is watched: an error in a page's script, a
/// breach of its content security policy, or an answer of 500 and above fails at `close()`, unless `tolerate` says so.
export async function person(browser, { language = 'nl', width = 1280, javaScript = true, tolerate = [] } = {}) {
  const context = await browser.newContext({ locale: language ?? undefined, viewport: { width, height: width < 600 ? 640 : 900 }, javaScriptEnabled: javaScript });
  context.setDefaultTimeout(10_000);
  const complaints = [];
  context.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.request().method()} ${response.url()}`);
  });
  context.on('weberror', (error) => complaints.push(`script error: ${error.error()}`));
  context.on('console', (message) => {
    if (message.type() === 'error' && /content security policy|refused to/i.test(message.text())) complaints.push(message.text());
  });
  return {
    context,
    language,
    complaints,
    page: () => context.newPage(),
    async close() {
      await context.close();
      assert.deepEqual(complaints.filter((complaint) => !tolerate.some((pattern) => pattern.test(complaint))), []);
    },
  };
}

/// Runs `body`, then closes the profile; what `body` found goes before what `close()` would say.
export async function alone(someone, body) {
  try {
    await body(someone);
  } catch (error) {
    await someone.context.close();
    throw error;
  }
  await someone.close();
}

/// What a person can be shown, in each language and at each width: `body(page, {language, width})`.
export async function eachLanguageAndWidth(browser, languages, body, options = {}) {
  for (const language of languages) {
    for (const width of WIDTHS) {
      const someone = await person(browser, { ...options, language, width });
      await alone(someone, async () => body(await someone.page(), { language, width, someone }));
    }
  }
}

// ---- looking -------------------------------------------------------------------------------------------------------------

/// axe with every rule that counts as WCAG 2.2 AA, EN 301 549 or good practice; any violation fails. `evaluate` gets through a
/// content security policy that a script element would not.
export async function audit(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } }), AXE_TAGS);
  const found = violations.map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n    ${nodes.map((node) => node.html.slice(0, 160)).join('\n    ')}`);
  assert.equal(found.length, 0, `${page.url()}\n  ${found.join('\n  ')}`);
}

/// Nothing stands outside the page at this width (WCAG 1.4.10).
export async function fits(page) {
  const [width, wanted] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
  assert.ok(wanted <= width, `${page.url()} is ${wanted} px wide on ${width} px`);
}

export async function speaks(page, language) {
  assert.equal(await page.locator('html').getAttribute('lang'), language, page.url());
  const title = await page.title();
  assert.ok(title.trim().length > 3, `${page.url()} has no title`);
  // A message that was never translated shows its key.
  const text = await page.locator('body').innerText();
  assert.doesNotMatch(text, /^[a-z]+(?:-[a-z]+){2,}$/m, `${page.url()}: a message's key instead of its text?`);
}

/// Presses Tab through the page: everything that can be operated is reached once, in order, and shows that it has the focus.
/// Returns what was reached.
export async function keyboardWalk(page) {
  const wanted = await page.evaluate(() => {
    const radios = new Set();
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((element) => {
      if (element.disabled || element.type === 'hidden' || element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.closest('details:not([open])') && element.localName !== 'summary') return false;
      if (element.type === 'radio') { // one stop for a group
        const group = `${element.form ? [...document.forms].indexOf(element.form) : ''} ${element.name}`;
        if (radios.has(group)) return false;
        radios.add(group);
      }
      return true;
    }).length;
  });
  // From the top, also where the page gave the focus to its error summary, or its address names a place in it.
  await page.evaluate(() => {
    document.activeElement?.blur();
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    window.scrollTo(0, 0);
  });
  const reached = [];
  for (let presses = 0; presses <= wanted + 2; presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return null;
      const focused = getComputedStyle(element);
      const look = (style) => [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor, style.color, style.textDecoration].join('|');
      const now = look(focused);
      const outlined = focused.outlineStyle !== 'none' && Number.parseFloat(focused.outlineWidth) >= 1;
      const box = element.getBoundingClientRect();
      const onScreen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      element.dataset.walk ??= String(Math.random());
      return { id: element.dataset.walk, what: `${element.localName}${element.name ? `[name=${element.name}]` : ''} "${(element.innerText || element.value || element.getAttribute('aria-label') || '').trim().slice(0, 40)}"`, now, outlined, onScreen };
    });
    if (stop === null || reached.some(({ id }) => id === stop.id)) break;
    assert.ok(stop.onScreen, `${page.url()}: ${stop.what} has the focus where nobody sees it`);
    if (!stop.outlined) {
      const without = await page.evaluate(() => {
        const element = document.activeElement;
        element.blur();
        const style = getComputedStyle(element);
        const look = [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor, style.color, style.textDecoration].join('|');
        element.focus({ focusVisible: true });
        return look;
      });
      assert.notEqual(stop.now, without, `${page.url()}: ${stop.what} does not show that it has the focus`);
    }
    reached.push(stop);
  }
  assert.equal(reached.length, wanted, `${page.url()}: Tab reached ${reached.length} of ${wanted}: ${reached.map(({ what }) => what).join(', ')}`);
  return reached.map(({ what }) => what);
}

export async function screenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name.replace(/[^\w.-]+/g, '-')}.png`), fullPage: true });
}

/// From now on this page asks for `language`, in a browser profile that has none of its own.
export function speak(page, language) {
  return page.setExtraHTTPHeaders({ 'accept-language': language });
}

/// Everything that is asked of a page that is already there, on a phone and on a desktop: nothing is loaded again, so it may be
/// the answer to a form.
export async function inspectAsItIs(page, { language, name }) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 600 ? 640 : 900 });
    await inspect(page, { language, width, name, keyboard: width === WIDTHS[0] });
  }
}

/// Everything that is asked of a page, and its picture.
export async function inspect(page, { language, width, name, keyboard = true }) {
  await speaks(page, language);
  await fits(page);
  await screenshot(page, `${name}-${language}-${width}`);
  await audit(page);
  if (keyboard) await keyboardWalk(page);
}

// ---- doing ---------------------------------------------------------------------------------------------------------------

/// Presses a form's submit button and waits for the page after it, whatever its status.
export async function submit(page, selector) {
  const form = page.locator(selector).first();
  const button = (await form.evaluate((element) => ['BUTTON', 'INPUT'].includes(element.tagName) && ['submit', 'image'].includes(element.type)))
    ? form
    : form.locator('xpath=ancestor-or-self::form').locator('button:not([type]), button[type=submit], input[type=submit]').first();
  const [response] = await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), button.click()]);
  return response;
}

export async function click(page, selector) {
  const [response] = await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.locator(selector).first().click()]);
  return response;
}

/// From a page where one can choose a key, up to and not including what comes after the second step.
/// @param method `totp` or `email`
export async function loginAs(page, gateway, someone, method = 'totp') {
  await click(page, ON.key[method]);
  await page.locator(ON.userName).fill(someone.user);
  await page.locator(ON.password).fill(someone.password);
  if (method === 'email') {
    const { mail } = await new Inbox(gateway).after(someone.user, () => submit(page, ON.password));
    await page.locator(ON.code).fill(codeIn(mail));
  } else {
    await submit(page, ON.password);
    const code = await nextCode(someone.totp_secret);
    await page.locator(ON.code).fill(code);
  }
  const response = await submit(page, ON.code);
  await rememberCookies(page, gateway);
  return response;
}

/// No cookie may ever stand in the log.
export async function rememberCookies(page, gateway) {
  for (const { name, value } of await page.context().cookies()) {
    if (/session|browser/.test(name)) gateway.secret(`the cookie ${name}`, value);
  }
}

/// "I want to log in as": the radio button whose label says so, and the organization.
export async function chooseProfile(page, { as, organization }) {
  await (await labelled(page, ON.as, as)).check();
  if (organization) {
    if ((await page.locator(ON.organizationList).count()) > 0) await selectLabel(page.locator(ON.organizationList), organization);
    else await (await labelled(page, ON.organization, organization)).check();
  }
  return submit(page, ON.as);
}

async function labelled(page, selector, wanted) {
  const fields = page.locator(selector);
  const seen = [];
  for (let i = 0; i < (await fields.count()); i += 1) {
    const text = await fields.nth(i).evaluate((field) => [...(field.labels ?? [])].map((label) => label.innerText).join(' '));
    if (matches(text, wanted)) return fields.nth(i);
    seen.push(text);
  }
  throw new Error(`${page.url()}: nothing labelled ${wanted} among ${JSON.stringify(seen)}`);
}

export async function selectLabel(select, wanted) {
  const labels = await select.locator('option').allInnerTexts();
  const label = labels.find((text) => matches(text, wanted));
  assert.ok(label, `no option ${wanted} among ${JSON.stringify(labels)}`);
  await select.selectOption({ label });
}

const matches = (text, wanted) => (wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted));

/// A mandate holder searches by family name and chooses the first found.
export async function actFor(page, name) {
  const [first, ...family] = name.split(' ');
  await page.locator(ON.search.firstName).fill(first);
  await page.locator(ON.search.name).fill(family.join(' '));
  await submit(page, ON.search.name);
  return submit(page, ON.chooseMandator);
}

/// A page between Poort and another origin goes on by its Refresh header, or by its link.
export async function arriveAt(page, origin) {
  await page.waitForURL((url) => url.origin === origin, { timeout: 10_000 });
  await page.waitForLoadState('load');
}
