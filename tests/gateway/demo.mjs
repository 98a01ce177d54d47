// What the tests take `poort demo` to promise: its command line, its inbox, its names. All of it in this one file.
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/// With POORT_DEMO_TLS=FOLDER the demo ends TLS itself, with FOLDER/certificate.pem and FOLDER/key.pem, and every origin is https.
/// `tests/run` makes the folder, and tells Node to trust the certificate (NODE_EXTRA_CA_CERTS).
const folder = process.env.POORT_DEMO_TLS;
const files = folder ? { certificate: path.join(folder, 'certificate.pem'), key: path.join(folder, 'key.pem') } : null;
const scheme = files ? 'https' : 'http';

export const DEMO = {
  arguments: ({ port, backends, app }) => [
    'demo', '--listen', `127.0.0.1:${port}`,
    ...(files ? ['--tls-certificate', files.certificate, '--tls-key', files.key] : []),
    ...Object.entries(backends).flatMap(([register, url]) => ['--backend', `${register}=${url}`]),
    ...(app ? ['--app', app.origin, '--app-jwks', app.jwksFile] : []),
  ],
  // The origin of a host of the demo.
  origin: (host, port) => `${scheme}://${host}:${port}`,
  // What makes Chromium trust the certificate's key, and no other.
  chromium: files ? [`--ignore-certificate-errors-spki-list=${spki(files.certificate)}`] : [],
  // Whether the sample register's fault endpoints (/stream, /reset, /ws, ..) have routes in the demo's tenant file.
  testRoutes: process.env.POORT_TEST_ROUTES === '1',
  inbox: (port) => `${scheme}://inbox.localhost:${port}`,
  telephone: (port) => `${scheme}://telephone.localhost:${port}`,
  languages: ['nl', 'fr', 'de', 'en'],
  tenants: {
    progezondheid: { register: 'dossier', audience: 'https://dossier.riziv.example', languages: ['nl', 'fr', 'de', 'en'] },
    mijnrgs: { register: 'opleiding', audience: 'https://opleiding.rgs.example', languages: ['nl', 'en'] },
    registerplein: { register: 'registratie', audience: 'https://registratie.registerplein.example', languages: ['nl', 'fr', 'de', 'en'] },
    skj: { register: 'kamer', audience: 'https://kamer.skj.example', languages: ['nl', 'en'] },
    ifms: { register: 'portfolio', audience: 'https://portfolio.ifms.example', languages: ['nl', 'en'] },
    lklr: { register: 'kwaliteitsregister', audience: 'https://kwaliteitsregister.lklr.example', languages: ['nl', 'fr', 'de', 'en'] },
  },
  // Who is who in the stories.
  people: {
    physician: 'Jan Claes',
    physiotherapist: 'Marie Dubois',
    mandateHolder: 'Els Peeters',
    holderWithFile: 'Hilde Goossens',
    enterpriseRepresentative: 'Karel Janssens',
    chiefAccessManager: 'Lotte Maes',
    member: 'Tom Willems',
    incomplete: 'Nora Haddad',
    director: 'Pieter Wouters',
    pharmacist: 'Greta Schmitz',
    twoProfessions: 'Koen Devos',
    citizenOnly: 'An Verbeke',
    socialWorker: 'Mila Hendriks',
    employer: 'Karin Prins',
    psychiatrist: 'Anouk Verhoeven',
    appraiser: 'Wouter Blom',
    outsider: 'Marije Bos',
    bureau: 'Hugo Sanders',
    certified: 'Fatima van den Berg',
  },
  // What the choice of oneself is called, in the four languages.
  citizen: /burger|citoyen|bürger|citizen/i,
  professions: { physician: /arts|médecin|arzt|physician|doctor/i, physiotherapist: /kine|kinési|physio/i, pharmacist: /^(apotheker|pharmacien|pharmacist)$/i },
  organization: 'Ziekenhuis Sint-Anna',
  enterprise: 'Verzekeringen De Brug NV',
};

/// The digest of a certificate's key, as Chromium's flag and RFC 7469 have it.
function spki(file) {
  const { publicKey } = new X509Certificate(readFileSync(file));
  return createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
}
