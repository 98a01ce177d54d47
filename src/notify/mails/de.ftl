# Mails in German, level B1. `.body` is the text; the help line and the footer come after it.

greeting = Guten Tag { $name },

date = { $day }. { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
  } { $year }
moment = { $date } um { $time } Uhr

email-code = Ihr Code für { $tenant }
    .body =
        Ihr Code ist: { $code }

        Geben Sie diesen Code auf { $host } ein. Der Code gilt { $minutes } Minuten.

        Geben Sie den Code niemandem. Wir fragen nie danach, auch nicht am Telefon.

        Haben Sie diesen Code nicht angefordert? Dann kennt vielleicht jemand Ihr Passwort. Ändern Sie es auf { $origin }/password/forgotten

reset-link = Wählen Sie ein neues Passwort für { $tenant }
    .body =
        Sie möchten ein neues Passwort wählen. Öffnen Sie diesen Link:

        { $link }

        Der Link gilt { $minutes } Minuten und funktioniert nur einmal.

        Haben Sie das nicht verlangt? Dann müssen Sie nichts tun. Ihr Passwort bleibt gleich.

password-changed = Ihr Passwort für { $tenant } wurde geändert
    .body =
        Ihr Passwort wurde am { $moment } geändert.

        Haben Sie das selbst getan? Dann müssen Sie nichts tun.

        Waren Sie es nicht? Wählen Sie sofort ein neues Passwort auf { $origin }/password/forgotten und nehmen Sie Kontakt mit uns auf.

too-many-tries = Viele Versuche, sich bei { $tenant } anzumelden
    .body =
        Jemand hat zu oft versucht, sich mit Ihrem Benutzernamen anzumelden. Das war am { $moment }. Darum kann sich mit diesem Namen niemand anmelden bis { $until }.

        Waren Sie es selbst? Warten Sie etwas und versuchen Sie es noch einmal. Wissen Sie Ihr Passwort nicht mehr? Wählen Sie ein neues auf { $origin }/password/forgotten

        Waren Sie es nicht? Dann hat niemand Ihre Daten gesehen. Sie müssen nichts tun.

factor-changed = Ihre Anmeldung bei { $tenant } wurde geändert
    .body =
        Am { $moment } wurde in Ihrem Konto Folgendes geändert:

        { $change ->
            [app-added] Eine Authenticator-App wurde eingerichtet.
            [app-removed] Die Authenticator-App wurde entfernt.
            [phone-verified] Ihre Telefonnummer, die auf { $phone } endet, wurde geprüft. Wir können Codes dorthin senden.
            [phone-removed] Ihre Telefonnummer wurde entfernt. Codes per Telefon funktionieren nicht mehr.
            [passkey-added] Ein Passkey wurde hinzugefügt: { $passkey }
            [passkey-renamed] Ein Passkey hat einen anderen Namen: { $passkey }
            [passkey-removed] Ein Passkey wurde entfernt: { $passkey }
            [recovery-codes-made] Neue Wiederherstellungscodes wurden erstellt. Alte Codes gelten nicht mehr.
           *[recovery-code-used] Es wurde mit einem Wiederherstellungscode angemeldet. Sie haben noch { $left }.
        }

        Waren Sie das selbst? Dann müssen Sie nichts tun.

        Waren Sie das nicht? Wenden Sie sich sofort an uns.

right-granted = Sie haben ein neues Recht bei { $organization }
    .body =
        { $manager } hat Ihnen bei { $organization } ein Recht gegeben:

        { $right }, bis einschließlich { $until }

        Sie können es nutzen, wenn Sie sich auf { $origin } anmelden.

right-revoked = Ein Recht bei { $organization } ist beendet
    .body =
        { $manager } hat eines Ihrer Rechte bei { $organization } beendet:

        { $right }

        Sie können es nicht mehr nutzen. Denken Sie, dass das nicht stimmt? Nehmen Sie Kontakt mit { $organization } auf.

account-link = Legen Sie Ihr Konto für { $tenant } an
    .body =
        Sie haben ein Konto beantragt. Öffnen Sie diesen Link, und geben Sie das Passwort ein, das Sie gewählt haben:

        { $link }

        Der Link funktioniert { $minutes } Minuten, und nur einmal.

        Haben Sie das nicht beantragt? Dann müssen Sie nichts tun. Ohne das Passwort entsteht kein Konto.

account-exists = Sie haben schon ein Konto für { $tenant }
    .body =
        Jemand hat mit dieser E-Mail-Adresse ein Konto beantragt. Sie haben schon eines.

        Waren Sie das selbst? Dann melden Sie sich an auf { $origin }. Wissen Sie Ihr Passwort nicht mehr? Wählen Sie ein neues auf { $origin }/password/forgotten

        Waren Sie das nicht? Dann müssen Sie nichts tun. Es hat sich nichts geändert.

app-paired = Ein Telefon wurde mit Ihrem Konto bei { $tenant } verbunden
    .body =
        Am { $moment } wurde { $app } mit Ihrem Konto verbunden, auf diesem Telefon: { $device }

        Haben Sie das selbst getan? Dann müssen Sie nichts tun.

        Waren Sie das nicht? Trennen Sie das Telefon sofort auf { $origin }/devices und wenden Sie sich an uns.

welcome = Ihr Konto bei { $tenant }
    .body =
        Sie haben ein Konto bei { $tenant }. Ihr Benutzername ist Ihre Registrierungsnummer: { $user_name }

        Wählen Sie Ihr Passwort mit diesem Link:

        { $link }

        Der Link funktioniert { $hours } Stunden, und nur einmal. Ist es länger her? Fordern Sie auf { $origin }/password/forgotten einen neuen Link an

        Danach melden Sie sich auf { $origin } an

address-confirm = Bestätigen Sie Ihre neue Adresse für { $tenant }
    .body =
        Sie möchten sich mit dieser E-Mail-Adresse anmelden. Öffnen Sie diesen Link, um sie zu bestätigen:

        { $link }

        Der Link gilt { $minutes } Minuten, und nur einmal. Bis dahin melden Sie sich mit Ihrer alten Adresse an.

        Haben Sie das nicht verlangt? Dann brauchen Sie nichts zu tun. Es ändert sich nichts.

address-taken = Diese Adresse gehört schon zu einem Konto von { $tenant }
    .body =
        Jemand möchte sich mit dieser E-Mail-Adresse anmelden. Sie gehört schon zu Ihrem Konto. Deshalb wurde nichts geändert.

        Waren Sie das selbst? Melden Sie sich auf { $origin } mit dieser Adresse an, oder wählen Sie für das andere Konto eine andere Adresse.

        Waren Sie das nicht? Dann brauchen Sie nichts zu tun.

address-changing = Ihre E-Mail-Adresse für { $tenant } wird geändert
    .body =
        Am { $moment } wurde verlangt, dass man sich mit einer anderen E-Mail-Adresse bei Ihrem Konto anmeldet. Die neue Adresse gilt, sobald sie bestätigt ist.

        Haben Sie das selbst getan? Dann brauchen Sie nichts zu tun.

        Haben Sie das nicht selbst getan? Stoppen Sie es sofort mit diesem Link. Das geht drei Tage lang, auch wenn die Adresse schon geändert ist:

        { $link }

address-changed = Ihre E-Mail-Adresse für { $tenant } wurde geändert
    .body =
        Seit { $moment } melden Sie sich mit einer anderen E-Mail-Adresse an. An diese Adresse bekommen Sie keine Nachrichten mehr.

        Haben Sie das selbst getan? Dann brauchen Sie nichts zu tun.

        Haben Sie das nicht selbst getan? Verwenden Sie sofort den Link in unserer vorigen E-Mail, und wenden Sie sich an uns.

# By telephone. Phones show an SMS in parts of 160 characters; the line for browsers comes after it. In a call the digits come one by one.
sms-code = { $tenant }: Ihr Code ist { $code }. Geben Sie ihn niemandem. Er gilt { $minutes } Minuten.
voice-code = Guten Tag. Hier ist { $tenant }. Ihr Sicherheitscode ist: { $code }.
    .again = Ich wiederhole Ihren Code: { $code }.
    .end = Geben Sie diesen Code niemandem. Wir fragen nie danach.

help = Fragen?
help-phone = Telefon: { $phone }
help-email = E-Mail: { $email }
footer = Dies ist eine automatische Nachricht von { $tenant }. Sie können nicht darauf antworten.
