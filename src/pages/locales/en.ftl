# The texts of all pages in English (plain language, level B1).

## Dates
date = { $day } { $month } { $year }
date-time = { $date } at { $time }
until = Until { $date }
without-end = No end date
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## What surrounds every page
page-title-problems = { $count ->
    [one] Error:
   *[other] { $count } errors:
}
skip-to-main = Skip to main content
language-switch = Choose a language
person-region = Your account
person-signed-in = Logged in as { $name }
person-unnamed = (name not known yet)
person-account = My account
person-log-out = Log out
acting-region = Who you are acting for
acting-for = You are acting for { $name }
acting-for-registered = You are acting for { $name } ({ $registration })
acting-mandate = Mandate: { $scope }.
acting-mandate-until = Mandate: { $scope }, until { $until }.
acting-holder = You do this on behalf of { $holder }.
acting-within = You are acting within the organisation { $name }
acting-back-to-self = Back to yourself
problems-title = There is a problem
problem-prefix = Error:
help-title = Need help?
reference-help = Still stuck? Contact { $help } and quote the reference number.
reference-phone = Phone
reference-email = E-mail
reference-label = Reference number
session-ends-at = If you do nothing, your session ends at { $time }.
session-warning-title = Your session is about to end
session-warning-text = You have not done anything for a while. To keep your data safe, we will log you out within 2 minutes. Do you want to go on?
session-warning-extend = Yes, stay logged in
session-ended-text = You have been logged out because you did nothing for a while. After logging in you come back to this page.
session-ended-log-in = Log in again

## Capacities
capacity-citizen = Citizen
capacity-professional = Professional care provider
capacity-mandate-holder = Mandate holder
capacity-organization-member = Member of an organisation
capacity-access-manager = Access manager
capacity-chief-access-manager = Chief access manager
capacity-supporter = Supporter
capacity-appraiser = Appraiser
capacity-trainer = Trainer
capacity-trainee = Trainee
capacity-helpdesk = Helpdesk worker
capacity-anyone = Anyone
role-director = director
role-person-responsible = person responsible
role-certificate-manager = manager of the eHealth certificate
registration-nihdi = NIHDI
registration-number = registration number
managers-ask = Ask an access manager for it:
managers-unknown = Ask within your organisation who the access manager is. That person can give you the right.

## Choosing a key
login-for = Log in for { $register }
login-title = Choose your digital key to log in
login-step = Step { $step } of { $of }
login-more-assurance = This information needs a stronger digital key. Log in with one of the keys below. After that you go on where you were.
login-session-ended = Your session has ended. Log in again. After that you go on where you were.
login-app-set-up = Your authenticator app is set up. Log in now with your password and a new code from the app.
login-group-partner = eID or digital keys of recognised partners
login-group-code = Digital keys with a security code and user name + password
login-group-european = European authentication
login-group-passkey = Passkey
login-key-email-code = Security code by e-mail
login-key-email-code-hint = With your user name, your password and a code that we e-mail to you
login-key-totp = Security code by mobile app
login-key-totp-hint = With your user name, your password and a code from your authenticator app
login-key-passkey = Log in with a passkey
login-key-passkey-hint = Without a password: with your fingerprint, your face or the code of your device
login-key-password-passkey = Password and passkey
login-key-password-passkey-hint = With your user name, your password and a passkey
login-key-recovery-code = Recovery code
login-key-recovery-code-hint = For when your app or passkey is lost: with your user name, your password and a recovery code
login-key-itsme = itsme
login-key-itsme-hint = With the itsme app on your phone
login-key-digid = DigiD
login-key-digid-hint = With your Dutch DigiD, for example with the DigiD app
login-key-eherkenning = eHerkenning
login-key-eherkenning-hint = For your organization, with the eHerkenning of your work
login-key-fas = CSAM
login-key-fas-hint = Through the federal government: with your eID card or another key
login-key-openid = Another provider
login-key-openid-hint = You log in on the website of this provider and come back here
login-key-card = eID card reader
login-key-card-hint = With your identity card, a card reader and your PIN
login-key-card-certificate = eID without an extension
login-key-card-certificate-hint = Your browser reads the certificate of your card itself
login-key-out-of-order = Out of order at the moment. Choose another key, or try again in a minute.
login-no-key-title = Do you have none of these keys?
login-no-key-text = Contact the helpdesk. You find the details at the bottom of this page.
login-other-key = Choose another key
login-cancel = Cancel logging in

## User name and password
password-title = Log in with user name and password
password-then-email-code = After this we send you a security code by e-mail.
password-then-totp = After this we ask for a security code from your mobile app.
password-then-passkey = After that we ask for your passkey.
password-then-recovery-code = After that we ask for a recovery code.
password-user-name = User name
password-user-name-hint = This is your e-mail address, for example name@example.com
password-user-name-number = This is your registration number. Your e-mail address works too
password-password = Password
password-forgotten = Forgotten your password?
password-submit = Next
password-user-name-missing = Enter your user name
password-missing = Enter your password
password-not-after-mail-reset = You changed your password with a link in an e-mail. That is why you cannot log in with a code by e-mail now. Choose the code from a mobile app, or contact the help line.
password-not-recognised = We could not log you in. Check your user name and your password
password-too-often = After a few failed attempts you have to wait { $minutes } minutes. We then send you an e-mail about it.

## Codes
code-label = Security code
code-hint = { $digits } digits. Spaces are allowed.
code-submit = Log in
code-missing = Enter the security code of { $digits } digits
code-too-short = The code is too short. A code has { $digits } digits
code-too-long = The code is too long. A code has { $digits } digits
code-not-digits = A code has digits only. Enter the { $digits } digits
code-wrong-email = This code is not correct. Use the code from the latest e-mail
code-wrong-app = This code is not correct. Use the code that your app shows now
code-expired = This code is no longer valid. Ask for a new code
totp-title = Enter the code from your app
totp-lead = Open the authenticator app on your phone. Enter the code that it shows for this account.
totp-trouble-title = The code does not work
totp-trouble-clock = Check that the clock of your phone is set automatically. Wait for a new code and try again.
totp-trouble-lost = Don't have your phone with you? Choose another key. Have you lost your phone? Contact the helpdesk.
email-code-title = Enter the code from your e-mail
email-code-lead = We have sent an e-mail with a security code to the address of your account.
email-code-valid = { $minutes ->
    [one] The code is valid for 1 minute.
   *[other] The code is valid for { $minutes } minutes.
}
email-code-sent-again = We have sent you a new code.
email-code-too-soon = No new code has been sent yet. In { $seconds } seconds you can ask for one. The code that you already have still works.
email-code-not-received = No code received?
email-code-not-received-text = An e-mail can take a few minutes to arrive. Look in your spam folder too.
email-code-wait = { $seconds ->
    [one] In 1 second you can ask for a new code.
   *[other] In { $seconds } seconds you can ask for a new code.
}
email-code-send-again = Send a new code

## The identity card
card-title = Log in with your eID card
card-lead = Put your identity card in the reader. The program Web eID then asks for your PIN.
card-use = Log in with my card
card-without-script = For your card, your browser needs JavaScript and the Web eID extension. Turn JavaScript on, or choose another key.
card-wait = Follow the instructions in the window of Web eID: your card in the reader, then your PIN.
card-no-extension = Your browser does not have the Web eID extension, or it is turned off. Install it, load this page again, or choose another key.
card-no-program = The extension is there, but the program Web eID is not on your computer. Install it and try again.
card-old = Your Web eID is too old for this page. Update the extension and the program, and try again.
card-cancelled = You stopped, or there was no card in the reader. You can try again.
card-late = It took too long. Have your card and your PIN ready, and try again.
card-pending = Web eID is still busy in another window. Close that one first.
card-insecure = This page was not opened securely, and then a card does not work. Open it with https.
card-failed = Your card could not be read. Is it in the reader properly? After three wrong PINs the PIN is blocked: your municipality then gives you a new one.
card-need-title = What do you need?
card-need-reader = Your Belgian identity card or foreigner's card, in force, and a card reader on your computer.
card-need-extension = The extension and the program Web eID, free, for Chrome, Edge, Firefox and Safari:
card-need-pin = The PIN of your card. Did you forget it? Ask your municipality for a new one.

## Passkeys and recovery codes
passkey-title = Use your passkey
passkey-lead = Your browser asks for your passkey. You confirm with your fingerprint, your face or the code of your device.
passkey-use = Use passkey
passkey-without-script = A passkey needs JavaScript, and a browser that knows passkeys. Turn JavaScript on, update your browser, or log in with something else.
passkey-wait = Follow the instructions of your browser.
passkey-failed = It did not work. You cancelled, it took too long, or this device has no passkey for this website. Try again.
passkey-known = This device already has a passkey for your account.
passkey-missing = No passkey was used: your browser needs JavaScript for that
passkey-not-recognised = Logging in with this passkey did not work. Try again, or choose another key
passkey-trouble-title = Do you have no passkey?
passkey-trouble-none = You make a passkey on your account page, at Your ways to log in. Log in with another key first.
passkey-trouble-lost = Have you lost the device with your passkey? Choose another key, and remove the passkey on your account page.
recovery-code-title = Enter a recovery code
recovery-code-lead = Use one of the recovery codes that you kept. Each code works once.
recovery-code-label = Recovery code
recovery-code-hint = 16 letters and digits, for example 8H2K-9QXA-77TM-0ZWE
recovery-code-missing = Enter a recovery code
recovery-code-malformed = A recovery code has 16 letters and digits. Check what you entered
recovery-code-wrong = This recovery code does not work. Have you used it before? Take another one

## What one logs in with
app-title = Set up an authenticator app
app-lead = With an authenticator app on your phone you log in more safely than with a code by e-mail.
app-lead-first = This is the first time that you log in. Set up an authenticator app: from now on it proves that it is you.
app-lead-replaces = The new app takes the place of the one that you have now. That one no longer works after this.
app-step-install = Open an authenticator app on your phone, or install one.
app-step-scan = Scan this picture with the app.
app-step-code = Enter the code that the app shows below.
app-picture = QR code for your authenticator app
app-by-hand = Can you not scan it?
app-by-hand-text = Choose to enter it by hand in the app, and copy this key:
app-submit = Set up the app
factors-title = Your ways to log in
factors-lead = Here you see and change what you log in with. We send you an e-mail about each change.
factors-back = Back
factors-to-account = To your account
factors-confirm-text = Before you change anything we ask you to log in again with the best that you have. That way nobody else can do it for you.
factors-confirm = Log in again to change
factors-password = Password
factors-password-text = You have a password.
factors-password-change = Choose a new password
factors-password-none = You have no password.
factors-password-choose = Choose a password
factors-email = Code by e-mail
factors-email-text = After your password we can send a code to the address of your account.
factors-email-not-now = You chose your password by a link in an e-mail. Therefore a code by e-mail does not count as a second step now.
factors-app = Authenticator app
factors-app-there = An authenticator app is set up.
factors-app-none = No authenticator app is set up yet.
factors-app-add = Set up an app
factors-app-replace = Set up another app
factors-app-remove = Remove the app
factors-passkeys = Passkeys
factors-passkeys-text = With a passkey you confirm with your fingerprint, your face or the code of your device.
factors-passkey-added = Added on { $when }
factors-passkey-used = Last used on { $when }
factors-passkey-unused = Not used yet
factors-passkey-change = Change
factors-passkey-change-named = Change: { $name }
factors-passkey-name = Name of the passkey
factors-passkey-name-hint = By this you recognise it, for example: phone. At most 40 characters.
factors-passkey-name-problem = Give the passkey a name of at most 40 characters
factors-passkey-not-usable = This passkey cannot be used here. Try again, or with another device
factors-passkey-rename = Save the name
factors-passkey-remove = Remove the passkey
factors-passkey-remove-named = Remove the passkey: { $name }
factors-passkey-add = Add a passkey
factors-recovery = Recovery codes
factors-recovery-text = With a recovery code and your password you log in when your app or passkey is lost. Each code works once.
factors-recovery-left = { $count ->
    [0] You have no recovery codes.
    [one] You have 1 recovery code left.
   *[other] You have { $count } recovery codes left.
}
factors-recovery-make = Make new recovery codes
factors-recovery-replaces = If you make new codes, the old ones no longer work.
factors-last = This is the last thing that you can log in with. Add something else first
factors-done-app-added = Your authenticator app is set up.
factors-done-app-removed = The authenticator app was removed.
factors-done-passkey-added = The passkey was added.
factors-done-passkey-renamed = The name was saved.
factors-done-passkey-removed = The passkey was removed.
recovery-codes-title = Your recovery codes
recovery-codes-lead = Print these codes or write them down. We show them only once.
recovery-codes-keep = Keep them in a safe place, and not with your password. Each code works once.
recovery-codes-kept = I have kept the codes

## Forgotten password
forgotten-title = Forgotten password
forgotten-lead = Enter your user name. We will send you an e-mail with a link to choose a new password.
forgotten-submit = Send link
forgotten-back = Back to logging in
forgotten-missing = Enter your user name
forgotten-not-an-address = A user name is an e-mail address, like name@example.com
forgotten-sent-title = Check your e-mail
forgotten-sent-lead = Is there an account with this user name? Then we have sent an e-mail with a link to choose a new password.
forgotten-sent-valid = { $minutes ->
    [one] The link works once and is valid for 1 minute.
   *[other] The link works once and is valid for { $minutes } minutes.
}
forgotten-sent-nothing-title = No e-mail received?
forgotten-sent-spam = Look in your spam folder.
forgotten-sent-other-address = Check that you entered the right e-mail address.
forgotten-sent-call = Still no e-mail? Contact the helpdesk.
forgotten-sent-again = Ask for another link
reset-title = Choose a new password
reset-lead = Choose a password of at least { $min } characters. A sentence of a few words is strong and easy to remember.
reset-new-password = New password
reset-new-password-hint = All characters are allowed, also spaces. You may paste it.
reset-consequence = Your old password will stop working. Are you still logged in somewhere? Then we log you out there.
reset-submit = Save password
reset-missing = Enter a new password
reset-too-short = This password is too short. Use at least { $min } characters
reset-too-long = This password is too long. Choose a shorter password
reset-too-common = Many people use this password and it is easy to guess. Choose another password
reset-too-like-user-name = This password is too much like your user name. Choose another password
reset-done-title = Your password has been changed
reset-done-text = From now on you log in with your new password.
reset-done-app-only = You changed your password by e-mail. A code by e-mail is therefore not enough as a second step for now. Do you have an authenticator app? Then use that.
reset-done-not-you = Was this not you? Contact the helpdesk at once.
link-spent-title = This link no longer works
link-spent-lead = The link has been used before, is too old, or a newer link was sent.
link-spent-next = See if you have a newer e-mail, or ask for a new link. Your password was not changed by clicking this link.
link-spent-new = Ask for a new link

## Choosing a profile
profile-title = Choose your profile
profile-as = I want to log in as:
profile-within = Within the organisation:
profile-within-hint = Choose an organisation if you represent it or work there. If you act for yourself, choose no organisation.
profile-within-none = No organisation
profile-confirm = Confirm profile
profile-nothing-chosen = Choose as whom you want to log in
profile-no-longer-possible = This profile is no longer possible. Choose another profile
profile-not-within = This profile cannot be combined with this organisation. Choose no organisation or another profile
profile-missing-title = Do you miss a profile or a right?
missing-registration-title = { $profession }: your file is not complete yet
missing-registration-why = Your registration is new. It takes a few days until your file is ready. Until then you can only go on as a citizen.
missing-registration-next = Try again in a few days. Does it still not work after a week? Contact the helpdesk.
missing-right-why = You do not have the right ‘{ $right }’ at this organisation. You can choose it, but what needs this right stays closed.
missing-role-title = A role at an institution
missing-role-why = We do not know you as a director, person responsible or manager at an institution. That is why you cannot go on with the rights of such a role.
missing-role-next = Do you have such a role? Ask your institution to register you. Meanwhile you can go on as a citizen.
profile-continue-title = With which profile do you want to go on?
profile-continue-lead = You have more than one profile. Choose the one to go on with now. You can change it later without logging in again.
profile-continue-mandate-holder = Continue as mandate holder
profile-continue-mandate-holder-hint = You look up the person who gave you a mandate and act for that person.
profile-continue-within = Continue within { $organization }
profile-continue-citizen = Continue as citizen
profile-continue-citizen-hint = You act for yourself.
profile-continue-role = You also have the rights of { $role }.

## Finding a mandator
mandators-title = Find a mandator
mandators-enterprise = On behalf of { $name }
mandators-lead = Find the person who gave you a mandate. Fill in one or more fields. If you fill in nothing, you see all your mandators.
mandators-nihdi = NIHDI number
mandators-national = National register number
mandators-name = Name
mandators-first-name = First name
mandators-submit = Search
mandators-found = Number of results: { $count }
mandators-page = Page { $page } of { $pages }, { $per-page } per page
mandators-caption = Mandators found
mandators-column-name = Name
mandators-column-mandate = Mandate
mandators-column-choose = Choose
mandators-no-number = no number
mandators-choose = Choose
mandators-choose-person = Choose: { $name }
mandators-pages = Pages of results
mandators-previous = Previous
mandators-next = Next
mandators-none-text = We found nobody for whom you have a mandate.
mandators-none-check = Check that you filled in everything correctly.
mandators-none-fewer = Fill in fewer fields, for example only the name.
mandators-none-mandate = Ask the person whether your mandate has started and has not been ended.
mandators-nihdi-wrong = This NIHDI number is not correct. Enter the 11 digits
mandators-national-wrong = This national register number is not correct. Enter the 11 digits
mandators-name-too-short = Enter at least 2 letters of the name
mandators-mandate-ended = This mandate has been ended in the meantime. Choose another person

## Organization
organization-title = Rights at { $name }
organization-lead = Here you see who has access on behalf of your organisation. You give rights with an end date and take them back. A change works at once.
organization-members = { $count ->
    [one] 1 member
   *[other] { $count } members
}
organization-yourself = This is you
organization-no-rights = Has no rights.
organization-right = Right
organization-until = Valid until
organization-granted-by = Given by
organization-action = Action
organization-revoke = Take back
organization-revoke-right = Take back: { $right } of { $member }
organization-granted = { $member } now has the right ‘{ $right }’, until { $until }.
organization-revoked = The right ‘{ $right }’ of { $member } has been taken back.
organization-managers = Who manages access?
grant-title = Give a right
grant-lead = The person gets an e-mail about it.
grant-nothing-to-give = You cannot give rights now. The chief access manager of your organisation decides for which applications you may do so.
grant-member = To whom
grant-choose = Make a choice
grant-right = Which right
grant-right-hint = You only see rights that your organisation has and that you may give.
grant-end = Until which day
grant-end-hint = For example 30 6 2027. After that day the right stops by itself.
grant-day = Day
grant-month = Month
grant-year = Year
grant-submit = Give right
grant-member-missing = Choose to whom you give the right
grant-right-missing = Choose which right you give
grant-end-missing = Enter the last day of the right
grant-end-not-a-date = This date does not exist. Enter a day, a month and a year
grant-end-in-the-past = This date has passed. Choose a day in the future
grant-end-too-late = This right cannot last longer than { $latest }
grant-organization-lacks-right = Your organisation does not have this right itself, so it cannot give it
grant-not-yours-to-give = You do not manage this application. Ask the chief access manager
grant-yourself = You cannot give a right to yourself. Ask another access manager
grant-already-granted = This person already has this right, until { $until }
grant-held-by-another = One person per institution may have this right. At the moment that is { $name }. Take that right back first

## Consent
consent-lead = It is up to you. You can take your consent back at any time; that counts at once.
consent-who = Who can see this now?
consent-nobody = Nobody can see it.
consent-to = To whom
consent-from = Since
consent-valid = Valid
consent-no-end = until you take it back
consent-withdraw = Take back
consent-withdraw-from = Take back: insight of { $to }
consent-given = { $to } can see it now.
consent-withdrawn = { $to } can no longer see it.
consent-give-title = Give insight
consent-nobody-to-choose = There is nobody now to whom you can give insight.
consent-organization = Choose an organisation
consent-person = Choose to whom
consent-end = Until which day (you may leave this empty)
consent-end-hint = For example 30 6 2027. Without a date it lasts until you take it back.
consent-submit = Give insight
consent-recipient-missing = Choose to whom you give insight
consent-has-it = This recipient can see it already
insight-title = Insight for { $whose }
insight-lead = These people gave their consent. Anyone who takes it back is no longer in this list.
insight-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
insight-nobody = Nobody has given consent.
insight-no-end = until it is taken back
insight-what = What you see
insight-no-number = without a registration number yet
account-insight = Insight that you were given

## Account
account-title = My account
account-registers = Where do you want to go?
account-who = How you are logged in
account-name = Name
account-user-name = User name
account-profile = Profile
account-no-profile = Not chosen yet
account-change-profile = Choose another profile
account-key = Digital key
account-factors = Your ways to log in
account-assurance = Assurance
assurance-low = Low
assurance-substantial = Substantial
assurance-high = High
account-organization = Manage the rights of your organisation
account-sessions = Where are you logged in?
account-sessions-text = Is there something you do not recognise? Log out that device and change your password.
account-sessions-text-no-password = Is there something you do not recognise? Log that device out and contact the help desk.
account-this-session = This device
account-session-began = Logged in on { $when }
account-session-seen = Last used on { $when }
account-end-session = Log out here
account-end-session-on = Log out here: { $device }
account-end-others = Log out everywhere but here
account-session-ended = You have been logged out there.
signed-out-title = You are logged out
signed-out-text = You are logged out of all applications.
signed-out-not-reached = For these applications we are not sure that you are logged out:
signed-out-shared = Do other people use this computer? Then close all windows of your browser.

## Refusal
refusal-title = You have no access to this page
refusal-lead = You are logged in, but this page needs more.
refusal-lead-profile = You are logged in with the profile ‘{ $profile }’. This page needs more.
refusal-what-you-can-do = What can you do?
refusal-nothing-to-do = With your details you cannot open this page. Do you think that is wrong? Contact the helpdesk.
refusal-assurance-title = Log in with a stronger key
refusal-assurance-text = This information has extra protection. After logging in you go on where you were.
refusal-assurance-button = Log in more strongly
refusal-other-key-title = Log in another way
refusal-other-key-text = This register asks for another way of logging in. Your account and your data stay the same.
refusal-other-key-button = Log in another way
refusal-profile-title = Choose another profile
refusal-profile-text = { $count ->
    [one] It is possible with this profile:
   *[other] It is possible with one of these profiles:
}
refusal-profile-button = Choose another profile
refusal-right-title = Ask for the right ‘{ $right }’
refusal-right-text = You do not have this right at { $organization }.
refusal-ended-title = Your profile has ended
refusal-ended-text = The mandate, membership or registration with which you worked here is no longer valid. Choose another profile to go on.
refusal-mandate-title = Your mandate does not reach this far
refusal-mandate-text = Your mandate is for ‘{ $scope }’. Ask the mandator for a wider mandate, or let the mandator do this.
refusal-back = Back to { $register }
conflict-title = This form was for another profile
conflict-lead = You probably chose another profile in another tab.
conflict-made-for = The form was for
conflict-in-use = You now work as
conflict-nothing-changed = We have not saved or changed anything.
conflict-go-on = Go on as { $profile }

## Failures
failure-what-now = What can you do?
failure-log-in-again = Log in
failure-log-in-and-return = Log in and go on
failure-open-form-again = Open the form again
failure-to-start = Go to the start
failure-back = Back
failure-try-again = Try again
failure-other-key = Choose a key
failure-attempt-gone-title = Start logging in again
failure-attempt-gone-text = This attempt to log in is no longer valid. Perhaps you waited too long, used an old link or opened another browser.
failure-attempt-gone-next = Log in again. Use one tab for it.
failure-too-many-tries-title = Too many attempts
failure-too-many-tries-text = Wrong details were entered too often. You can try again at { $time }.
failure-too-many-tries-next = Wait until then. Have you forgotten your password? Ask for a new one.
failure-cancelled-title = You cancelled logging in
failure-cancelled-text = You are not logged in.
failure-cancelled-next = Do you want to log in after all? Start again. Otherwise you can close this page.
failure-returned-elsewhere-title = Start logging in again
failure-returned-elsewhere-text = You come back from another login service, but logging in did not begin in this browser, or this return was used before. You are not logged in.
failure-returned-elsewhere-next = Start again here. Did you click on a link that somebody sent you? Do not use it.
failure-provider-down-title = { $provider } does not work now
failure-provider-down-text = { $provider } does not answer, or not in time. It is not your fault, and you are not logged in.
failure-provider-down-next = Choose another key, or try again in a minute.
failure-provider-answer-title = Logging in with { $provider } did not succeed
failure-provider-answer-text = We could not check the answer of { $provider }. Therefore you are not logged in.
failure-provider-answer-next = Try again, or choose another key. Does it fail again? Call the helpdesk and give the number below.
failure-provider-too-low-title = This asks a stronger way to log in
failure-provider-too-low-text = You identified yourself at { $provider }, but less strongly, or longer ago, than is needed here.
failure-provider-too-low-next = Try again and confirm in { $provider } with your code, or choose another key.
failure-card-not-in-force-title = Your card is no longer valid
failure-card-not-in-force-text = The certificate of your identity card has ended or was revoked. Therefore you are not logged in.
failure-card-not-in-force-next = Choose another key. Did you not have your card blocked yourself? Then contact your municipality.
failure-no-national-number-title = { $provider } does not know your national register number
failure-no-national-number-text = Without that number we do not know who you are here. That is so when your { $provider } account was made with a foreign document.
failure-no-national-number-next = Choose another key, or ask the helpdesk.
failure-no-organization-title = Your organization is not known here
failure-no-organization-text = { $provider } confirmed for whom you log in, but the register does not know this organization, or this branch of it, by its Chamber of Commerce (KvK) number.
failure-no-organization-next = Log in for an organization that is known here. Or ask the helpdesk to enter your organization with its KvK number and branch number.
failure-no-account-title = You have no account here yet
failure-no-account-text = { $provider } confirmed who you are, but you are not known here.
failure-no-account-next = Do you expect to be known? Ask the helpdesk. Were you registered only recently? Try again in a few days.
failure-account-closed-title = Your account is closed
failure-account-closed-text = We know who you are, but your account here is closed. You can no longer log in with it.
failure-account-closed-next = Do you want to use it again, or is this wrong? Ask the helpdesk.
failure-session-ended-title = Your session has ended
failure-session-ended-text = You have been logged out because you did nothing for a while or because your session was ended elsewhere.
failure-session-ended-next = Log in again. After that you go on where you were. Nothing is sent twice.
failure-form-expired-title = This form is too old
failure-form-expired-text = The form was open too long or was already used in another window. We have not saved anything.
failure-form-expired-next = Open the form again and fill it in once more.
failure-not-found-title = This page does not exist
failure-not-found-text = Perhaps the address was mistyped, or the page has moved or does not exist for you.
failure-not-found-next = Check the address, or go to the start.
failure-register-slow-title = This is taking too long
failure-register-slow-text = { $register } does not answer in time. Everything is fine on your side.
failure-register-slow-next = Try again in a few minutes. Were you sending something? First check whether it arrived.
failure-register-down-title = This register cannot be reached now
failure-register-down-text = There is a fault at { $register }. Everything is fine on your side and you are still logged in.
failure-register-down-next = Try again in a quarter of an hour.
failure-bad-request-title = We do not understand this request
failure-bad-request-text = The address or the data that your browser sent are not correct.
failure-bad-request-next = Go to the start and try again without a saved link.
failure-too-large-title = This is too large
failure-too-large-text = The file or form that you sent is larger than we can receive. Nothing was saved.
failure-too-large-next = Go back and send a smaller file.
failure-internal-title = Something went wrong on our side
failure-internal-text = Because of a fault on our side we cannot show this page now. It is not your fault.
failure-internal-next = Try again in a few minutes. The fault has been reported to us.
failure-cookies-refused-title = Your browser keeps no cookies
failure-cookies-refused-text = To log you in safely we use a few cookies that serve only that purpose. Your browser refused them.
failure-cookies-refused-next = Allow cookies for this website in the settings of your browser, or use another browser. Then try again.
failure-policy-unavailable-title = We cannot check your access now
failure-policy-unavailable-text = Because of a fault we cannot see what you may do. To be safe we let nobody in at the moment.
failure-policy-unavailable-next = Try again in a few minutes.

## Unknown address, applications
tenants-title = Where do you want to log in?
tenants-lead = This is a demonstration with invented people. Choose an environment.
tenants-unknown-title = There is no desk at this address
tenants-unknown-lead = The address in your browser does not belong to an organisation that we know.
tenants-unknown-next = Check the address, or go to the website of the organisation and click log in there.
application-refused-title = You cannot log in this way
application-refused-lead = The application you come from sent a request that we cannot trust. That is why we do not send you back.
application-refused-lead-named = { $application } sent a request that we cannot trust. That is why we do not send you back.
application-refused-next = Go back to the application and try again. Does it happen once more? Report it to the manager of the application. You did nothing wrong.
application-refused-detail = Explanation for the manager of the application
application-refused-unknown = This client_id is not known to this organisation.
application-refused-redirect = The redirect_uri is not in the registration of this client. The address must be the same character by character.
application-refused-invalid = The request lacks a required field or has a field twice.
end-session-title = Do you want to log out?
end-session-lead = An application asks to log you out.
end-session-lead-named = { $application } asks to log you out.
end-session-everywhere = You will then be logged out of all applications and registers.
end-session-yes = Yes, log out
end-session-no = No, stay logged in
continue-title = You go on to { $application }
continue-lead = You are logged in. Does nothing happen after a few seconds? Then click the button.
continue-button = Go on to { $application }

send-on-title = You go to { $provider }
send-on-lead = You log in on the website of { $provider } and then come back here.
send-on-button = Go on to { $provider }

## Anyone looks somebody up (LOOKUP-1)
lookup-title = Look somebody up in the register
lookup-lead = Anyone may check whether somebody is registered or certified. You see only the name, the registration number and the status. Fill in a name, or a registration number.
lookup-name = Family name
lookup-name-hint = The whole family name. Prefixes such as ‘van’, capitals and accents make no difference.
lookup-given-name = First name or initial
lookup-given-name-hint = You can leave this out. It helps with a common name.
lookup-number = Registration number
lookup-number-hint = Instead of a name
lookup-submit = Look up
lookup-found = Number of people found: { $count }
lookup-caption = People found
lookup-column-name = Name
lookup-register = Register
lookup-column-status = Status
lookup-registered = Registered
lookup-certified = Certified
lookup-none-whole = Check that you filled in the whole family name or the whole number.
lookup-none-partner = Try the name at birth or the partner’s name too.
lookup-none-meaning = Is everything right? Then this person is not registered here now.
lookup-too-many = Too many people with this name
lookup-too-many-text = Fill in a first name or initial too, or look up by registration number.
lookup-log-in = To the login page
lookup-nothing = Fill in a family name or a registration number
lookup-both = Fill in a name or a number, not both
lookup-too-short = Fill in the whole family name, at least { $least } letters
lookup-too-long = This is too long. Fill in at most 100 characters

## An account of one's own (LOGIN-3, LOGIN-12)
new-account-title = Ask for an account
new-account-lead = Do you have no account yet? Fill in your e-mail address and choose a password. We send you an e-mail with a link that makes the account.
new-account-email = E-mail address
new-account-email-hint = An address of your own, for example name@example.org. It becomes your user name.
new-account-second = Each time you log in we also ask for a code, which we send to this address.
new-account-submit = Ask for the account
new-account-have-one = I already have an account
new-account-none = Ask for an account
new-account-email-missing = Fill in your e-mail address
new-account-not-an-address = Fill in an e-mail address, such as name@example.org
new-account-sent-lead = We have sent you an e-mail. Open the link in it to go on.
new-account-again = Ask for another link
confirm-account-title = Make the account
confirm-account-lead = Your e-mail address is { $email }. Fill in your name, and the password that you have just chosen.
confirm-account-given = First name
confirm-account-family = Family name
confirm-account-password-hint = The password that you chose when you asked for the account
confirm-account-submit = Make the account
confirm-account-given-missing = Fill in your first name
confirm-account-family-missing = Fill in your family name
confirm-account-wrong-password = This is not the password that you chose. Try again, or ask for an account again
account-made-title = Your account is there
account-made-text = You can now log in with your e-mail address, your password and a code that we mail you.
account-made-next = Go on at { $register }. You log in there first. If you stop half-way, you go on next time where you were.
account-made-go = Log in and go on

## Phones that are paired (/devices)
devices-title = Paired devices
devices-lead = With the app on your phone, adding to your file is easier. You pair the app with your account once.
devices-none = No phone is paired yet.
devices-paired-on = Paired on { $when }
devices-used = Last used on { $when }
devices-unpair = Unpair
devices-unpair-this = Unpair: { $device }
devices-unpaired = { $device } is unpaired. Its app can see and do nothing any more.
devices-not-offered = There is no app for the profile that you are using now.
devices-pair = Pair a device
devices-offer-lead = The code below works for { $minutes } minutes, for one phone. Show it to nobody else.
devices-open-app = Open { $app } on your phone and choose ‘scan’.
devices-scan = Scan the QR code with the camera.
devices-type = Your phone shows a number. Fill it in below.
devices-qr = QR code to pair your phone
devices-number = Number on your phone
devices-number-hint = 6 digits. Spaces are allowed.
devices-confirm = Pair
devices-stop = Stop
devices-stopped = The code works no longer. Nothing was paired.
devices-cannot-scan = Can you not scan it?
devices-copy-code = Choose ‘enter a code’ in the app and copy this code to your phone:
devices-paired = { $device } is paired. You also get an e-mail about it.
devices-wrong-number = Your phone shows another number. Look again
devices-not-scanned = Your phone has not scanned the code yet. Scan the QR code first. Does your phone say that the code was used? Then choose ‘stop’ and begin again
devices-over = This code works no longer: it is too old, it was used, or the number was wrong too often. Nothing was paired. Begin again.
