# Die Texte aller Seiten auf Deutsch (einfache Sprache, Niveau B1, Sie-Form).

## Dates
date = { $day }. { $month } { $year }
date-time = { $date } um { $time } Uhr
until = Bis einschließlich { $date }
without-end = Ohne Enddatum
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember

## What surrounds every page
page-title-problems = { $count ->
    [one] Fehler:
   *[other] { $count } Fehler:
}
skip-to-main = Zum Inhalt springen
language-switch = Sprache wählen
person-region = Ihr Konto
person-signed-in = Angemeldet als { $name }
person-unnamed = (Name noch nicht bekannt)
person-account = Mein Konto
person-log-out = Abmelden
acting-region = Für wen Sie handeln
acting-for = Sie handeln für { $name }
acting-for-registered = Sie handeln für { $name } ({ $registration })
acting-mandate = Mandat: { $scope }.
acting-mandate-until = Mandat: { $scope }, bis einschließlich { $until }.
acting-holder = Sie tun dies im Namen von { $holder }.
acting-within = Sie handeln innerhalb der Organisation { $name }
acting-back-to-self = Zurück zu Ihnen selbst
problems-title = Etwas stimmt nicht
problem-prefix = Fehler:
help-title = Brauchen Sie Hilfe?
reference-help = Kommen Sie nicht weiter? Wenden Sie sich an { $help } und nennen Sie die Referenznummer.
reference-phone = Telefon
reference-email = E-Mail
reference-label = Referenznummer
session-ends-at = Wenn Sie nichts tun, endet Ihre Sitzung um { $time } Uhr.
session-warning-title = Ihre Sitzung endet bald
session-warning-text = Sie haben eine Zeit lang nichts getan. Zu Ihrer Sicherheit melden wir Sie in 2 Minuten ab. Möchten Sie weitermachen?
session-warning-extend = Ja, angemeldet bleiben
session-ended-text = Sie wurden abgemeldet, weil Sie eine Zeit lang nichts getan haben. Nach der Anmeldung kommen Sie auf diese Seite zurück.
session-ended-log-in = Neu anmelden

## Capacities
capacity-citizen = Bürger
capacity-professional = Gesundheitsdienstleister
capacity-mandate-holder = Mandatsinhaber
capacity-organization-member = Mitglied einer Organisation
capacity-access-manager = Zugangsverwalter
capacity-chief-access-manager = Hauptzugangsverwalter
capacity-supporter = Unterstützer
capacity-appraiser = Gesprächsleiter
capacity-trainer = Ausbilder
capacity-trainee = Arzt in Weiterbildung
capacity-helpdesk = Mitarbeiter des Helpdesks
capacity-anyone = Jede Person
role-director = Direktor
role-person-responsible = verantwortliche Person
role-certificate-manager = Verwalter des eHealth-Zertifikats
registration-nihdi = LIKIV
registration-number = Registrierungsnummer
managers-ask = Fragen Sie einen Zugangsverwalter:
managers-unknown = Fragen Sie in Ihrer Organisation, wer der Zugangsverwalter ist. Diese Person kann das Recht geben.

## Choosing a key
login-for = Anmelden für { $register }
login-title = Wählen Sie Ihren digitalen Schlüssel für die Anmeldung
login-step = Schritt { $step } von { $of }
login-more-assurance = Für diese Daten ist ein stärkerer digitaler Schlüssel nötig. Melden Sie sich mit einem der Schlüssel unten an. Danach machen Sie dort weiter, wo Sie waren.
login-session-ended = Ihre Sitzung ist beendet. Melden Sie sich neu an. Danach machen Sie dort weiter, wo Sie waren.
login-app-set-up = Ihre Authenticator-App ist eingerichtet. Melden Sie sich jetzt mit Ihrem Passwort und einem neuen Code aus der App an.
login-group-partner = eID oder digitale Schlüssel anerkannter Partner
login-group-code = Digitale Schlüssel mit Sicherheitscode und Benutzername + Passwort
login-group-european = Europäische Authentifizierung
login-group-passkey = Passkey
login-key-email-code = Sicherheitscode per E-Mail
login-key-email-code-hint = Mit Ihrem Benutzernamen, Ihrem Passwort und einem Code, den wir Ihnen mailen
login-key-totp = Sicherheitscode über eine mobile App
login-key-totp-hint = Mit Ihrem Benutzernamen, Ihrem Passwort und einem Code aus Ihrer Authenticator-App
login-key-passkey = Mit einem Passkey anmelden
login-key-passkey-hint = Ohne Passwort: mit Fingerabdruck, Gesicht oder dem Code Ihres Geräts
login-key-password-passkey = Passwort und Passkey
login-key-password-passkey-hint = Mit Benutzername, Passwort und einem Passkey
login-key-recovery-code = Wiederherstellungscode
login-key-recovery-code-hint = Wenn App oder Passkey verloren ist: mit Benutzername, Passwort und einem Wiederherstellungscode
login-key-itsme = itsme
login-key-itsme-hint = Mit der itsme-App auf Ihrem Telefon
login-key-digid = DigiD
login-key-digid-hint = Mit Ihrer niederländischen DigiD, zum Beispiel mit der DigiD-App
login-key-eherkenning = eHerkenning
login-key-eherkenning-hint = Für Ihre Organisation, mit der eHerkenning Ihrer Arbeit
login-key-fas = CSAM
login-key-fas-hint = Über die föderalen Behörden: mit Ihrer eID-Karte oder einem anderen Schlüssel
login-key-openid = Ein anderer Anbieter
login-key-openid-hint = Sie melden sich auf der Website dieses Anbieters an und kommen hierher zurück
login-key-card = eID-Kartenleser
login-key-card-hint = Mit Ihrem Personalausweis, einem Kartenleser und Ihrer PIN
login-key-card-certificate = eID ohne Erweiterung
login-key-card-certificate-hint = Ihr Browser liest das Zertifikat Ihrer Karte selbst
login-key-out-of-order = Funktioniert im Moment nicht. Wählen Sie einen anderen Schlüssel, oder versuchen Sie es in einer Minute noch einmal.
login-no-key-title = Haben Sie keinen dieser Schlüssel?
login-no-key-text = Wenden Sie sich an den Helpdesk. Die Kontaktdaten stehen unten auf dieser Seite.
login-other-key = Einen anderen Schlüssel wählen
login-cancel = Anmeldung abbrechen

## User name and password
password-title = Mit Benutzername und Passwort anmelden
password-then-email-code = Danach senden wir Ihnen einen Sicherheitscode per E-Mail.
password-then-totp = Danach fragen wir nach einem Sicherheitscode aus Ihrer mobilen App.
password-then-passkey = Danach fragen wir nach Ihrem Passkey.
password-then-recovery-code = Danach fragen wir nach einem Wiederherstellungscode.
password-user-name = Benutzername
password-user-name-hint = Das ist Ihre E-Mail-Adresse, zum Beispiel name@beispiel.be
password-user-name-number = Das ist Ihre Registrierungsnummer. Ihre E-Mail-Adresse geht auch
password-password = Passwort
password-forgotten = Passwort vergessen?
password-submit = Weiter
password-user-name-missing = Geben Sie Ihren Benutzernamen ein
password-missing = Geben Sie Ihr Passwort ein
password-not-after-mail-reset = Sie haben Ihr Passwort mit einem Link aus einer E-Mail geändert. Deshalb können Sie sich jetzt nicht mit einem Code per E-Mail anmelden. Wählen Sie den Code aus einer mobilen App, oder wenden Sie sich an die Hilfe.
password-not-recognised = Die Anmeldung ist nicht gelungen. Prüfen Sie Ihren Benutzernamen und Ihr Passwort
password-too-often = Nach einigen Fehlversuchen müssen Sie { $minutes } Minuten warten. Darüber senden wir Ihnen dann eine E-Mail.

## Codes
code-label = Sicherheitscode
code-hint = { $digits } Ziffern. Leerzeichen sind erlaubt.
code-submit = Anmelden
code-missing = Geben Sie den Sicherheitscode aus { $digits } Ziffern ein
code-too-short = Der Code ist zu kurz. Ein Code hat { $digits } Ziffern
code-too-long = Der Code ist zu lang. Ein Code hat { $digits } Ziffern
code-not-digits = Ein Code hat nur Ziffern. Geben Sie die { $digits } Ziffern ein
code-wrong-email = Dieser Code ist nicht richtig. Verwenden Sie den Code aus der letzten E-Mail
code-wrong-app = Dieser Code ist nicht richtig. Verwenden Sie den Code, den Ihre App jetzt zeigt
code-expired = Dieser Code ist nicht mehr gültig. Fordern Sie einen neuen Code an
totp-title = Geben Sie den Code aus Ihrer App ein
totp-lead = Öffnen Sie die Authenticator-App auf Ihrem Telefon. Geben Sie den Code ein, den sie für dieses Konto zeigt.
totp-trouble-title = Der Code funktioniert nicht
totp-trouble-clock = Prüfen Sie, ob die Uhr Ihres Telefons automatisch gestellt wird. Warten Sie auf einen neuen Code und versuchen Sie es noch einmal.
totp-trouble-lost = Haben Sie Ihr Telefon nicht dabei? Wählen Sie einen anderen Schlüssel. Haben Sie Ihr Telefon verloren? Wenden Sie sich an den Helpdesk.
email-code-title = Geben Sie den Code aus Ihrer E-Mail ein
email-code-lead = Wir haben eine E-Mail mit einem Sicherheitscode an die Adresse Ihres Kontos gesendet.
email-code-valid = { $minutes ->
    [one] Der Code ist 1 Minute gültig.
   *[other] Der Code ist { $minutes } Minuten gültig.
}
email-code-sent-again = Wir haben Ihnen einen neuen Code gesendet.
email-code-too-soon = Es wurde noch kein neuer Code gesendet. In { $seconds } Sekunden können Sie einen anfordern. Der Code, den Sie schon haben, gilt noch.
email-code-not-received = Keinen Code bekommen?
email-code-not-received-text = Eine E-Mail kann ein paar Minuten unterwegs sein. Sehen Sie auch im Spam-Ordner nach.
email-code-wait = { $seconds ->
    [one] In 1 Sekunde können Sie einen neuen Code anfordern.
   *[other] In { $seconds } Sekunden können Sie einen neuen Code anfordern.
}
email-code-send-again = Neuen Code senden

## The identity card
card-title = Mit Ihrer eID-Karte anmelden
card-lead = Stecken Sie Ihren Personalausweis in den Kartenleser. Danach fragt das Programm Web eID nach Ihrer PIN.
card-use = Mit meiner Karte anmelden
card-without-script = Für Ihre Karte braucht Ihr Browser JavaScript und die Erweiterung Web eID. Schalten Sie JavaScript ein, oder wählen Sie einen anderen Schlüssel.
card-wait = Folgen Sie den Anweisungen im Fenster von Web eID: Karte in den Leser, dann Ihre PIN.
card-no-extension = Ihr Browser hat die Erweiterung Web eID nicht, oder sie ist ausgeschaltet. Installieren Sie sie, laden Sie diese Seite neu, oder wählen Sie einen anderen Schlüssel.
card-no-program = Die Erweiterung ist da, aber das Programm Web eID auf Ihrem Computer nicht. Installieren Sie es und versuchen Sie es noch einmal.
card-old = Ihr Web eID ist zu alt für diese Seite. Aktualisieren Sie die Erweiterung und das Programm und versuchen Sie es noch einmal.
card-cancelled = Sie haben abgebrochen, oder es war keine Karte im Leser. Sie können es noch einmal versuchen.
card-late = Es hat zu lange gedauert. Halten Sie Karte und PIN bereit und versuchen Sie es noch einmal.
card-pending = Web eID ist noch in einem anderen Fenster beschäftigt. Schließen Sie es zuerst.
card-insecure = Diese Seite wurde nicht gesichert geöffnet, und dann funktioniert eine Karte nicht. Öffnen Sie sie mit https.
card-failed = Ihre Karte konnte nicht gelesen werden. Steckt sie richtig im Leser? Nach drei falschen PINs ist die PIN gesperrt: Ihre Gemeinde gibt Ihnen dann eine neue.
card-need-title = Was brauchen Sie?
card-need-reader = Ihren gültigen belgischen Personalausweis oder Ausländerausweis und einen Kartenleser an Ihrem Computer.
card-need-extension = Die Erweiterung und das Programm Web eID, kostenlos, für Chrome, Edge, Firefox und Safari:
card-need-pin = Die PIN Ihrer Karte. Haben Sie sie vergessen? Beantragen Sie bei Ihrer Gemeinde eine neue.

## Passkeys and recovery codes
passkey-title = Verwenden Sie Ihren Passkey
passkey-lead = Ihr Browser fragt nach Ihrem Passkey. Sie bestätigen mit Fingerabdruck, Gesicht oder dem Code Ihres Geräts.
passkey-use = Passkey verwenden
passkey-without-script = Für einen Passkey braucht Ihr Browser JavaScript und eine Version, die Passkeys kennt. Schalten Sie JavaScript ein, aktualisieren Sie Ihren Browser oder melden Sie sich anders an.
passkey-wait = Folgen Sie den Anweisungen Ihres Browsers.
passkey-failed = Das hat nicht geklappt. Sie haben abgebrochen, es hat zu lange gedauert oder dieses Gerät hat keinen Passkey für diese Website. Versuchen Sie es noch einmal.
passkey-known = Dieses Gerät hat schon einen Passkey für Ihr Konto.
passkey-missing = Es wurde kein Passkey verwendet: dafür braucht Ihr Browser JavaScript
passkey-not-recognised = Die Anmeldung mit diesem Passkey hat nicht geklappt. Versuchen Sie es noch einmal oder wählen Sie einen anderen Schlüssel
passkey-trouble-title = Haben Sie keinen Passkey?
passkey-trouble-none = Einen Passkey erstellen Sie auf Ihrer Kontoseite unter Ihre Anmeldewege. Melden Sie sich dafür zuerst mit einem anderen Schlüssel an.
passkey-trouble-lost = Haben Sie das Gerät mit Ihrem Passkey verloren? Wählen Sie einen anderen Schlüssel und entfernen Sie den Passkey auf Ihrer Kontoseite.
recovery-code-title = Geben Sie einen Wiederherstellungscode ein
recovery-code-lead = Verwenden Sie einen der Wiederherstellungscodes, die Sie aufbewahrt haben. Jeder Code gilt einmal.
recovery-code-label = Wiederherstellungscode
recovery-code-hint = 16 Buchstaben und Ziffern, zum Beispiel 8H2K-9QXA-77TM-0ZWE
recovery-code-missing = Geben Sie einen Wiederherstellungscode ein
recovery-code-malformed = Ein Wiederherstellungscode hat 16 Buchstaben und Ziffern. Prüfen Sie Ihre Eingabe
recovery-code-wrong = Dieser Wiederherstellungscode gilt nicht. Haben Sie ihn schon benutzt? Nehmen Sie einen anderen

## What one logs in with
app-title = Authenticator-App einrichten
app-lead = Mit einer Authenticator-App auf Ihrem Telefon melden Sie sich sicherer an als mit einem Code per E-Mail.
app-lead-first = Sie melden sich zum ersten Mal an. Richten Sie eine Authenticator-App ein: Damit weisen Sie künftig nach, dass Sie es sind.
app-lead-replaces = Die neue App tritt an die Stelle der jetzigen. Diese gilt danach nicht mehr.
app-step-install = Öffnen Sie eine Authenticator-App auf Ihrem Telefon, oder installieren Sie eine.
app-step-scan = Scannen Sie dieses Bild mit der App.
app-step-code = Geben Sie unten den Code ein, den die App anzeigt.
app-picture = QR-Code für Ihre Authenticator-App
app-by-hand = Klappt das Scannen nicht?
app-by-hand-text = Wählen Sie in der App die Eingabe von Hand und übernehmen Sie diesen Schlüssel:
app-submit = App einrichten
factors-title = Ihre Anmeldewege
factors-lead = Hier sehen und ändern Sie, womit Sie sich anmelden. Über jede Änderung schicken wir Ihnen eine E-Mail.
factors-back = Zurück
factors-to-account = Zu Ihrem Konto
factors-confirm-text = Bevor Sie etwas ändern, bitten wir Sie, sich noch einmal mit dem Besten anzumelden, das Sie haben. So kann das niemand anders für Sie tun.
factors-confirm = Zum Ändern noch einmal anmelden
factors-password = Passwort
factors-password-text = Sie haben ein Passwort.
factors-password-change = Ein neues Passwort wählen
factors-password-none = Sie haben kein Passwort.
factors-password-choose = Ein Passwort wählen
factors-email = Code per E-Mail
factors-email-text = Nach Ihrem Passwort können wir Ihnen einen Code an die Adresse Ihres Kontos schicken.
factors-email-not-now = Sie haben Ihr Passwort über einen Link in einer E-Mail gewählt. Darum zählt ein Code per E-Mail jetzt nicht als zweiter Schritt.
factors-app = Authenticator-App
factors-app-there = Eine Authenticator-App ist eingerichtet.
factors-app-none = Es ist noch keine Authenticator-App eingerichtet.
factors-app-add = App einrichten
factors-app-replace = Eine andere App einrichten
factors-app-remove = App entfernen
factors-passkeys = Passkeys
factors-passkeys-text = Mit einem Passkey bestätigen Sie mit Fingerabdruck, Gesicht oder dem Code Ihres Geräts.
factors-passkey-added = Hinzugefügt am { $when }
factors-passkey-used = Zuletzt benutzt am { $when }
factors-passkey-unused = Noch nicht benutzt
factors-passkey-change = Ändern
factors-passkey-change-named = Ändern: { $name }
factors-passkey-name = Name des Passkeys
factors-passkey-name-hint = Daran erkennen Sie ihn, zum Beispiel: Telefon. Höchstens 40 Zeichen.
factors-passkey-name-problem = Geben Sie dem Passkey einen Namen mit höchstens 40 Zeichen
factors-passkey-not-usable = Dieser Passkey kann hier nicht benutzt werden. Versuchen Sie es noch einmal, oder mit einem anderen Gerät
factors-passkey-rename = Namen speichern
factors-passkey-remove = Passkey entfernen
factors-passkey-remove-named = Passkey entfernen: { $name }
factors-passkey-add = Passkey hinzufügen
factors-recovery = Wiederherstellungscodes
factors-recovery-text = Mit einem Wiederherstellungscode und Ihrem Passwort melden Sie sich an, wenn App oder Passkey verloren ist. Jeder Code gilt einmal.
factors-recovery-left = { $count ->
    [0] Sie haben keine Wiederherstellungscodes.
    [one] Sie haben noch 1 Wiederherstellungscode.
   *[other] Sie haben noch { $count } Wiederherstellungscodes.
}
factors-recovery-make = Neue Codes erstellen
factors-recovery-replaces = Erstellen Sie neue Codes? Dann gelten die alten nicht mehr.
factors-last = Das ist Ihr letzter Anmeldeweg. Fügen Sie zuerst etwas anderes hinzu
factors-done-app-added = Ihre Authenticator-App ist eingerichtet.
factors-done-app-removed = Die Authenticator-App wurde entfernt.
factors-done-passkey-added = Der Passkey wurde hinzugefügt.
factors-done-passkey-renamed = Der Name wurde gespeichert.
factors-done-passkey-removed = Der Passkey wurde entfernt.
recovery-codes-title = Ihre Wiederherstellungscodes
recovery-codes-lead = Drucken Sie diese Codes aus oder schreiben Sie sie auf. Wir zeigen sie nur einmal.
recovery-codes-keep = Bewahren Sie sie sicher auf, und nicht bei Ihrem Passwort. Jeder Code gilt einmal.
recovery-codes-kept = Ich habe die Codes aufbewahrt

## Forgotten password
forgotten-title = Passwort vergessen
forgotten-lead = Geben Sie Ihren Benutzernamen ein. Wir senden Ihnen eine E-Mail mit einem Link, um ein neues Passwort zu wählen.
forgotten-submit = Link senden
forgotten-back = Zurück zur Anmeldung
forgotten-missing = Geben Sie Ihren Benutzernamen ein
forgotten-not-an-address = Ein Benutzername ist eine E-Mail-Adresse, wie name@beispiel.be
forgotten-sent-title = Sehen Sie in Ihren E-Mails nach
forgotten-sent-lead = Gibt es ein Konto mit diesem Benutzernamen? Dann haben wir eine E-Mail mit einem Link gesendet, um ein neues Passwort zu wählen.
forgotten-sent-valid = { $minutes ->
    [one] Der Link funktioniert einmal und ist 1 Minute gültig.
   *[other] Der Link funktioniert einmal und ist { $minutes } Minuten gültig.
}
forgotten-sent-nothing-title = Keine E-Mail bekommen?
forgotten-sent-spam = Sehen Sie im Spam-Ordner nach.
forgotten-sent-other-address = Prüfen Sie, ob Sie die richtige E-Mail-Adresse eingegeben haben.
forgotten-sent-call = Klappt es nicht? Wenden Sie sich an den Helpdesk.
forgotten-sent-again = Noch einen Link anfordern
reset-title = Wählen Sie ein neues Passwort
reset-lead = Wählen Sie ein Passwort mit mindestens { $min } Zeichen. Ein Satz aus ein paar Wörtern ist sicher und leicht zu merken.
reset-new-password = Neues Passwort
reset-new-password-hint = Alle Zeichen sind erlaubt, auch Leerzeichen. Sie dürfen es einfügen.
reset-consequence = Ihr altes Passwort funktioniert danach nicht mehr. Sind Sie noch irgendwo angemeldet? Dann melden wir Sie dort ab.
reset-submit = Passwort speichern
reset-missing = Geben Sie ein neues Passwort ein
reset-too-short = Dieses Passwort ist zu kurz. Verwenden Sie mindestens { $min } Zeichen
reset-too-long = Dieses Passwort ist zu lang. Wählen Sie ein kürzeres Passwort
reset-too-common = Dieses Passwort wird oft benutzt und ist leicht zu erraten. Wählen Sie ein anderes Passwort
reset-too-like-user-name = Dieses Passwort ist Ihrem Benutzernamen zu ähnlich. Wählen Sie ein anderes Passwort
reset-done-title = Ihr Passwort wurde geändert
reset-done-text = Ab jetzt melden Sie sich mit Ihrem neuen Passwort an.
reset-done-app-only = Sie haben Ihr Passwort per E-Mail geändert. Ein Code per E-Mail reicht deshalb im Moment nicht als zweiter Schritt. Haben Sie eine Authenticator-App? Dann verwenden Sie diese.
reset-done-not-you = Waren Sie das nicht selbst? Wenden Sie sich sofort an den Helpdesk.
link-spent-title = Dieser Link funktioniert nicht mehr
link-spent-lead = Der Link wurde schon benutzt, ist zu alt, oder es wurde ein neuerer Link gesendet.
link-spent-next = Sehen Sie nach, ob Sie eine neuere E-Mail haben, oder fordern Sie einen neuen Link an. Ihr Passwort hat sich durch das Klicken auf diesen Link nicht geändert.
link-spent-new = Neuen Link anfordern

## Choosing a profile
profile-title = Wählen Sie Ihr Profil
profile-as = Ich möchte mich anmelden als:
profile-within = Innerhalb der Organisation:
profile-within-hint = Wählen Sie eine Organisation, wenn Sie sie vertreten oder dort arbeiten. Handeln Sie für sich selbst, dann wählen Sie keine Organisation.
profile-within-none = Keine Organisation
profile-confirm = Profil bestätigen
profile-nothing-chosen = Wählen Sie, als wer Sie sich anmelden möchten
profile-no-longer-possible = Dieses Profil ist nicht mehr möglich. Wählen Sie ein anderes Profil
profile-not-within = Dieses Profil passt nicht zu dieser Organisation. Wählen Sie keine Organisation oder ein anderes Profil
profile-missing-title = Fehlt Ihnen ein Profil oder ein Recht?
missing-registration-title = { $profession }: Ihre Akte ist noch nicht vollständig
missing-registration-why = Ihre Registrierung ist neu. Es dauert ein paar Tage, bis Ihre Akte fertig ist. Bis dahin können Sie nur als Bürger weitermachen.
missing-registration-next = Versuchen Sie es in ein paar Tagen noch einmal. Klappt es nach einer Woche immer noch nicht? Wenden Sie sich an den Helpdesk.
missing-right-why = Ihnen fehlt das Recht „{ $right }“ bei dieser Organisation. Sie können sie wählen, aber was dieses Recht verlangt, bleibt geschlossen.
missing-role-title = Eine Funktion in einer Einrichtung
missing-role-why = Wir kennen Sie nicht als Direktor, Verantwortlichen oder Verwalter einer Einrichtung. Deshalb können Sie nicht mit den Rechten einer solchen Funktion weitermachen.
missing-role-next = Haben Sie doch eine solche Funktion? Bitten Sie Ihre Einrichtung, Sie anzumelden. Inzwischen können Sie als Bürger weitermachen.
profile-continue-title = Mit welchem Profil möchten Sie weitermachen?
profile-continue-lead = Sie haben mehr als ein Profil. Wählen Sie, womit Sie jetzt weitermachen. Sie können es später ändern, ohne sich neu anzumelden.
profile-continue-mandate-holder = Als Mandatsinhaber weitermachen
profile-continue-mandate-holder-hint = Sie suchen die Person, die Ihnen ein Mandat gegeben hat, und handeln für sie.
profile-continue-within = Weiter innerhalb von { $organization }
profile-continue-citizen = Als Bürger weitermachen
profile-continue-citizen-hint = Sie handeln für sich selbst.
profile-continue-role = Sie haben auch die Rechte von: { $role }.

## Finding a mandator
mandators-title = Mandatgeber suchen
mandators-enterprise = Im Namen von { $name }
mandators-lead = Suchen Sie die Person, die Ihnen ein Mandat gegeben hat. Füllen Sie ein oder mehrere Felder aus. Wenn Sie nichts ausfüllen, sehen Sie alle Ihre Mandatgeber.
mandators-nihdi = LIKIV-Nummer
mandators-national = National­register­nummer
mandators-name = Name
mandators-first-name = Vorname
mandators-submit = Suchen
mandators-found = Anzahl der Ergebnisse: { $count }
mandators-page = Seite { $page } von { $pages }, { $per-page } pro Seite
mandators-caption = Gefundene Mandatgeber
mandators-column-name = Name
mandators-column-mandate = Mandat
mandators-column-choose = Wählen
mandators-no-number = keine Nummer
mandators-choose = Wählen
mandators-choose-person = Wählen: { $name }
mandators-pages = Seiten mit Ergebnissen
mandators-previous = Vorige
mandators-next = Nächste
mandators-none-text = Wir haben niemanden gefunden, für den Sie ein Mandat haben.
mandators-none-check = Prüfen Sie, ob Sie alles richtig ausgefüllt haben.
mandators-none-fewer = Füllen Sie weniger Felder aus, zum Beispiel nur den Namen.
mandators-none-mandate = Fragen Sie die Person, ob Ihr Mandat schon läuft und nicht beendet wurde.
mandators-nihdi-wrong = Diese LIKIV-Nummer stimmt nicht. Geben Sie die 11 Ziffern ein
mandators-national-wrong = Diese National­register­nummer stimmt nicht. Geben Sie die 11 Ziffern ein
mandators-name-too-short = Geben Sie mindestens 2 Buchstaben des Namens ein
mandators-mandate-ended = Dieses Mandat wurde inzwischen beendet. Wählen Sie eine andere Person

## Organization
organization-title = Rechte bei { $name }
organization-lead = Hier sehen Sie, wer im Namen Ihrer Organisation Zugang hat. Sie geben Rechte mit einem Enddatum und nehmen sie zurück. Eine Änderung gilt sofort.
organization-members = { $count ->
    [one] 1 Mitglied
   *[other] { $count } Mitglieder
}
organization-yourself = Das sind Sie
organization-no-rights = Hat keine Rechte.
organization-right = Recht
organization-until = Gültig bis einschließlich
organization-granted-by = Gegeben von
organization-action = Aktion
organization-revoke = Zurücknehmen
organization-revoke-right = Zurücknehmen: { $right } von { $member }
organization-granted = { $member } hat jetzt das Recht „{ $right }“, bis einschließlich { $until }.
organization-revoked = Das Recht „{ $right }“ von { $member } wurde zurückgenommen.
organization-managers = Wer verwaltet den Zugang?
grant-title = Ein Recht geben
grant-lead = Die Person bekommt darüber eine E-Mail.
grant-nothing-to-give = Sie können im Moment keine Rechte geben. Der Hauptzugangsverwalter Ihrer Organisation bestimmt, für welche Anwendungen Sie das dürfen.
grant-member = Wem
grant-choose = Bitte wählen
grant-right = Welches Recht
grant-right-hint = Sie sehen nur Rechte, die Ihre Organisation hat und die Sie geben dürfen.
grant-end = Bis einschließlich welchem Tag
grant-end-hint = Zum Beispiel 30 6 2027. Danach endet das Recht von selbst.
grant-day = Tag
grant-month = Monat
grant-year = Jahr
grant-submit = Recht geben
grant-member-missing = Wählen Sie, wem Sie das Recht geben
grant-right-missing = Wählen Sie, welches Recht Sie geben
grant-end-missing = Geben Sie den letzten Tag des Rechts ein
grant-end-not-a-date = Dieses Datum gibt es nicht. Geben Sie einen Tag, einen Monat und ein Jahr ein
grant-end-in-the-past = Dieses Datum ist vorbei. Wählen Sie einen Tag in der Zukunft
grant-end-too-late = Dieses Recht kann nicht länger gelten als bis einschließlich { $latest }
grant-organization-lacks-right = Ihre Organisation hat dieses Recht selbst nicht und kann es deshalb nicht geben
grant-not-yours-to-give = Sie verwalten diese Anwendung nicht. Fragen Sie den Hauptzugangsverwalter
grant-yourself = Sie können sich selbst kein Recht geben. Fragen Sie einen anderen Zugangsverwalter
grant-already-granted = Diese Person hat dieses Recht schon, bis einschließlich { $until }
grant-held-by-another = Pro Einrichtung darf eine Person dieses Recht haben. Im Moment ist das { $name }. Nehmen Sie dieses Recht zuerst zurück

## Consent
consent-lead = Sie entscheiden selbst. Sie können Ihre Einwilligung jederzeit widerrufen; das wirkt sofort.
consent-who = Wer hat jetzt Einsicht?
consent-nobody = Niemand hat Einsicht.
consent-to = Wem
consent-from = Seit
consent-valid = Gültig
consent-no-end = bis Sie sie widerrufen
consent-withdraw = Widerrufen
consent-withdraw-from = Widerrufen: Einsicht von { $to }
consent-given = { $to } hat jetzt Einsicht.
consent-withdrawn = { $to } hat keine Einsicht mehr.
consent-give-title = Einsicht geben
consent-nobody-to-choose = Es gibt zurzeit niemanden, dem Sie Einsicht geben können.
consent-organization = Wählen Sie eine Organisation
consent-person = Wählen Sie, wem
consent-end = Bis einschließlich welchem Tag (darf leer bleiben)
consent-end-hint = Zum Beispiel 30 6 2027. Ohne Datum gilt die Einwilligung, bis Sie sie widerrufen.
consent-submit = Einsicht geben
consent-recipient-missing = Wählen Sie, wem Sie Einsicht geben
consent-has-it = Dieser Empfänger hat schon Einsicht
insight-title = Einsicht für { $whose }
insight-lead = Diese Personen haben eingewilligt. Wer die Einwilligung widerruft, steht hier nicht mehr.
insight-people = { $count ->
    [one] { $count } Person
   *[other] { $count } Personen
}
insight-nobody = Niemand hat eingewilligt.
insight-no-end = bis zum Widerruf
insight-what = Was Sie sehen
insight-no-number = noch ohne Registrierungsnummer
account-insight = Einsicht, die Sie erhalten haben

## Account
account-title = Mein Konto
account-registers = Wohin möchten Sie?
account-who = So sind Sie angemeldet
account-name = Name
account-user-name = Benutzername
account-profile = Profil
account-no-profile = Noch nicht gewählt
account-change-profile = Anderes Profil wählen
account-key = Digitaler Schlüssel
account-factors = Ihre Anmeldewege
account-assurance = Sicherheitsniveau
assurance-low = Niedrig
assurance-substantial = Substanziell
assurance-high = Hoch
account-organization = Rechte Ihrer Organisation verwalten
account-sessions = Wo sind Sie angemeldet?
account-sessions-text = Erkennen Sie etwas nicht? Melden Sie dieses Gerät ab und ändern Sie Ihr Passwort.
account-sessions-text-no-password = Erkennen Sie etwas nicht? Melden Sie dieses Gerät ab und wenden Sie sich an den Helpdesk.
account-this-session = Dieses Gerät
account-session-began = Angemeldet am { $when }
account-session-seen = Zuletzt benutzt am { $when }
account-end-session = Hier abmelden
account-end-session-on = Hier abmelden: { $device }
account-end-others = Überall abmelden außer hier
account-session-ended = Sie wurden dort abgemeldet.
signed-out-title = Sie sind abgemeldet
signed-out-text = Sie sind bei allen Anwendungen abgemeldet.
signed-out-not-reached = Bei diesen Anwendungen wissen wir nicht sicher, ob Sie abgemeldet sind:
signed-out-shared = Benutzen auch andere diesen Computer? Schließen Sie dann alle Fenster Ihres Browsers.

## Refusal
refusal-title = Sie haben keinen Zugang zu dieser Seite
refusal-lead = Sie sind angemeldet, aber für diese Seite ist mehr nötig.
refusal-lead-profile = Sie sind mit dem Profil „{ $profile }“ angemeldet. Für diese Seite ist mehr nötig.
refusal-what-you-can-do = Was können Sie tun?
refusal-nothing-to-do = Mit Ihren Daten können Sie diese Seite nicht öffnen. Glauben Sie, dass das nicht stimmt? Wenden Sie sich an den Helpdesk.
refusal-assurance-title = Melden Sie sich mit einem stärkeren Schlüssel an
refusal-assurance-text = Diese Daten sind besonders geschützt. Nach der Anmeldung machen Sie dort weiter, wo Sie waren.
refusal-assurance-button = Stärker anmelden
refusal-other-key-title = Melden Sie sich auf andere Weise an
refusal-other-key-text = Dieses Register verlangt eine andere Art der Anmeldung. Ihr Konto und Ihre Daten bleiben gleich.
refusal-other-key-button = Anders anmelden
refusal-profile-title = Wählen Sie ein anderes Profil
refusal-profile-text = { $count ->
    [one] Mit diesem Profil geht es:
   *[other] Mit einem dieser Profile geht es:
}
refusal-profile-button = Anderes Profil wählen
refusal-right-title = Bitten Sie um das Recht „{ $right }“
refusal-right-text = Ihnen fehlt dieses Recht bei: { $organization }.
refusal-ended-title = Ihr Profil ist beendet
refusal-ended-text = Die Vollmacht, die Mitgliedschaft oder die Registrierung, mit der Sie hier gearbeitet haben, gilt nicht mehr. Wählen Sie ein anderes Profil, um weiterzugehen.
refusal-mandate-title = Ihr Mandat reicht nicht so weit
refusal-mandate-text = Ihr Mandat gilt für „{ $scope }“. Bitten Sie den Mandatgeber um ein weiteres Mandat, oder lassen Sie ihn dies selbst tun.
refusal-back = Zurück zu { $register }
conflict-title = Dieses Formular war für ein anderes Profil
conflict-lead = Wahrscheinlich haben Sie in einem anderen Tab ein anderes Profil gewählt.
conflict-made-for = Das Formular war für
conflict-in-use = Sie arbeiten jetzt als
conflict-nothing-changed = Wir haben nichts gespeichert oder geändert.
conflict-go-on = Weiter als: { $profile }

## Failures
failure-what-now = Was können Sie tun?
failure-log-in-again = Anmelden
failure-log-in-and-return = Anmelden und weitermachen
failure-open-form-again = Formular neu öffnen
failure-to-start = Zum Anfang
failure-back = Zurück
failure-try-again = Noch einmal versuchen
failure-other-key = Einen Schlüssel wählen
failure-attempt-gone-title = Beginnen Sie die Anmeldung neu
failure-attempt-gone-text = Dieser Anmeldeversuch ist nicht mehr gültig. Vielleicht haben Sie zu lange gewartet, einen alten Link benutzt oder einen anderen Browser geöffnet.
failure-attempt-gone-next = Melden Sie sich neu an. Benutzen Sie dafür nur einen Tab.
failure-too-many-tries-title = Zu viele Versuche
failure-too-many-tries-text = Es wurden zu oft falsche Angaben eingegeben. Sie können es um { $time } Uhr noch einmal versuchen.
failure-too-many-tries-next = Warten Sie bis dahin. Haben Sie Ihr Passwort vergessen? Fordern Sie ein neues an.
failure-cancelled-title = Sie haben die Anmeldung abgebrochen
failure-cancelled-text = Sie sind nicht angemeldet.
failure-cancelled-next = Möchten Sie sich doch anmelden? Beginnen Sie neu. Sonst können Sie diese Seite schließen.
failure-returned-elsewhere-title = Beginnen Sie die Anmeldung neu
failure-returned-elsewhere-text = Sie kommen von einem anderen Anmeldedienst zurück, aber die Anmeldung hat nicht in diesem Browser begonnen, oder diese Rückkehr wurde schon benutzt. Sie sind nicht angemeldet.
failure-returned-elsewhere-next = Beginnen Sie hier neu. Haben Sie auf einen Link geklickt, den Ihnen jemand geschickt hat? Benutzen Sie ihn nicht.
failure-provider-down-title = { $provider } funktioniert im Moment nicht
failure-provider-down-text = { $provider } antwortet nicht, oder nicht rechtzeitig. Es liegt nicht an Ihnen, und Sie sind nicht angemeldet.
failure-provider-down-next = Wählen Sie einen anderen Schlüssel, oder versuchen Sie es in einer Minute noch einmal.
failure-provider-answer-title = Die Anmeldung mit { $provider } ist nicht gelungen
failure-provider-answer-text = Wir konnten die Antwort von { $provider } nicht prüfen. Deshalb sind Sie nicht angemeldet.
failure-provider-answer-next = Versuchen Sie es noch einmal, oder wählen Sie einen anderen Schlüssel. Gelingt es wieder nicht? Rufen Sie den Helpdesk an und nennen Sie die Nummer unten.
failure-provider-too-low-title = Hier ist eine stärkere Anmeldung nötig
failure-provider-too-low-text = Sie haben sich bei { $provider } ausgewiesen, aber weniger stark oder vor längerer Zeit, als es hier nötig ist.
failure-provider-too-low-next = Versuchen Sie es noch einmal und bestätigen Sie in { $provider } mit Ihrem Code, oder wählen Sie einen anderen Schlüssel.
failure-card-not-in-force-title = Ihre Karte gilt nicht mehr
failure-card-not-in-force-text = Das Zertifikat Ihres Personalausweises ist abgelaufen oder wurde widerrufen. Deshalb sind Sie nicht angemeldet.
failure-card-not-in-force-next = Wählen Sie einen anderen Schlüssel. Haben Sie Ihre Karte nicht selbst sperren lassen? Wenden Sie sich an Ihre Gemeinde.
failure-no-national-number-title = { $provider } kennt Ihre nationale Nummer nicht
failure-no-national-number-text = Ohne diese Nummer wissen wir nicht, wer Sie hier sind. Das ist so, wenn Ihr Konto bei { $provider } mit einem ausländischen Dokument angelegt wurde.
failure-no-national-number-next = Wählen Sie einen anderen Schlüssel, oder wenden Sie sich an den Helpdesk.
failure-no-organization-title = Ihre Organisation ist hier nicht bekannt
failure-no-organization-text = { $provider } hat bestätigt, für wen Sie sich anmelden, aber das Register kennt diese Organisation oder diese Niederlassung nicht unter ihrer KvK-Nummer.
failure-no-organization-next = Melden Sie sich für eine Organisation an, die hier bekannt ist. Oder bitten Sie den Helpdesk, Ihre Organisation mit KvK-Nummer und Niederlassungsnummer aufzunehmen.
failure-no-account-title = Sie haben hier noch kein Konto
failure-no-account-text = { $provider } hat bestätigt, wer Sie sind, aber Sie sind hier nicht bekannt.
failure-no-account-next = Sollten Sie bekannt sein? Wenden Sie sich an den Helpdesk. Sind Sie erst seit Kurzem registriert? Versuchen Sie es in einigen Tagen noch einmal.
failure-account-closed-title = Ihr Konto ist geschlossen
failure-account-closed-text = Wir wissen, wer Sie sind, aber Ihr Konto hier ist geschlossen. Sie können sich damit nicht mehr anmelden.
failure-account-closed-next = Möchten Sie es wieder benutzen, oder stimmt das nicht? Wenden Sie sich an den Helpdesk.
failure-session-ended-title = Ihre Sitzung ist beendet
failure-session-ended-text = Sie wurden abgemeldet, weil Sie eine Zeit lang nichts getan haben oder weil Ihre Sitzung anderswo beendet wurde.
failure-session-ended-next = Melden Sie sich neu an. Danach machen Sie dort weiter, wo Sie waren. Nichts wird zweimal gesendet.
failure-form-expired-title = Dieses Formular ist zu alt
failure-form-expired-text = Das Formular war zu lange offen oder wurde in einem anderen Fenster schon benutzt. Wir haben nichts gespeichert.
failure-form-expired-next = Öffnen Sie das Formular neu und füllen Sie es noch einmal aus.
failure-not-found-title = Diese Seite gibt es nicht
failure-not-found-text = Vielleicht ist die Adresse falsch getippt, oder die Seite wurde verschoben oder es gibt sie für Sie nicht.
failure-not-found-next = Prüfen Sie die Adresse oder gehen Sie zum Anfang.
failure-register-slow-title = Das dauert zu lange
failure-register-slow-text = { $register } antwortet nicht rechtzeitig. Bei Ihnen ist alles in Ordnung.
failure-register-slow-next = Versuchen Sie es in ein paar Minuten noch einmal. Wollten Sie gerade etwas senden? Prüfen Sie zuerst, ob es angekommen ist.
failure-register-down-title = Dieses Register ist im Moment nicht erreichbar
failure-register-down-text = Es gibt eine Störung bei: { $register }. Bei Ihnen ist alles in Ordnung und Sie sind noch angemeldet.
failure-register-down-next = Versuchen Sie es in einer Viertelstunde noch einmal.
failure-bad-request-title = Wir verstehen diese Anfrage nicht
failure-bad-request-text = Die Adresse oder die Daten, die Ihr Browser gesendet hat, stimmen nicht.
failure-bad-request-next = Gehen Sie zum Anfang und versuchen Sie es ohne gespeicherten Link noch einmal.
failure-too-large-title = Das ist zu groß
failure-too-large-text = Die Datei oder das Formular, das Sie gesendet haben, ist größer, als wir empfangen können. Es wurde nichts gespeichert.
failure-too-large-next = Gehen Sie zurück und senden Sie eine kleinere Datei.
failure-internal-title = Bei uns ist ein Fehler aufgetreten
failure-internal-text = Wegen eines Fehlers bei uns können wir diese Seite jetzt nicht zeigen. Es liegt nicht an Ihnen.
failure-internal-next = Versuchen Sie es in ein paar Minuten noch einmal. Der Fehler wurde uns gemeldet.
failure-cookies-refused-title = Ihr Browser speichert keine Cookies
failure-cookies-refused-text = Um Sie sicher anzumelden, benutzen wir ein paar Cookies, die nur dazu dienen. Ihr Browser hat sie abgelehnt.
failure-cookies-refused-next = Erlauben Sie in den Einstellungen Ihres Browsers Cookies für diese Website, oder benutzen Sie einen anderen Browser. Versuchen Sie es dann noch einmal.
failure-policy-unavailable-title = Wir können Ihren Zugang im Moment nicht prüfen
failure-policy-unavailable-text = Wegen einer Störung können wir nicht sehen, was Sie dürfen. Zur Sicherheit lassen wir deshalb im Moment niemanden ein.
failure-policy-unavailable-next = Versuchen Sie es in ein paar Minuten noch einmal.

## Unknown address, applications
tenants-title = Wo möchten Sie sich anmelden?
tenants-lead = Dies ist eine Vorführung mit erfundenen Personen. Wählen Sie eine Umgebung.
tenants-unknown-title = Unter dieser Adresse gibt es keinen Schalter
tenants-unknown-lead = Die Adresse in Ihrem Browser gehört zu keiner Organisation, die wir kennen.
tenants-unknown-next = Prüfen Sie die Adresse, oder gehen Sie auf die Website der Organisation und klicken Sie dort auf Anmelden.
application-refused-title = So können Sie sich nicht anmelden
application-refused-lead = Die Anwendung, von der Sie kommen, hat eine Anfrage gesendet, der wir nicht vertrauen können. Deshalb schicken wir Sie nicht zurück.
application-refused-lead-named = { $application } hat eine Anfrage gesendet, der wir nicht vertrauen können. Deshalb schicken wir Sie nicht zurück.
application-refused-next = Gehen Sie zur Anwendung zurück und versuchen Sie es noch einmal. Passiert es wieder? Melden Sie es dem Verwalter der Anwendung. Sie haben nichts falsch gemacht.
application-refused-detail = Erklärung für den Verwalter der Anwendung
application-refused-unknown = Diese client_id ist bei dieser Organisation nicht bekannt.
application-refused-redirect = Die redirect_uri steht nicht in der Registrierung dieses Clients. Die Adresse muss Zeichen für Zeichen gleich sein.
application-refused-invalid = In der Anfrage fehlt ein Pflichtfeld oder ein Feld kommt zweimal vor.
end-session-title = Möchten Sie sich abmelden?
end-session-lead = Eine Anwendung möchte Sie abmelden.
end-session-lead-named = { $application } möchte Sie abmelden.
end-session-everywhere = Sie werden dann bei allen Anwendungen und Registern abgemeldet.
end-session-yes = Ja, abmelden
end-session-no = Nein, angemeldet bleiben
continue-title = Sie gehen weiter zu { $application }
continue-lead = Sie sind angemeldet. Passiert nach ein paar Sekunden nichts? Dann klicken Sie auf die Schaltfläche.
continue-button = Weiter zu { $application }

send-on-title = Sie gehen weiter zu { $provider }
send-on-lead = Sie melden sich auf der Website von { $provider } an und kommen danach hierher zurück.
send-on-button = Weiter zu { $provider }

## Anyone looks somebody up (LOOKUP-1)
lookup-title = Eine Person im Register suchen
lookup-lead = Alle dürfen prüfen, ob jemand registriert oder zertifiziert ist. Sie sehen nur den Namen, die Registrierungsnummer und den Status. Geben Sie einen Namen oder eine Registrierungsnummer ein.
lookup-name = Nachname
lookup-name-hint = Der ganze Nachname. Namenszusätze, Großschreibung und Akzente spielen keine Rolle.
lookup-given-name = Vorname oder Anfangsbuchstabe
lookup-given-name-hint = Nicht nötig. Es hilft bei einem häufigen Namen.
lookup-number = Registrierungsnummer
lookup-number-hint = Statt eines Namens
lookup-submit = Suchen
lookup-found = Anzahl gefundener Personen: { $count }
lookup-caption = Gefundene Personen
lookup-column-name = Name
lookup-register = Register
lookup-column-status = Status
lookup-registered = Registriert
lookup-certified = Zertifiziert
lookup-none-whole = Prüfen Sie, ob der ganze Nachname oder die ganze Nummer richtig ist.
lookup-none-partner = Versuchen Sie auch den Geburtsnamen oder den Namen des Partners.
lookup-none-meaning = Ist alles richtig? Dann ist diese Person hier zurzeit nicht registriert.
lookup-too-many = Zu viele Personen mit diesem Namen
lookup-too-many-text = Geben Sie auch einen Vornamen oder Anfangsbuchstaben ein, oder suchen Sie nach der Registrierungsnummer.
lookup-log-in = Zum Anmelden
lookup-nothing = Geben Sie einen Nachnamen oder eine Registrierungsnummer ein
lookup-both = Geben Sie einen Namen oder eine Nummer ein, nicht beides
lookup-too-short = Geben Sie den ganzen Nachnamen ein, mindestens { $least } Buchstaben
lookup-too-long = Das ist zu lang. Geben Sie höchstens 100 Zeichen ein

## An account of one's own (LOGIN-3, LOGIN-12)
new-account-title = Konto beantragen
new-account-lead = Haben Sie noch kein Konto? Geben Sie Ihre E-Mail-Adresse ein und wählen Sie ein Passwort. Wir senden Ihnen eine E-Mail mit einem Link, mit dem Sie das Konto anlegen.
new-account-email = E-Mail-Adresse
new-account-email-hint = Eine eigene Adresse, zum Beispiel name@beispiel.de. Sie wird Ihr Benutzername.
new-account-second = Bei jedem Anmelden fragen wir auch nach einem Code, den wir an diese Adresse senden.
new-account-submit = Konto beantragen
new-account-have-one = Ich habe schon ein Konto
new-account-none = Konto beantragen
new-account-email-missing = Geben Sie Ihre E-Mail-Adresse ein
new-account-not-an-address = Geben Sie eine E-Mail-Adresse ein, wie name@beispiel.de
new-account-sent-lead = Wir haben Ihnen eine E-Mail gesendet. Öffnen Sie den Link darin, um fortzufahren.
new-account-again = Noch einen Link anfordern
confirm-account-title = Konto anlegen
confirm-account-lead = Ihre E-Mail-Adresse ist { $email }. Geben Sie Ihren Namen ein, und das Passwort, das Sie gerade gewählt haben.
confirm-account-given = Vorname
confirm-account-family = Nachname
confirm-account-password-hint = Das Passwort, das Sie beim Beantragen des Kontos gewählt haben
confirm-account-submit = Konto anlegen
confirm-account-given-missing = Geben Sie Ihren Vornamen ein
confirm-account-family-missing = Geben Sie Ihren Nachnamen ein
confirm-account-wrong-password = Das ist nicht das Passwort, das Sie gewählt haben. Versuchen Sie es noch einmal, oder beantragen Sie das Konto neu
account-made-title = Ihr Konto ist da
account-made-text = Sie können sich jetzt mit Ihrer E-Mail-Adresse, Ihrem Passwort und einem Code anmelden, den wir Ihnen senden.
account-made-next = Weiter geht es bei { $register }. Dort melden Sie sich zuerst an. Hören Sie zwischendurch auf? Dann machen Sie beim nächsten Mal weiter, wo Sie waren.
account-made-go = Anmelden und fortfahren

## Phones that are paired (/devices)
devices-title = Verbundene Geräte
devices-lead = Mit der App auf Ihrem Telefon ergänzen Sie Ihre Akte leichter. Sie verbinden die App einmal mit Ihrem Konto.
devices-none = Es ist noch kein Telefon verbunden.
devices-paired-on = Verbunden am { $when }
devices-used = Zuletzt benutzt am { $when }
devices-unpair = Trennen
devices-unpair-this = Trennen: { $device }
devices-unpaired = { $device } ist getrennt. Die App kann nun nichts mehr sehen oder tun.
devices-not-offered = Für das Profil, das Sie jetzt benutzen, gibt es die App nicht.
devices-pair = Gerät verbinden
devices-offer-lead = Der Code unten funktioniert { $minutes } Minuten, für ein Telefon. Zeigen Sie ihn niemandem sonst.
devices-open-app = Öffnen Sie { $app } auf Ihrem Telefon und wählen Sie „Scannen“.
devices-scan = Scannen Sie den QR-Code mit der Kamera.
devices-type = Ihr Telefon zeigt eine Nummer. Tragen Sie sie unten ein.
devices-qr = QR-Code, um Ihr Telefon zu verbinden
devices-number = Nummer auf Ihrem Telefon
devices-number-hint = 6 Ziffern. Leerzeichen sind erlaubt.
devices-confirm = Verbinden
devices-stop = Abbrechen
devices-stopped = Der Code funktioniert nicht mehr. Es wurde nichts verbunden.
devices-cannot-scan = Gelingt das Scannen nicht?
devices-copy-code = Wählen Sie in der App „Code eingeben“ und kopieren Sie diesen Code auf Ihr Telefon:
devices-paired = { $device } ist verbunden. Sie bekommen darüber auch eine E-Mail.
devices-wrong-number = Ihr Telefon zeigt eine andere Nummer. Sehen Sie noch einmal nach
devices-not-scanned = Ihr Telefon hat den Code noch nicht gescannt. Scannen Sie zuerst den QR-Code. Sagt Ihr Telefon, dass der Code schon benutzt wurde? Wählen Sie dann „Abbrechen“ und beginnen Sie von vorn
devices-over = Dieser Code funktioniert nicht mehr: Er ist zu alt, er wurde schon benutzt, oder die Nummer war zu oft falsch. Es wurde nichts verbunden. Beginnen Sie von vorn.
