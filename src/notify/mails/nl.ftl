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

help = Vragen?
help-phone = Telefoon: { $phone }
help-email = E-mail: { $email }
footer = Dit is een automatisch bericht van { $tenant }. U kunt er niet op antwoorden.
