// RFC 6761 section 6.3: names that end in `.localhost` mean this machine. Chromium and curl know that, Node asks the resolver,
// which mostly does not. Importing this file teaches it to the whole process (global fetch, node:http, WebSocket clients).
import dns from 'node:dns';

const systemLookup = dns.lookup;

export function isLocalhost(name) {
  const host = name.toLowerCase().replace(/\.$/, '');
  return host === 'localhost' || host.endsWith('.localhost');
}

dns.lookup = function lookup(hostname, options, callback) {
  if (typeof options === 'function') [options, callback] = [{}, options];
  if (!isLocalhost(hostname)) return systemLookup.call(dns, hostname, options, callback);
  const all = typeof options === 'object' && options?.all;
  process.nextTick(() => (all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)));
};
