// One gateway and one Chromium for a file of stories.
import http from 'node:http';
import { after, before } from 'node:test';
import { createBackend } from '../../peers/backends/node/server.mjs';
import { DEMO, alone, freePort, launch, person, startDemo } from '../harness.mjs';

/// @param backend what stands behind `dossier` instead of the demo's own register: `true` for the Node register of tests/peers, or a
///                request listener
/// @param args    what `poort demo` is asked besides
/// @param app     a function that starts the sample application and returns `{origin, jwksFile, close}`
export function setting({ backend = false, app, args } = {}) {
  const it = {};
  let register;
  before(async () => {
    const port = await freePort();
    const { progezondheid } = DEMO.tenants;
    const backends = {};
    if (backend) {
      register = backend === true
        ? createBackend({ issuer: DEMO.origin('progezondheid.localhost', port), audience: progezondheid.audience })
        : listening(backend);
      await new Promise((ready) => register.server.listen(0, '127.0.0.1', ready));
      backends[progezondheid.register] = `http://127.0.0.1:${register.server.address().port}`;
    }
    it.app = await app?.(DEMO.origin('progezondheid.localhost', port));
    it.stopRegister = () => register.close();
    it.gateway = await startDemo({ port, backends, app: it.app, args });
    it.browser = await launch();
    it.login = it.gateway.login('progezondheid');
    it.register = it.gateway.register(progezondheid.register, 'progezondheid');
    it.people = Object.fromEntries(Object.entries(DEMO.people).map(([role, name]) => [role, it.gateway.people.find((one) => one.name === name)]));
  });
  after(async () => {
    await it.browser?.close();
    await it.app?.close();
    await register?.close();
    await it.gateway?.stop();
  });
  /// A browser profile of its own for the length of `body(page, someone)`.
  it.as = async (options, body) => {
    let result;
    await alone(await person(it.browser, options), async (someone) => { result = await body(await someone.page(), someone); });
    return result;
  };
  return it;
}

function listening(handler) {
  const server = http.createServer(handler);
  const close = () => new Promise((done) => { server.close(done); server.closeAllConnections(); });
  return { server, close };
}
