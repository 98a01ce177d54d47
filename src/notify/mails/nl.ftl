# Mails in Dutch, level B1. `.body` is the text; the help line and the footer come after it.

greeting = Beste { $name },

date = { $day } { $month ->
    [1] januari
    [2] februari
    [3] maart
    [4] april
    [5] mei
    [6] juni
    [7] juli
    [8] augustus
    [9] september
    [10] oktober
    [11] november
   *[12] december
  } { $year }
moment = { $date } om { $time }

email-code = Uw code voor { $tenant }
    .body =
        Uw code is: { $code }

        Vul deze code in op { $host }. De code werkt { $minutes } minuten.

        Geef de code aan niemand. Wij vragen er nooit om, ook niet aan de telefoon.

        Hebt u deze code niet aangevraagd? Dan kent iemand anders misschien uw wachtwoord. Verander het op { $origin }/password/forgotten

reset-link = Kies een nieuw wachtwoord voor { $tenant }
    .body =
        U wilt een nieuw wachtwoord kiezen. Open deze link:

        { $link }

        De link werkt { $minutes } minuten, en maar één keer.

        Hebt u dit niet gevraagd? Dan hoeft u niets te doen. Uw wachtwoord blijft hetzelfde.

password-changed = Uw wachtwoord voor { $tenant } is veranderd
    .body =
        Uw wachtwoord is veranderd op { $moment }.

        Hebt u dit zelf gedaan? Dan hoeft u niets te doen.

        Hebt u dit niet zelf gedaan? Kies meteen een nieuw wachtwoord op { $origin }/password/forgotten en neem contact met ons op.

too-many-tries = Er is vaak geprobeerd in te loggen bij { $tenant }
    .body =
        Iemand heeft te vaak geprobeerd met uw gebruikersnaam in te loggen. Dat was op { $moment }. Daarom kan niemand met deze naam inloggen tot { $until }.

        Was u dit zelf? Wacht dan even en probeer het opnieuw. Weet u uw wachtwoord niet meer? Kies een nieuw op { $origin }/password/forgotten

        Was u dit niet? Dan heeft niemand uw gegevens gezien. U hoeft niets te doen.

factor-changed = Uw manier van inloggen bij { $tenant } is veranderd
    .body =
        Op { $moment } is dit veranderd aan uw account:

        { $change ->
            [app-added] Er is een authenticator-app ingesteld.
            [app-removed] De authenticator-app is verwijderd.
            [phone-verified] Uw telefoonnummer dat eindigt op { $phone } is gecontroleerd. Wij kunnen er codes naartoe sturen.
            [phone-removed] Uw telefoonnummer is verwijderd. Codes per telefoon werken niet meer.
            [passkey-added] Er is een passkey toegevoegd: { $passkey }
            [passkey-renamed] Een passkey heeft een andere naam: { $passkey }
            [passkey-removed] Een passkey is verwijderd: { $passkey }
            [recovery-codes-made] Er zijn nieuwe herstelcodes gemaakt. Oude herstelcodes werken niet meer.
           *[recovery-code-used] Er is ingelogd met een herstelcode. U hebt er nog { $left }.
        }

        Hebt u dit zelf gedaan? Dan hoeft u niets te doen.

        Hebt u dit niet zelf gedaan? Neem dan meteen contact met ons op.

right-granted = U hebt een nieuw recht bij { $organization }
    .body =
        { $manager } heeft u een recht gegeven bij { $organization }:

        { $right }, tot en met { $until }

        U kunt het gebruiken als u inlogt op { $origin }

right-revoked = Een recht bij { $organization } is gestopt
    .body =
        { $manager } heeft een recht van u gestopt bij { $organization }:

        { $right }

        U kunt het niet meer gebruiken. Denkt u dat dit niet klopt? Neem dan contact op met { $organization }.

account-link = Maak uw account voor { $tenant }
    .body =
        U hebt een account aangevraagd. Open deze link, en vul het wachtwoord in dat u hebt gekozen:

        { $link }

        De link werkt { $minutes } minuten, en maar één keer.

        Hebt u dit niet gevraagd? Dan hoeft u niets te doen. Zonder het wachtwoord komt er geen account.

account-exists = U hebt al een account voor { $tenant }
    .body =
        Iemand heeft met dit e-mailadres een account aangevraagd. U hebt er al een.

        Was u dit zelf? Log dan in op { $origin }. Weet u uw wachtwoord niet meer? Kies een nieuw op { $origin }/password/forgotten

        Was u dit niet? Dan hoeft u niets te doen. Er is niets veranderd.

app-paired = Een telefoon is gekoppeld aan uw account bij { $tenant }
    .body =
        Op { $moment } is { $app } gekoppeld aan uw account, op deze telefoon: { $device }

        Hebt u dit zelf gedaan? Dan hoeft u niets te doen.

        Hebt u dit niet zelf gedaan? Ontkoppel de telefoon meteen op { $origin }/devices en neem contact met ons op.

welcome = Uw account bij { $tenant }
    .body =
        U hebt een account bij { $tenant }. Uw gebruikersnaam is uw registratienummer: { $user_name }

        Kies uw wachtwoord met deze link:

        { $link }

        De link werkt { $hours } uur, en maar één keer. Is het langer geleden? Vraag een nieuwe link op { $origin }/password/forgotten

        Daarna logt u in op { $origin }

address-confirm = Bevestig uw nieuwe e-mailadres voor { $tenant }
    .body =
        U wilt met dit e-mailadres inloggen. Open deze link om het te bevestigen:

        { $link }

        De link werkt { $minutes } minuten, en maar één keer. Tot die tijd logt u in met uw oude adres.

        Hebt u dit niet gevraagd? Dan hoeft u niets te doen. Er verandert niets.

address-taken = Dit e-mailadres hoort al bij een account van { $tenant }
    .body =
        Iemand wil met dit e-mailadres inloggen. Het hoort al bij uw account. Daarom is er niets veranderd.

        Was u dit zelf? Log dan in op { $origin } met dit adres, of kies voor het andere account een ander adres.

        Was u dit niet? Dan hoeft u niets te doen.

address-changing = Uw e-mailadres voor { $tenant } wordt veranderd
    .body =
        Op { $moment } is gevraagd om met een ander e-mailadres in te loggen op uw account. Het nieuwe adres telt zodra het is bevestigd.

        Hebt u dit zelf gedaan? Dan hoeft u niets te doen.

        Hebt u dit niet zelf gedaan? Stop het dan meteen met deze link. Dat kan drie dagen lang, ook als het adres al is veranderd:

        { $link }

address-changed = Uw e-mailadres voor { $tenant } is veranderd
    .body =
        Sinds { $moment } logt u in met een ander e-mailadres. Op dit adres krijgt u geen berichten meer.

        Hebt u dit zelf gedaan? Dan hoeft u niets te doen.

        Hebt u dit niet zelf gedaan? Gebruik dan meteen de link in onze vorige e-mail, en neem contact met ons op.

# By telephone. Phones show an SMS in parts of 160 characters; the line for browsers comes after it. In a call the digits come one by one.
sms-code = { $tenant }: uw code is { $code }. Geef hem aan niemand. De code werkt { $minutes } minuten.
voice-code = Goedendag. Dit is { $tenant }. Uw beveiligingscode is: { $code }.
    .again = Ik herhaal uw code: { $code }.
    .end = Geef deze code aan niemand. Wij vragen er nooit om.

help = Vragen?
help-phone = Telefoon: { $phone }
help-email = E-mail: { $email }
footer = Dit is een automatisch bericht van { $tenant }. U kunt er niet op antwoorden.
