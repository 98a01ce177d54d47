// What the loads share: an address of their own for the many who come from one machine, memory, and figures.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';

/// From now on each connection of this process comes from the next of `count` addresses, as from as many people.
export function comeFromManyAddresses(count) {
  let turn = 0;
  http.globalAgent.createConnection = (options, done) => net.createConnection({ ...options, localAddress: address(turn++ % count) }, done);
}

/// The address of the `n`th visitor: all of 127.0.0.0/8 is this machine.
export const address = (n) => `127.0.${1 + Math.floor(n / 250)}.${1 + (n % 250)}`;

/// Memory of a process's own, in MiB: pages of files come and go as the kernel likes.
export const memory = (pid) => Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

export const median = (figures) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];
export const worst = (figures) => figures.reduce((most, figure) => Math.max(most, figure), 0);

/// How long something takes, in ms, and what came of it.
export async function timed(work) {
  const begun = performance.now();
  const result = await work();
  return [performance.now() - begun, result];
}
