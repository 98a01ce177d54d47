// What the tests take `poort demo` to promise: its command line, its inbox, its names. All of it in this one file.

export const DEMO = {
  arguments: ({ port, backends, app }) => [
    'demo', '--listen', `127.0.0.1:${port}`,
    ...Object.entries(backends).flatMap(([register, url]) => ['--backend', `${register}=${url}`]),
    ...(app ? ['--app', app.origin, '--app-jwks', app.jwksFile] : []),
  ],
  // Whether the sample register's fault endpoints (/stream, /reset, /ws, ..) have routes in the demo's tenant file.
  testRoutes: process.env.POORT_TEST_ROUTES === '1',
  inbox: (port) => `http://inbox.localhost:${port}`,
  languages: ['nl', 'fr', 'de', 'en'],
  tenants: {
    progezondheid: { register: 'dossier', audience: 'https://dossier.riziv.example', languages: ['nl', 'fr', 'de', 'en'] },
    mijnrgs: { register: 'opleiding', audience: 'https://opleiding.rgs.example', languages: ['nl', 'en'] },
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
  },
  // What the choice of oneself is called, in the four languages.
  citizen: /burger|citoyen|bürger|citizen/i,
  professions: { physician: /arts|médecin|arzt|physician|doctor/i, physiotherapist: /kine|kinési|physio/i, pharmacist: /^(apotheker|pharmacien|pharmacist)$/i },
  organization: 'Ziekenhuis Sint-Anna',
  enterprise: 'Verzekeringen De Brug NV',
};
