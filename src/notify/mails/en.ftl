# Mails in English, level B1. `.body` is the text; the help line and the footer come after it.

greeting = Dear { $name },

date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
  } { $year }
moment = { $date } at { $time }

email-code = Your code for { $tenant }
    .body =
        Your code is: { $code }

        Enter this code at { $host }. It works for { $minutes } minutes.

        Give the code to nobody. We never ask for it, also not by telephone.

        Did you not ask for this code? Then somebody else may know your password. Change it at { $origin }/password/forgotten

reset-link = Choose a new password for { $tenant }
    .body =
        You want to choose a new password. Open this link:

        { $link }

        The link works for { $minutes } minutes, and only once.

        Did you not ask for this? Then you do not have to do anything. Your password stays the same.

password-changed = Your password for { $tenant } has changed
    .body =
        Your password was changed on { $moment }.

        Did you do this yourself? Then you do not have to do anything.

        Was it not you? Choose a new password right away at { $origin }/password/forgotten and contact us.

too-many-tries = Many tries to log in to { $tenant }
    .body =
        Somebody tried to log in with your user name too many times. That was on { $moment }. So nobody can log in with this name until { $until }.

        Was it you? Wait a moment and try again. Have you forgotten your password? Choose a new one at { $origin }/password/forgotten

        Was it not you? Then nobody has seen your data. You do not have to do anything.

factor-changed = How you log in to { $tenant } has changed
    .body =
        On { $moment } this changed in your account:

        { $change ->
            [app-added] An authenticator app was set up.
            [app-removed] The authenticator app was removed.
            [phone-verified] Your telephone number that ends in { $phone } was verified. We can send codes to it.
            [phone-removed] Your telephone number was removed. Codes by telephone no longer work.
            [passkey-added] A passkey was added: { $passkey }
            [passkey-renamed] A passkey has another name: { $passkey }
            [passkey-removed] A passkey was removed: { $passkey }
            [recovery-codes-made] New recovery codes were made. Older recovery codes no longer work.
           *[recovery-code-used] Somebody logged in with a recovery code. You have { $left } left.
        }

        Was it you? Then you do not have to do anything.

        Was it not you? Contact us right away.

right-granted = You have a new right at { $organization }
    .body =
        { $manager } gave you a right at { $organization }:

        { $right }, up to and including { $until }

        You can use it when you log in at { $origin }

right-revoked = A right at { $organization } has ended
    .body =
        { $manager } ended one of your rights at { $organization }:

        { $right }

        You cannot use it any more. Do you think this is a mistake? Contact { $organization }.

account-link = Make your account for { $tenant }
    .body =
        You asked for an account. Open this link, and fill in the password that you chose:

        { $link }

        The link works for { $minutes } minutes, and only once.

        Did you not ask for this? Then you need not do anything. Without the password there will be no account.

account-exists = You already have an account for { $tenant }
    .body =
        Somebody asked for an account with this e-mail address. You already have one.

        Was it you? Then log in at { $origin }. Have you forgotten your password? Choose a new one at { $origin }/password/forgotten

        Was it not you? Then you need not do anything. Nothing has changed.

app-paired = A phone was paired with your account at { $tenant }
    .body =
        On { $moment }, { $app } was paired with your account, on this phone: { $device }

        Did you do this yourself? Then you do not need to do anything.

        Was this not you? Unpair the phone at once at { $origin }/devices and contact us.

welcome = Your account at { $tenant }
    .body =
        You have an account at { $tenant }. Your user name is your registration number: { $user_name }

        Choose your password with this link:

        { $link }

        The link works for { $hours } hours, and only once. Was it longer ago? Ask for a new link at { $origin }/password/forgotten

        After that you log in at { $origin }

address-confirm = Confirm your new address for { $tenant }
    .body =
        You want to log in with this e-mail address. Open this link to confirm it:

        { $link }

        The link works for { $minutes } minutes, and once. Until then you log in with your old address.

        Did you not ask for this? Then you need not do anything. Nothing changes.

address-taken = This address has an account at { $tenant } already
    .body =
        Somebody wants to log in with this e-mail address. It belongs to your account already. So nothing was changed.

        Was it you? Log in at { $origin } with this address, or choose another address for the other account.

        Was it not you? Then you need not do anything.

address-changing = Your e-mail address for { $tenant } is being changed
    .body =
        On { $moment } somebody asked to log in to your account with another e-mail address. The new address counts as soon as it is confirmed.

        Was it you? Then you need not do anything.

        Was it not you? Stop it at once with this link. It works for three days, also when the address was changed already:

        { $link }

address-changed = Your e-mail address for { $tenant } was changed
    .body =
        Since { $moment } you log in with another e-mail address. You get no more messages at this one.

        Was it you? Then you need not do anything.

        Was it not you? Use the link in our previous e-mail at once, and contact us.

# By telephone. Phones show an SMS in parts of 160 characters; the line for browsers comes after it. In a call the digits come one by one.
sms-code = { $tenant }: your code is { $code }. Give it to nobody. It works for { $minutes } minutes.
voice-code = Hello. This is { $tenant }. Your security code is: { $code }.
    .again = Once more, your code is: { $code }.
    .end = Give this code to nobody. We never ask for it.

help = Questions?
help-phone = Telephone: { $phone }
help-email = E-mail: { $email }
footer = This is an automatic message from { $tenant }. You cannot reply to it.
