# De teksten van alle pagina's in het Nederlands (taalniveau B1, u-vorm).
# The four locale files have the same keys with the same placeables; tests in ../text.rs compare them.

## Dates
date = { $day } { $month } { $year }
date-time = { $date } om { $time }
until = Tot en met { $date }
without-end = Zonder einddatum
month-1 = januari
month-2 = februari
month-3 = maart
month-4 = april
month-5 = mei
month-6 = juni
month-7 = juli
month-8 = augustus
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december

## What surrounds every page
page-title-problems = { $count ->
    [one] Fout:
   *[other] { $count } fouten:
}
skip-to-main = Naar de inhoud
language-switch = Taal kiezen
person-region = Uw account
person-signed-in = Ingelogd als { $name }
person-unnamed = (naam nog niet bekend)
person-account = Mijn account
person-log-out = Uitloggen
acting-region = Voor wie u handelt
acting-for = U handelt voor { $name }
acting-for-registered = U handelt voor { $name } ({ $registration })
acting-mandate = Mandaat: { $scope }.
acting-mandate-until = Mandaat: { $scope }, tot en met { $until }.
acting-holder = U doet dit namens { $holder }.
acting-within = U handelt binnen de organisatie { $name }
acting-back-to-self = Terug naar uzelf
problems-title = Er klopt iets niet
problem-prefix = Fout:
help-title = Hulp nodig?
reference-help = Komt u er niet uit? Neem contact op met { $help } en noem het referentienummer.
reference-phone = Telefoon
reference-email = E-mail
reference-label = Referentienummer
session-ends-at = Als u niets doet, eindigt uw sessie om { $time }.
session-warning-title = Uw sessie eindigt bijna
session-warning-text = U hebt een tijd niets gedaan. Voor uw veiligheid loggen wij u binnen 2 minuten uit. Wilt u nog even doorgaan?
session-warning-extend = Ja, ingelogd blijven
session-ended-text = U bent uitgelogd omdat u een tijd niets hebt gedaan. Na het inloggen komt u terug op deze pagina.
session-ended-log-in = Opnieuw inloggen

## Capacities
capacity-citizen = Burger
capacity-professional = Professioneel zorgverlener
capacity-mandate-holder = Mandaathouder
capacity-organization-member = Lid van een organisatie
capacity-access-manager = Toegangsbeheerder
capacity-chief-access-manager = Hoofdtoegangsbeheerder
capacity-supporter = Ondersteuner
capacity-appraiser = Gespreksleider
capacity-trainer = Opleider
capacity-trainee = Aios
capacity-helpdesk = Helpdeskmedewerker
capacity-anyone = Iedereen
role-director = directeur
role-person-responsible = verantwoordelijke
role-certificate-manager = beheerder van het eHealth-certificaat
registration-nihdi = RIZIV
registration-number = registratienummer
managers-ask = Vraag dit aan een toegangsbeheerder:
managers-unknown = Vraag binnen uw organisatie wie de toegangsbeheerder is. Die persoon kan het recht geven.

## Choosing a key
login-for = Inloggen voor { $register }
login-title = Kies uw digitale sleutel om in te loggen
login-step = Stap { $step } van { $of }
login-more-assurance = Voor deze gegevens is een sterkere digitale sleutel nodig. Log hieronder in met een van deze sleutels. Daarna gaat u verder waar u was.
login-session-ended = Uw sessie is geëindigd. Log opnieuw in. Daarna gaat u verder waar u was.
login-app-set-up = Uw authenticator-app is ingesteld. Log nu in met uw wachtwoord en een nieuwe code uit de app.
login-group-partner = eID of digitale sleutels van erkende partners
login-group-code = Digitale sleutels met beveiligingscode en gebruikersnaam + wachtwoord
login-group-european = Europese authenticatie
login-group-passkey = Passkey
login-key-email-code = Beveiligingscode via e-mail
login-key-email-code-hint = Met uw gebruikersnaam, uw wachtwoord en een code die wij u mailen
login-key-totp = Beveiligingscode via mobiele app
login-key-totp-hint = Met uw gebruikersnaam, uw wachtwoord en een code uit uw authenticator-app
login-key-passkey = Inloggen met een passkey
login-key-passkey-hint = Zonder wachtwoord: met uw vingerafdruk, uw gezicht of de code van uw apparaat
login-key-password-passkey = Wachtwoord en passkey
login-key-password-passkey-hint = Met uw gebruikersnaam, uw wachtwoord en een passkey
login-key-recovery-code = Herstelcode
login-key-recovery-code-hint = Voor als u uw app of passkey kwijt bent: met uw gebruikersnaam, uw wachtwoord en een herstelcode
login-key-itsme = itsme
login-key-itsme-hint = Met de itsme-app op uw telefoon
login-key-digid = DigiD
login-key-digid-hint = Met uw DigiD, bijvoorbeeld met de DigiD-app
login-key-eherkenning = eHerkenning
login-key-eherkenning-hint = Namens uw organisatie, met de eHerkenning van uw werk
login-key-fas = CSAM
login-key-fas-hint = Via de federale overheid: met uw eID-kaart of een andere sleutel
login-key-openid = Een andere aanbieder
login-key-openid-hint = U logt in op de website van deze aanbieder en komt hier terug
login-key-card = eID-kaartlezer
login-key-card-hint = Met uw identiteitskaart, een kaartlezer en uw pincode
login-key-card-certificate = eID zonder extensie
login-key-card-certificate-hint = Uw browser leest zelf het certificaat van uw kaart
login-key-out-of-order = Werkt nu even niet. Kies een andere sleutel, of probeer het over een minuut opnieuw.
login-no-key-title = Hebt u geen van deze sleutels?
login-no-key-text = Neem contact op met de helpdesk. De gegevens staan onder aan deze pagina.
login-other-key = Een andere sleutel kiezen
login-cancel = Inloggen annuleren

## User name and password
password-title = Inloggen met gebruikersnaam en wachtwoord
password-then-email-code = Daarna sturen wij u een beveiligingscode per e-mail.
password-then-totp = Daarna vragen wij een beveiligingscode uit uw mobiele app.
password-then-passkey = Daarna vragen wij om uw passkey.
password-then-recovery-code = Daarna vragen wij een herstelcode.
password-user-name = Gebruikersnaam
password-user-name-hint = Dit is uw e-mailadres, bijvoorbeeld naam@voorbeeld.be
password-user-name-number = Dit is uw registratienummer. Uw e-mailadres mag ook
password-password = Wachtwoord
password-forgotten = Wachtwoord vergeten?
password-submit = Volgende
password-user-name-missing = Vul uw gebruikersnaam in
password-missing = Vul uw wachtwoord in
password-not-after-mail-reset = U hebt uw wachtwoord gewijzigd met een link in een e-mail. Daarom kunt u nu niet inloggen met een code per e-mail. Kies de code uit een mobiele app, of neem contact op met de hulplijn.
password-not-recognised = Inloggen is niet gelukt. Controleer uw gebruikersnaam en uw wachtwoord
password-too-often = Na een paar mislukte pogingen moet u { $minutes } minuten wachten. Wij sturen u daarover dan een e-mail.

## Codes
code-label = Beveiligingscode
code-hint = { $digits } cijfers. Spaties mogen.
code-submit = Inloggen
code-missing = Vul de beveiligingscode van { $digits } cijfers in
code-too-short = De code is te kort. Een code heeft { $digits } cijfers
code-too-long = De code is te lang. Een code heeft { $digits } cijfers
code-not-digits = Een code heeft alleen cijfers. Vul de { $digits } cijfers in
code-wrong-email = Deze code is niet juist. Gebruik de code uit de laatste e-mail
code-wrong-app = Deze code is niet juist. Gebruik de code die uw app nu toont
code-expired = Deze code is niet meer geldig. Vraag een nieuwe code
totp-title = Vul de code uit uw app in
totp-lead = Open de authenticator-app op uw telefoon. Vul de code in die daar bij dit account staat.
totp-trouble-title = De code werkt niet
totp-trouble-clock = Controleer of de klok van uw telefoon automatisch gelijk loopt. Wacht op een nieuwe code en probeer het opnieuw.
totp-trouble-lost = Hebt u uw telefoon niet bij de hand? Kies een andere sleutel. Bent u uw telefoon kwijt? Neem dan contact op met de helpdesk.
email-code-title = Vul de code uit uw e-mail in
email-code-lead = Wij hebben u een e-mail met een beveiligingscode gestuurd, naar het adres dat bij uw account hoort.
email-code-valid = { $minutes ->
    [one] De code is 1 minuut geldig.
   *[other] De code is { $minutes } minuten geldig.
}
email-code-sent-again = Wij hebben u een nieuwe code gestuurd.
email-code-too-soon = Er is nog geen nieuwe code verstuurd. Over { $seconds } seconden kunt u er een vragen. De code die u al kreeg, werkt nog.
email-code-not-received = Geen code ontvangen?
email-code-not-received-text = Een e-mail kan een paar minuten onderweg zijn. Kijk ook in de map met ongewenste e-mail.
email-code-wait = { $seconds ->
    [one] Over 1 seconde kunt u een nieuwe code vragen.
   *[other] Over { $seconds } seconden kunt u een nieuwe code vragen.
}
email-code-send-again = Nieuwe code sturen

## The identity card
card-title = Inloggen met uw eID-kaart
card-lead = Steek uw identiteitskaart in de kaartlezer. Daarna vraagt het programma Web eID om uw pincode.
card-use = Inloggen met mijn kaart
card-without-script = Voor uw kaart heeft uw browser JavaScript en de extensie Web eID nodig. Zet JavaScript aan, of kies een andere sleutel.
card-wait = Volg de aanwijzingen in het venster van Web eID: kaart in de lezer, en dan uw pincode.
card-no-extension = Uw browser heeft de extensie Web eID niet, of die staat uit. Installeer haar, laad deze pagina opnieuw, of kies een andere sleutel.
card-no-program = De extensie is er, maar het programma Web eID op uw computer niet. Installeer het en probeer het opnieuw.
card-old = Uw Web eID is te oud voor deze pagina. Werk de extensie en het programma bij en probeer het opnieuw.
card-cancelled = U bent gestopt, of er zat geen kaart in de lezer. U kunt het opnieuw proberen.
card-late = Het duurde te lang. Houd uw kaart en uw pincode klaar en probeer het opnieuw.
card-pending = Web eID is nog bezig in een ander venster. Sluit dat eerst.
card-insecure = Deze pagina is niet beveiligd geopend, en dan werkt een kaart niet. Open haar met https.
card-failed = Uw kaart kon niet gelezen worden. Zit zij goed in de lezer? Na drie verkeerde pincodes is de pincode geblokkeerd: uw gemeente geeft dan een nieuwe.
card-need-title = Wat hebt u nodig?
card-need-reader = Uw Belgische identiteitskaart of vreemdelingenkaart, die geldig is, en een kaartlezer aan uw computer.
card-need-extension = De extensie en het programma Web eID, gratis, voor Chrome, Edge, Firefox en Safari:
card-need-pin = De pincode van uw kaart. Bent u die vergeten, vraag dan een nieuwe aan bij uw gemeente.

## Passkeys and recovery codes
passkey-title = Gebruik uw passkey
passkey-lead = Uw browser vraagt om uw passkey. U bevestigt met uw vingerafdruk, uw gezicht of de code van uw apparaat.
passkey-use = Passkey gebruiken
passkey-without-script = Voor een passkey heeft uw browser JavaScript nodig, en een versie die passkeys kent. Zet JavaScript aan, werk uw browser bij, of gebruik iets anders om in te loggen.
passkey-wait = Volg de aanwijzingen van uw browser.
passkey-failed = Het is niet gelukt. U hebt het geannuleerd, het duurde te lang, of dit apparaat heeft geen passkey voor deze website. Probeer het opnieuw.
passkey-known = Dit apparaat heeft al een passkey voor uw account.
passkey-missing = Er is geen passkey gebruikt: daarvoor heeft uw browser JavaScript nodig
passkey-not-recognised = Inloggen met deze passkey is niet gelukt. Probeer het opnieuw, of kies een andere sleutel
passkey-trouble-title = Hebt u geen passkey?
passkey-trouble-none = U maakt een passkey op uw accountpagina, bij Uw manieren om in te loggen. Log daarvoor eerst in met een andere sleutel.
passkey-trouble-lost = Bent u het apparaat met uw passkey kwijt? Kies een andere sleutel, en verwijder de passkey op uw accountpagina.
recovery-code-title = Vul een herstelcode in
recovery-code-lead = Gebruik een van de herstelcodes die u hebt bewaard. Elke code werkt één keer.
recovery-code-label = Herstelcode
recovery-code-hint = 16 letters en cijfers, bijvoorbeeld 8H2K-9QXA-77TM-0ZWE
recovery-code-missing = Vul een herstelcode in
recovery-code-malformed = Een herstelcode heeft 16 letters en cijfers. Controleer wat u hebt ingevuld
recovery-code-wrong = Deze herstelcode werkt niet. Hebt u hem al eens gebruikt? Neem dan een andere

## What one logs in with
app-title = Authenticator-app instellen
app-lead = Met een authenticator-app op uw telefoon logt u veiliger in dan met een code per e-mail.
app-lead-first = Dit is de eerste keer dat u inlogt. Stel een authenticator-app in: daarmee bewijst u voortaan dat u het bent.
app-lead-replaces = De nieuwe app komt in de plaats van de app die u nu hebt. Die werkt daarna niet meer.
app-step-install = Open een authenticator-app op uw telefoon, of installeer er een.
app-step-scan = Scan deze afbeelding met de app.
app-step-code = Vul hieronder de code in die de app laat zien.
app-picture = QR-code voor uw authenticator-app
app-by-hand = Lukt scannen niet?
app-by-hand-text = Kies in de app voor zelf invullen, en neem deze sleutel over:
app-submit = App instellen
factors-title = Uw manieren om in te loggen
factors-lead = Hier ziet en verandert u waarmee u inlogt. Van elke verandering sturen wij u een e-mail.
factors-back = Terug
factors-to-account = Naar uw account
factors-confirm-text = Voordat u iets verandert, vragen wij u opnieuw in te loggen met het beste dat u hebt. Zo kan niemand anders dit voor u doen.
factors-confirm = Opnieuw inloggen om te veranderen
factors-password = Wachtwoord
factors-password-text = U hebt een wachtwoord.
factors-password-change = Een nieuw wachtwoord kiezen
factors-password-none = U hebt geen wachtwoord.
factors-password-choose = Een wachtwoord kiezen
factors-email = Code per e-mail
factors-email-text = Na uw wachtwoord kunnen wij u een code mailen, naar het adres van uw account.
factors-email-not-now = U hebt uw wachtwoord gekozen met een link in een e-mail. Daarom telt een code per e-mail nu niet als tweede stap.
factors-app = Authenticator-app
factors-app-there = Er is een authenticator-app ingesteld.
factors-app-none = Er is nog geen authenticator-app ingesteld.
factors-app-add = App instellen
factors-app-replace = Een andere app instellen
factors-app-remove = App verwijderen
factors-passkeys = Passkeys
factors-passkeys-text = Met een passkey bevestigt u wie u bent met uw vingerafdruk, uw gezicht of de code van uw apparaat.
factors-passkey-added = Toegevoegd op { $when }
factors-passkey-used = Laatst gebruikt op { $when }
factors-passkey-unused = Nog niet gebruikt
factors-passkey-change = Veranderen
factors-passkey-change-named = Veranderen: { $name }
factors-passkey-name = Naam van de passkey
factors-passkey-name-hint = Zo herkent u hem, bijvoorbeeld: telefoon. Hoogstens 40 tekens.
factors-passkey-name-problem = Geef de passkey een naam van hoogstens 40 tekens
factors-passkey-not-usable = Deze passkey kan hier niet gebruikt worden. Probeer het opnieuw, of met een ander apparaat
factors-passkey-rename = Naam opslaan
factors-passkey-remove = Passkey verwijderen
factors-passkey-remove-named = Passkey verwijderen: { $name }
factors-passkey-add = Passkey toevoegen
factors-recovery = Herstelcodes
factors-recovery-text = Met een herstelcode en uw wachtwoord logt u in als u uw app of passkey kwijt bent. Elke code werkt één keer.
factors-recovery-left = { $count ->
    [0] U hebt geen herstelcodes.
    [one] U hebt nog 1 herstelcode.
   *[other] U hebt nog { $count } herstelcodes.
}
factors-recovery-make = Nieuwe herstelcodes maken
factors-recovery-replaces = Maakt u nieuwe codes? Dan werken de oude niet meer.
factors-last = Dit is het laatste waarmee u kunt inloggen. Voeg eerst iets anders toe
factors-done-app-added = Uw authenticator-app is ingesteld.
factors-done-app-removed = De authenticator-app is verwijderd.
factors-done-passkey-added = De passkey is toegevoegd.
factors-done-passkey-renamed = De naam is opgeslagen.
factors-done-passkey-removed = De passkey is verwijderd.
recovery-codes-title = Uw herstelcodes
recovery-codes-lead = Print deze codes of schrijf ze op. Wij laten ze maar één keer zien.
recovery-codes-keep = Bewaar ze op een veilige plaats, en niet bij uw wachtwoord. Elke code werkt één keer.
recovery-codes-kept = Ik heb de codes bewaard

## Forgotten password
forgotten-title = Wachtwoord vergeten
forgotten-lead = Vul uw gebruikersnaam in. Wij sturen u een e-mail met een link om een nieuw wachtwoord te kiezen.
forgotten-submit = Link sturen
forgotten-back = Terug naar inloggen
forgotten-missing = Vul uw gebruikersnaam in
forgotten-not-an-address = Een gebruikersnaam is een e-mailadres, zoals naam@voorbeeld.be
forgotten-sent-title = Kijk in uw e-mail
forgotten-sent-lead = Hoort er een account bij deze gebruikersnaam? Dan hebben wij een e-mail gestuurd met een link om een nieuw wachtwoord te kiezen.
forgotten-sent-valid = { $minutes ->
    [one] De link werkt één keer en is 1 minuut geldig.
   *[other] De link werkt één keer en is { $minutes } minuten geldig.
}
forgotten-sent-nothing-title = Geen e-mail ontvangen?
forgotten-sent-spam = Kijk in de map met ongewenste e-mail.
forgotten-sent-other-address = Controleer of u het juiste e-mailadres hebt ingevuld.
forgotten-sent-call = Lukt het niet? Neem contact op met de helpdesk.
forgotten-sent-again = Nog een link vragen
reset-title = Kies een nieuw wachtwoord
reset-lead = Kies een wachtwoord van minstens { $min } tekens. Een zin van een paar woorden is sterk en goed te onthouden.
reset-new-password = Nieuw wachtwoord
reset-new-password-hint = Alle tekens mogen, ook spaties. Plakken mag ook.
reset-consequence = Uw oude wachtwoord werkt daarna niet meer. Bent u nog ergens ingelogd? Dan loggen wij u daar uit.
reset-submit = Wachtwoord opslaan
reset-missing = Vul een nieuw wachtwoord in
reset-too-short = Dit wachtwoord is te kort. Gebruik minstens { $min } tekens
reset-too-long = Dit wachtwoord is te lang. Kies een korter wachtwoord
reset-too-common = Dit wachtwoord wordt veel gebruikt en is makkelijk te raden. Kies een ander wachtwoord
reset-too-like-user-name = Dit wachtwoord lijkt te veel op uw gebruikersnaam. Kies een ander wachtwoord
reset-done-title = Uw wachtwoord is gewijzigd
reset-done-text = Vanaf nu logt u in met uw nieuwe wachtwoord.
reset-done-app-only = U hebt uw wachtwoord via e-mail gewijzigd. Een code per e-mail is daarom nu niet genoeg als tweede stap. Hebt u een authenticator-app? Gebruik dan die.
reset-done-not-you = Hebt u dit niet zelf gedaan? Neem dan meteen contact op met de helpdesk.
link-spent-title = Deze link werkt niet meer
link-spent-lead = De link is al gebruikt, te oud, of er is een nieuwere link gestuurd.
link-spent-next = Kijk of u een nieuwere e-mail hebt, of vraag een nieuwe link. Uw wachtwoord is niet veranderd door op deze link te klikken.
link-spent-new = Nieuwe link vragen

## Choosing a profile
profile-title = Kies uw profiel
profile-as = Ik wil me aanmelden als:
profile-within = Binnen de organisatie:
profile-within-hint = Kies een organisatie als u die vertegenwoordigt of er werkt. Handelt u voor uzelf, kies dan geen organisatie.
profile-within-none = Geen organisatie
profile-confirm = Profiel bevestigen
profile-nothing-chosen = Kies als wie u zich wilt aanmelden
profile-no-longer-possible = Dit profiel kan nu niet meer. Kies een ander profiel
profile-not-within = Dit profiel kan niet samen met deze organisatie. Kies geen organisatie of een ander profiel
profile-missing-title = Mist u een profiel of een recht?
missing-registration-title = { $profession }: uw dossier is nog niet compleet
missing-registration-why = Uw registratie is nieuw. Het duurt een paar dagen tot uw dossier klaar is. Tot dan kunt u alleen verder als burger.
missing-registration-next = Probeer het over een paar dagen opnieuw. Lukt het na een week nog niet? Neem dan contact op met de helpdesk.
missing-right-why = U mist het recht ‘{ $right }’ bij deze organisatie. U kunt haar kiezen, maar waarvoor dit recht nodig is, blijft gesloten.
missing-role-title = Een functie binnen een instelling
missing-role-why = Wij kennen u niet als directeur, verantwoordelijke of beheerder bij een instelling. Daarom kunt u niet met de rechten van zo'n functie verder.
missing-role-next = Hebt u wel zo'n functie? Vraag uw instelling om u aan te melden. U kunt intussen verder als burger.
profile-continue-title = Onder welk profiel wilt u verder gaan?
profile-continue-lead = U hebt meer dan één profiel. Kies waarmee u nu verder wilt. U kunt dit later wijzigen zonder opnieuw in te loggen.
profile-continue-mandate-holder = Doorgaan als mandaathouder
profile-continue-mandate-holder-hint = U zoekt de persoon op voor wie u een mandaat hebt en handelt voor die persoon.
profile-continue-within = Doorgaan binnen { $organization }
profile-continue-citizen = Doorgaan als burger
profile-continue-citizen-hint = U handelt voor uzelf.
profile-continue-role = U hebt ook de rechten van { $role }.

## Finding a mandator
mandators-title = Mandaatgever zoeken
mandators-enterprise = Namens { $name }
mandators-lead = Zoek de persoon voor wie u een mandaat hebt. Vul één of meer velden in. Vult u niets in, dan ziet u al uw mandaatgevers.
mandators-nihdi = RIZIV-nummer
mandators-national = Rijksregisternummer
mandators-name = Naam
mandators-first-name = Voornaam
mandators-submit = Zoeken
mandators-found = Aantal gevonden resultaten: { $count }
mandators-page = Pagina { $page } van { $pages }, { $per-page } per pagina
mandators-caption = Gevonden mandaatgevers
mandators-column-name = Naam
mandators-column-mandate = Mandaat
mandators-column-choose = Kiezen
mandators-no-number = geen nummer
mandators-choose = Kiezen
mandators-choose-person = Kiezen: { $name }
mandators-pages = Pagina's met resultaten
mandators-previous = Vorige
mandators-next = Volgende
mandators-none-text = Wij hebben niemand gevonden voor wie u een mandaat hebt.
mandators-none-check = Controleer of u alles goed hebt ingevuld.
mandators-none-fewer = Vul minder velden in, bijvoorbeeld alleen de naam.
mandators-none-mandate = Vraag de persoon of uw mandaat al loopt en niet is beëindigd.
mandators-nihdi-wrong = Dit RIZIV-nummer klopt niet. Vul de 11 cijfers in
mandators-national-wrong = Dit rijksregisternummer klopt niet. Vul de 11 cijfers in
mandators-name-too-short = Vul minstens 2 letters van de naam in
mandators-mandate-ended = Dit mandaat is intussen beëindigd. Kies een andere persoon

## Organization
organization-title = Rechten bij { $name }
organization-lead = Hier ziet u wie namens uw organisatie toegang heeft. U geeft rechten met een einddatum en trekt ze weer in. Een wijziging werkt meteen.
organization-members = { $count ->
    [one] 1 lid
   *[other] { $count } leden
}
organization-yourself = Dit bent u
organization-no-rights = Heeft geen rechten.
organization-right = Recht
organization-until = Geldig tot en met
organization-granted-by = Gegeven door
organization-action = Actie
organization-revoke = Intrekken
organization-revoke-right = Intrekken: { $right } van { $member }
organization-granted = { $member } heeft nu het recht ‘{ $right }’, tot en met { $until }.
organization-revoked = Het recht ‘{ $right }’ van { $member } is ingetrokken.
organization-managers = Wie beheert de toegang?
grant-title = Een recht geven
grant-lead = De persoon krijgt hierover een e-mail.
grant-nothing-to-give = U kunt nu geen rechten geven. De hoofdtoegangsbeheerder van uw organisatie bepaalt voor welke toepassingen u dat mag.
grant-member = Aan wie
grant-choose = Maak een keuze
grant-right = Welk recht
grant-right-hint = U ziet alleen rechten die uw organisatie heeft en die u mag geven.
grant-end = Tot en met welke dag
grant-end-hint = Bijvoorbeeld 30 6 2027. Daarna stopt het recht vanzelf.
grant-day = Dag
grant-month = Maand
grant-year = Jaar
grant-submit = Recht geven
grant-member-missing = Kies aan wie u het recht geeft
grant-right-missing = Kies welk recht u geeft
grant-end-missing = Vul in tot en met welke dag het recht geldt
grant-end-not-a-date = Deze datum bestaat niet. Vul een dag, een maand en een jaar in
grant-end-in-the-past = Deze datum is voorbij. Kies een dag in de toekomst
grant-end-too-late = Dit recht kan niet langer duren dan tot en met { $latest }
grant-organization-lacks-right = Uw organisatie heeft dit recht zelf niet en kan het dus niet geven
grant-not-yours-to-give = U beheert deze toepassing niet. Vraag dit aan de hoofdtoegangsbeheerder
grant-yourself = U kunt geen recht aan uzelf geven. Vraag dit aan een andere toegangsbeheerder
grant-already-granted = Deze persoon heeft dit recht al, tot en met { $until }
grant-held-by-another = Per instelling mag één persoon dit recht hebben. Nu is dat { $name }. Trek dat recht eerst in

## Consent
consent-lead = U beslist zelf. U kunt uw toestemming op elk moment intrekken; dat werkt meteen.
consent-who = Wie heeft nu inzage?
consent-nobody = Niemand heeft inzage.
consent-to = Aan wie
consent-from = Sinds
consent-valid = Geldig
consent-no-end = tot u de toestemming intrekt
consent-withdraw = Intrekken
consent-withdraw-from = Intrekken: inzage van { $to }
consent-given = { $to } heeft nu inzage.
consent-withdrawn = { $to } heeft geen inzage meer.
consent-give-title = Inzage geven
consent-nobody-to-choose = Er is nu niemand aan wie u inzage kunt geven.
consent-organization = Kies een organisatie
consent-person = Kies aan wie
consent-end = Tot en met welke dag (mag leeg blijven)
consent-end-hint = Bijvoorbeeld 30 6 2027. Zonder datum geldt de toestemming tot u die intrekt.
consent-submit = Inzage geven
consent-recipient-missing = Kies aan wie u inzage geeft
consent-has-it = Deze ontvanger heeft al inzage
insight-title = Inzage voor { $whose }
insight-lead = Deze mensen gaven toestemming. Trekt iemand de toestemming in, dan staat die persoon hier niet meer.
insight-people = { $count ->
    [one] { $count } persoon
   *[other] { $count } personen
}
insight-nobody = Niemand heeft toestemming gegeven.
insight-no-end = tot de toestemming wordt ingetrokken
insight-what = Wat u ziet
insight-no-number = nog zonder registratienummer
account-insight = Inzage die u hebt gekregen

## Account
account-title = Mijn account
account-registers = Waar wilt u naartoe?
account-who = Zo bent u ingelogd
account-name = Naam
account-user-name = Gebruikersnaam
account-profile = Profiel
account-no-profile = Nog niet gekozen
account-change-profile = Ander profiel kiezen
account-key = Digitale sleutel
account-factors = Uw manieren om in te loggen
account-assurance = Zekerheid
assurance-low = Laag
assurance-substantial = Substantieel
assurance-high = Hoog
account-organization = Rechten van uw organisatie beheren
account-sessions = Waar bent u ingelogd?
account-sessions-text = Herkent u iets niet? Log dat apparaat uit en wijzig uw wachtwoord.
account-sessions-text-no-password = Herkent u iets niet? Log dat apparaat uit en neem contact op met de helpdesk.
account-this-session = Dit apparaat
account-session-began = Ingelogd op { $when }
account-session-seen = Laatst gebruikt op { $when }
account-end-session = Hier uitloggen
account-end-session-on = Hier uitloggen: { $device }
account-end-others = Overal uitloggen behalve hier
account-session-ended = U bent daar uitgelogd.
signed-out-title = U bent uitgelogd
signed-out-text = U bent bij alle toepassingen uitgelogd.
signed-out-not-reached = Bij deze toepassingen weten wij niet zeker of u bent uitgelogd:
signed-out-shared = Gebruiken anderen deze computer ook? Sluit dan alle vensters van uw browser.

## Refusal
refusal-title = U hebt geen toegang tot deze pagina
refusal-lead = U bent ingelogd, maar voor deze pagina is meer nodig.
refusal-lead-profile = U bent ingelogd met het profiel ‘{ $profile }’. Voor deze pagina is meer nodig.
refusal-what-you-can-do = Wat kunt u doen?
refusal-nothing-to-do = Met uw gegevens kunt u deze pagina niet openen. Denkt u dat dit niet klopt? Neem dan contact op met de helpdesk.
refusal-assurance-title = Log in met een sterkere sleutel
refusal-assurance-text = Deze gegevens zijn extra beschermd. Na het inloggen gaat u verder waar u was.
refusal-assurance-button = Sterker inloggen
refusal-other-key-title = Log op een andere manier in
refusal-other-key-text = Dit register vraagt een andere manier van inloggen. Uw account en uw gegevens blijven dezelfde.
refusal-other-key-button = Anders inloggen
refusal-profile-title = Kies een ander profiel
refusal-profile-text = { $count ->
    [one] Met dit profiel kan het wel:
   *[other] Met een van deze profielen kan het wel:
}
refusal-profile-button = Ander profiel kiezen
refusal-right-title = Vraag het recht ‘{ $right }’
refusal-right-text = U mist dit recht bij { $organization }.
refusal-ended-title = Uw profiel is beëindigd
refusal-ended-text = Het mandaat, het lidmaatschap of de registratie waarmee u hier werkte, geldt niet meer. Kies een ander profiel om verder te gaan.
refusal-mandate-title = Uw mandaat gaat niet zo ver
refusal-mandate-text = Uw mandaat is voor ‘{ $scope }’. Vraag de mandaatgever om een ruimer mandaat, of laat de mandaatgever dit zelf doen.
refusal-back = Terug naar { $register }
conflict-title = Dit formulier was voor een ander profiel
conflict-lead = Waarschijnlijk hebt u in een ander tabblad een ander profiel gekozen.
conflict-made-for = Het formulier was voor
conflict-in-use = U werkt nu als
conflict-nothing-changed = Wij hebben niets opgeslagen of gewijzigd.
conflict-go-on = Verder als { $profile }

## Failures
failure-what-now = Wat kunt u doen?
failure-log-in-again = Inloggen
failure-log-in-and-return = Inloggen en verdergaan
failure-open-form-again = Formulier opnieuw openen
failure-to-start = Naar het begin
failure-back = Terug
failure-try-again = Opnieuw proberen
failure-other-key = Een sleutel kiezen
failure-attempt-gone-title = Begin opnieuw met inloggen
failure-attempt-gone-text = Deze poging om in te loggen is niet meer geldig. Misschien hebt u te lang gewacht, een oude link gebruikt of een andere browser geopend.
failure-attempt-gone-next = Log opnieuw in. Gebruik daarbij één tabblad.
failure-too-many-tries-title = Te veel pogingen
failure-too-many-tries-text = Er is te vaak een verkeerd gegeven ingevuld. U kunt het om { $time } opnieuw proberen.
failure-too-many-tries-next = Wacht tot dat tijdstip. Weet u uw wachtwoord niet meer? Vraag dan een nieuw wachtwoord aan.
failure-cancelled-title = U hebt het inloggen geannuleerd
failure-cancelled-text = U bent niet ingelogd.
failure-cancelled-next = Wilt u toch inloggen? Begin dan opnieuw. Anders kunt u deze pagina sluiten.
failure-returned-elsewhere-title = Begin opnieuw met inloggen
failure-returned-elsewhere-text = U komt terug van een andere inlogdienst, maar het inloggen begon niet in deze browser, of deze terugkeer is al eens gebruikt. U bent niet ingelogd.
failure-returned-elsewhere-next = Begin hier opnieuw. Hebt u op een link geklikt die iemand u stuurde? Gebruik die dan niet.
failure-provider-down-title = { $provider } werkt nu niet
failure-provider-down-text = { $provider } antwoordt niet, of niet op tijd. Het ligt niet aan u, en u bent niet ingelogd.
failure-provider-down-next = Kies een andere sleutel, of probeer het over een minuut opnieuw.
failure-provider-answer-title = Inloggen met { $provider } is niet gelukt
failure-provider-answer-text = Wij konden het antwoord van { $provider } niet controleren. Daarom bent u niet ingelogd.
failure-provider-answer-next = Probeer het opnieuw, of kies een andere sleutel. Lukt het weer niet? Bel dan de helpdesk en noem het nummer hieronder.
failure-provider-too-low-title = Dit vraagt een sterkere manier van inloggen
failure-provider-too-low-text = U hebt zich bij { $provider } bekendgemaakt, maar minder sterk of langer geleden dan hier nodig is.
failure-provider-too-low-next = Probeer het opnieuw en bevestig in { $provider } met uw code, of kies een andere sleutel.
failure-card-not-in-force-title = Uw kaart is niet meer geldig
failure-card-not-in-force-text = Het certificaat van uw identiteitskaart is verlopen of ingetrokken. Daarom bent u niet ingelogd.
failure-card-not-in-force-next = Kies een andere sleutel. Hebt u uw kaart niet zelf laten blokkeren, neem dan contact op met uw gemeente.
failure-no-national-number-title = { $provider } kent uw rijksregisternummer niet
failure-no-national-number-text = Zonder dat nummer weten wij niet wie u hier bent. Dat is zo als uw account bij { $provider } met een buitenlands document is gemaakt.
failure-no-national-number-next = Kies een andere sleutel, of neem contact op met de helpdesk.
failure-no-organization-title = Uw organisatie is hier niet bekend
failure-no-organization-text = { $provider } heeft bevestigd voor wie u inlogt, maar het register kent deze organisatie, of deze vestiging ervan, niet onder haar KvK-nummer.
failure-no-organization-next = Log in voor een organisatie die hier wel bekend is. Of vraag de helpdesk om uw organisatie met haar KvK-nummer en vestigingsnummer op te nemen.
failure-no-account-title = U hebt hier nog geen account
failure-no-account-text = { $provider } heeft bevestigd wie u bent, maar u bent hier niet bekend.
failure-no-account-next = Verwacht u dat u bekend bent? Neem dan contact op met de helpdesk. Bent u nog maar net geregistreerd? Probeer het dan over een paar dagen opnieuw.
failure-account-closed-title = Uw account is gesloten
failure-account-closed-text = Wij weten wie u bent, maar uw account hier is gesloten. U kunt er niet meer mee inloggen.
failure-account-closed-next = Wilt u het weer gebruiken, of klopt dit niet? Neem dan contact op met de helpdesk.
failure-session-ended-title = Uw sessie is geëindigd
failure-session-ended-text = U bent uitgelogd omdat u een tijd niets hebt gedaan of omdat uw sessie ergens anders is beëindigd.
failure-session-ended-next = Log opnieuw in. Daarna gaat u verder waar u was. Er wordt niets twee keer verstuurd.
failure-form-expired-title = Dit formulier is te oud
failure-form-expired-text = Het formulier stond te lang open of is in een ander venster al gebruikt. Wij hebben niets opgeslagen.
failure-form-expired-next = Open het formulier opnieuw en vul het nog een keer in.
failure-not-found-title = Deze pagina bestaat niet
failure-not-found-text = Misschien is het adres verkeerd getypt, of de pagina is verplaatst of bestaat niet voor u.
failure-not-found-next = Controleer het adres, of ga naar het begin.
failure-register-slow-title = Het duurt te lang
failure-register-slow-text = { $register } antwoordt niet op tijd. Aan uw kant is alles in orde.
failure-register-slow-next = Probeer het over een paar minuten opnieuw. Was u iets aan het versturen? Controleer dan eerst of het is aangekomen.
failure-register-down-title = Dit register is nu niet bereikbaar
failure-register-down-text = Er is een storing bij { $register }. Aan uw kant is alles in orde en u bent nog ingelogd.
failure-register-down-next = Probeer het over een kwartier opnieuw.
failure-bad-request-title = Wij begrijpen deze vraag niet
failure-bad-request-text = Het adres of de gegevens die uw browser stuurde, kloppen niet.
failure-bad-request-next = Ga naar het begin en probeer het opnieuw zonder een bewaarde link.
failure-too-large-title = Dit is te groot
failure-too-large-text = Het bestand of formulier dat u stuurde, is groter dan wij kunnen ontvangen. Er is niets opgeslagen.
failure-too-large-next = Ga terug en stuur een kleiner bestand.
failure-internal-title = Er ging iets mis bij ons
failure-internal-text = Door een fout bij ons kunnen wij deze pagina nu niet tonen. Het ligt niet aan u.
failure-internal-next = Probeer het over een paar minuten opnieuw. De fout is bij ons gemeld.
failure-cookies-refused-title = Uw browser bewaart geen cookies
failure-cookies-refused-text = Om u veilig in te loggen gebruiken wij een paar cookies die alleen daarvoor dienen. Uw browser heeft ze geweigerd.
failure-cookies-refused-next = Sta in de instellingen van uw browser cookies toe voor deze website, of gebruik een andere browser. Probeer het daarna opnieuw.
failure-policy-unavailable-title = Wij kunnen uw toegang nu niet controleren
failure-policy-unavailable-text = Door een storing kunnen wij niet zien wat u mag. Voor de veiligheid laten wij daarom nu niemand toe.
failure-policy-unavailable-next = Probeer het over een paar minuten opnieuw.

## Unknown address, applications
tenants-title = Waar wilt u inloggen?
tenants-lead = Dit is een demonstratie met verzonnen personen. Kies een omgeving.
tenants-unknown-title = Op dit adres is geen loket
tenants-unknown-lead = Het adres in uw browser hoort niet bij een organisatie die wij kennen.
tenants-unknown-next = Controleer het adres, of ga naar de website van de organisatie en klik daar op inloggen.
application-refused-title = U kunt zo niet inloggen
application-refused-lead = De toepassing waar u vandaan komt, stuurde een vraag die wij niet kunnen vertrouwen. Daarom sturen wij u niet terug.
application-refused-lead-named = { $application } stuurde een vraag die wij niet kunnen vertrouwen. Daarom sturen wij u niet terug.
application-refused-next = Ga terug naar de toepassing en probeer het opnieuw. Gebeurt het nog een keer? Meld het dan aan de beheerder van de toepassing. U hebt zelf niets fout gedaan.
application-refused-detail = Uitleg voor de beheerder van de toepassing
application-refused-unknown = Deze client_id is niet bekend bij deze organisatie.
application-refused-redirect = De redirect_uri staat niet in de registratie van deze client. Het adres moet teken voor teken gelijk zijn.
application-refused-invalid = De aanvraag mist een verplicht veld of heeft een veld twee keer.
end-session-title = Wilt u uitloggen?
end-session-lead = Een toepassing vraagt om u uit te loggen.
end-session-lead-named = { $application } vraagt om u uit te loggen.
end-session-everywhere = U wordt dan bij alle toepassingen en registers uitgelogd.
end-session-yes = Ja, uitloggen
end-session-no = Nee, ingelogd blijven
continue-title = U gaat verder naar { $application }
continue-lead = U bent ingelogd. Gebeurt er na een paar seconden niets? Klik dan op de knop.
continue-button = Verder naar { $application }

send-on-title = U gaat naar { $provider }
send-on-lead = U logt in op de website van { $provider } en komt daarna hier terug.
send-on-button = Verder naar { $provider }

## Anyone looks somebody up (LOOKUP-1)
lookup-title = Iemand opzoeken in het register
lookup-lead = Iedereen mag nagaan of iemand geregistreerd of gecertificeerd is. U ziet alleen de naam, het registratienummer en de status. Vul een naam in, of een registratienummer.
lookup-name = Achternaam
lookup-name-hint = De hele achternaam. Tussenvoegsels, hoofdletters en accenten maken niet uit.
lookup-given-name = Voornaam of voorletter
lookup-given-name-hint = Dit hoeft niet. Het helpt bij een naam die vaker voorkomt.
lookup-number = Registratienummer
lookup-number-hint = In plaats van een naam
lookup-submit = Opzoeken
lookup-found = Aantal gevonden personen: { $count }
lookup-caption = Gevonden personen
lookup-column-name = Naam
lookup-register = Register
lookup-column-status = Status
lookup-registered = Geregistreerd
lookup-certified = Gecertificeerd
lookup-none-whole = Controleer of u de hele achternaam of het hele nummer goed hebt ingevuld.
lookup-none-partner = Probeer ook de geboortenaam of de naam van de partner.
lookup-none-meaning = Is alles goed ingevuld? Dan is deze persoon hier nu niet geregistreerd.
lookup-too-many = Te veel personen met deze naam
lookup-too-many-text = Vul ook een voornaam of voorletter in, of zoek op registratienummer.
lookup-log-in = Naar inloggen
lookup-nothing = Vul een achternaam of een registratienummer in
lookup-both = Vul een naam of een nummer in, niet allebei
lookup-too-short = Vul de hele achternaam in, minstens { $least } letters
lookup-too-long = Dit is te lang. Vul hoogstens 100 tekens in

## An account of one's own (LOGIN-3, LOGIN-12)
new-account-title = Account aanvragen
new-account-lead = Hebt u nog geen account? Vul uw e-mailadres in en kies een wachtwoord. Wij sturen u een e-mail met een link waarmee u het account maakt.
new-account-email = E-mailadres
new-account-email-hint = Een adres van uzelf, bijvoorbeeld naam@voorbeeld.nl. Dit wordt uw gebruikersnaam.
new-account-second = Bij elke keer inloggen vragen wij ook een code, die wij naar dit adres sturen.
new-account-submit = Account aanvragen
new-account-have-one = Ik heb al een account
new-account-none = Account aanvragen
new-account-email-missing = Vul uw e-mailadres in
new-account-not-an-address = Vul een e-mailadres in, zoals naam@voorbeeld.nl
new-account-sent-lead = Wij hebben u een e-mail gestuurd. Open de link daarin om verder te gaan.
new-account-again = Nog een link vragen
confirm-account-title = Account maken
confirm-account-lead = Uw e-mailadres is { $email }. Vul uw naam in, en het wachtwoord dat u net hebt gekozen.
confirm-account-given = Voornaam
confirm-account-family = Achternaam
confirm-account-password-hint = Het wachtwoord dat u koos toen u het account aanvroeg
confirm-account-submit = Account maken
confirm-account-given-missing = Vul uw voornaam in
confirm-account-family-missing = Vul uw achternaam in
confirm-account-wrong-password = Dit is niet het wachtwoord dat u koos. Probeer het opnieuw, of vraag opnieuw een account aan
account-made-title = Uw account is er
account-made-text = U kunt nu inloggen met uw e-mailadres, uw wachtwoord en een code die wij u mailen.
account-made-next = Ga verder bij { $register }. U logt daar eerst in. Stopt u tussendoor? Dan gaat u de volgende keer verder waar u was.
account-made-go = Inloggen en verdergaan

## Phones that are paired (/devices)
devices-title = Gekoppelde apparaten
devices-lead = Met de app op uw telefoon vult u uw dossier makkelijker aan. U koppelt de app één keer aan uw account.
devices-none = Er is nog geen telefoon gekoppeld.
devices-paired-on = Gekoppeld op { $when }
devices-used = Laatst gebruikt op { $when }
devices-unpair = Ontkoppelen
devices-unpair-this = Ontkoppelen: { $device }
devices-unpaired = { $device } is ontkoppeld. De app kan nu niets meer zien of doen.
devices-not-offered = De app is er niet voor het profiel waarmee u nu werkt.
devices-pair = Apparaat koppelen
devices-offer-lead = De code hieronder werkt { $minutes } minuten, voor één telefoon. Laat hem aan niemand anders zien.
devices-open-app = Open { $app } op uw telefoon en kies ‘scannen’.
devices-scan = Scan de QR-code met de camera.
devices-type = Uw telefoon laat een nummer zien. Vul het hieronder in.
devices-qr = QR-code om uw telefoon te koppelen
devices-number = Nummer op uw telefoon
devices-number-hint = 6 cijfers. Spaties mogen.
devices-confirm = Koppelen
devices-stop = Stoppen
devices-stopped = De code werkt niet meer. Er is niets gekoppeld.
devices-cannot-scan = Lukt het scannen niet?
devices-copy-code = Kies in de app ‘code invoeren’ en kopieer deze code naar uw telefoon:
devices-paired = { $device } is gekoppeld. U krijgt hierover ook een e-mail.
devices-wrong-number = Uw telefoon laat een ander nummer zien. Kijk nog eens
devices-not-scanned = Uw telefoon heeft de code nog niet gescand. Scan eerst de QR-code. Zegt uw telefoon dat de code al gebruikt is? Kies dan ‘stoppen’ en begin opnieuw
devices-over = Deze code werkt niet meer: hij is te oud, hij is al gebruikt, of het nummer was te vaak fout. Er is niets gekoppeld. Begin opnieuw.
