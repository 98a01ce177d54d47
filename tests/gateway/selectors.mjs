// Where things are on Poort's pages: by form action and field name, never by text, so that one selector serves four languages.
// Used by Chromium and by the robot without JavaScript alike: plain CSS only.

const post = (action) => `form[action^="${action}"]`;

export const ON = {
  // every page
  language: (language) => `form[action="/language"] [name="language"][value="${language}"]`,
  signOut: 'form[action="/logout"] [type="submit"], form[action="/logout"] button',
  problem: '[role="alert"], .utrecht-alert, .utrecht-form-field-error-message',
  reference: '[data-reference], .poort-reference, #reference',
  acting: '.poort-acting, [data-acting]',
  profileHandle: 'input[name="poort_profile"]',
  csrf: 'form input[name="csrf"]',

  // `/` on an address that is no tenant's
  tenantLink: (tenant) => `a[href*="//${tenant}.localhost"]`,

  // /login/{attempt}
  key: { totp: 'a[href*="/password?second=totp"]', email: 'a[href*="/password?second=email-code"]' },
  userName: 'input[name="user_name"], input[name="username"]',
  password: 'input[name="password"]',
  code: 'input[name="code"]',
  resend: 'form[action$="/email-code/send"] button',
  cancel: 'form[action$="/cancel"] button',
  forgotten: 'a[href="/password/forgotten"]',
  newPassword: 'input[name="new_password"], input[name="password"][autocomplete="new-password"]',

  // /profile
  profileForm: post('/profile'),
  as: 'input[name="as"]',
  asValue: (value) => `input[name="as"][value="${value}"]`,
  organization: (value) => `input[name="organization"][value="${value}"], select[name="organization"] option[value="${value}"]`,
  continueForm: post('/profile/continue'),
  continueAsHolder: 'form[action^="/profile/continue"] [value="mandate_holder"]',
  continueAsCitizen: 'form[action^="/profile/continue"] [value="citizen"]',

  // /mandators
  searchForm: 'form[action="/mandators"]',
  search: { nihdi: 'input[name="nihdi"]', national: 'input[name="national"]', name: 'input[name="name"]', firstName: 'input[name="first_name"]' },
  chooseMandator: 'form[action="/mandators/choose"] [name="mandate"]',
  nextPage: 'form[action="/mandators"] button[name="page"]',

  // /organization
  grantForm: 'form[action="/organization/grant"]',
  grant: { member: '[name="member"]', right: '[name="right"]', day: 'input[name="day"]', month: 'input[name="month"]', year: 'input[name="year"]' },
  revoke: 'form[action="/organization/revoke"] [name="right_grant"]',

  // /end_session
  endSession: 'form[action="/end_session"] button',

  // between Poort and another origin: a link and a Refresh header
  continueLink: 'main a[href^="http"]',

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
