// Where things are on Poort's pages: by form action and field name, never by text (the few classes name a whole part of a page), so that one selector serves four languages.
// Used by Chromium and by the robot without JavaScript alike: plain CSS only.

export const ON = {
  // every page
  language: (language) => `form[action="/language"] button[name="language"][value="${language}"]`,
  signOut: 'form[action="/logout"] button',
  backToSelf: 'form[action="/profile/self"] button, .poort-acting__back a',
  problem: '#problems',
  reference: '.poort-reference__number',
  notice: 'main .utrecht-alert--info',
  onwards: 'main .utrecht-button-group a[href], main .poort-step a[href]',
  acting: '.poort-acting',

  // `/` on an address that is no tenant's
  tenantLink: (tenant) => `a[href*="//${tenant}.localhost"]`,

  // /login/{attempt}
  key: { card: 'a[href$="/with/eid"]', digid: 'a[href$="/with/digid"]', eherkenning: 'a[href$="/with/eherkenning"]', eidas: 'a[href$="/with/eidas"]', fas: 'a[href$="/with/fas"]', itsme: 'a[href$="/with/itsme"]', totp: 'a[href*="/password?second=totp"]', email: 'a[href*="/password?second=email-code"]', phone: 'a[href*="/password?second=phone-code"]' },
  userName: 'input[name="user_name"]',
  password: 'input[name="password"]',
  code: 'input[name="code"]',
  resend: 'form[action$="/email-code/send"] button',
  phoneAgain: (way) => `form[action$="/phone-code/send"] button[value="${way}"]`,
  number: 'input[name="number"]',
  cancel: 'form[action$="/cancel"] button',
  forgotten: 'a[href="/password/forgotten"]',
  newPassword: 'input[name="new_password"]',

  // /profile
  as: 'input[name="as"]',
  organization: 'input[name="organization"]',
  organizationList: 'select[name="organization"]',
  continueAsHolder: 'form[action="/profile/continue"] button[value="mandate_holder"]',
  continueAsCitizen: 'form[action="/profile/continue"] button[value="citizen"]',

  // /mandators
  search: Object.fromEntries(Object.entries({ nihdi: 'nihdi', national: 'national', name: 'name', firstName: 'first_name' }).map(([field, name]) => [field, `form[role="search"] input[name="${name}"]`])),
  chooseMandator: 'form[action="/mandators/choose"] button[name="mandate"]',
  nextPage: 'form[action="/mandators"] button[name="page"]:last-of-type',

  // /organization
  grantForm: 'form[action="/organization/grant"]',
  grant: { member: 'select[name="member"]', right: 'select[name="right"]', day: 'input[name="day"]', month: 'input[name="month"]', year: 'input[name="year"]' },
  revokeFrom: (name) => `form[action="/organization/revoke"] button[aria-label*="${name}"]`,

  // /consents/{purpose}
  consent: {
    recipient: 'select[name="recipient"]',
    day: 'form[action^="/consents/"] input[name="day"]',
    withdrawFrom: (name) => `form[action$="/withdraw"] button[aria-label*="${name}"]`,
  },

  // /devices
  devices: {
    pair: 'form[action="/devices/pair"] button[name="app"]',
    code: 'form[action="/devices/confirm"] input[name="code"]',
    number: 'form[action="/devices/confirm"] input[name="number"]',
    unpair: (name) => `form[action="/devices/unpair"] button[aria-label*="${name}"]`,
  },

  // /end_session
  endSession: 'form[action^="/end_session"] button',

  // between Poort and another origin: a link and a Refresh header
  continueLink: 'main .utrecht-button-group a[href]',

  // the sample registers' page (tests/peers/backends)
  register: {
    banner: '#acting',
    actor: '#acting-actor',
    represented: '#acting-represented',
    capacity: '#acting-capacity',
    organization: '#acting-organization',
    mandate: '#acting-mandate',
    rights: '#acting-rights',
    switch: '#switch',
    remark: '#remark',
  },
  // the sample application's page (tests/peers/client)
  app: { claims: '#claims', held: '#held', refresh: '#refresh', logout: '#logout', error: '#error', goodbye: '#goodbye', login: (kind) => `#login-${kind}` },
};
