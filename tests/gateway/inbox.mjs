// Mail as a person gets it: from the demo's inbox, where what Poort really sent by SMTP arrived.
import { setTimeout as wait } from 'node:timers/promises';
import '../peers/loopback.mjs';

export class Inbox {
  constructor(gateway) {
    this.gateway = gateway;
  }

  /// The newest mail to an address, or null: `{subject, text}`.
  async latest(to) {
    const response = await fetch(`${this.gateway.inbox}/api/latest?to=${encodeURIComponent(to)}`);
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`the inbox answered ${response.status}`);
    return response.json();
  }

  /// Does `action` and returns the mail that came of it.
  async after(to, action, timeout = 10_000) {
    const before = JSON.stringify(await this.latest(to));
    const result = await action();
    for (const until = Date.now() + timeout; Date.now() < until; await wait(50)) {
      const mail = await this.latest(to);
      if (mail && JSON.stringify(mail) !== before) {
        for (const [code] of mail.text.matchAll(/\b\d{6,8}\b/g)) this.gateway.secret('a mailed code', code);
        return { mail, result };
      }
    }
    throw new Error(`no mail came to ${to}`);
  }
}

export function codeIn(mail) {
  const code = /\b(\d{6,8})\b/.exec(mail.text.replace(/(\d{3,4}) (\d{3,4})/g, '$1$2'))?.[1];
  if (!code) throw new Error(`no code in: ${mail.text}`);
  return code;
}

export function linkIn(mail) {
  const link = /https?:\/\/\S+/.exec(mail.text)?.[0];
  if (!link) throw new Error(`no link in: ${mail.text}`);
  return link;
}
