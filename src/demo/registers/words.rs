//! The texts of the sample registers, in the languages of their tenants. What a tenant's file calls by a name of its own
//! (professions, scopes, rights) is not here.

use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};

use crate::base::{Language, Timestamp};

/// The texts of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Words(Language);

macro_rules! words {
    ($($name:ident { $nl:literal, $fr:literal, $de:literal, $en:literal })+) => {
        impl Words {$(
            pub(super) const fn $name(self) -> &'static str {
                match self.0 {
                    Language::Nl => $nl,
                    Language::Fr => $fr,
                    Language::De => $de,
                    Language::En => $en,
                }
            }
        )+}
    };
}

/// Texts of the training register, whose tenant speaks Dutch and English.
macro_rules! words_of_two {
    ($($name:ident { $nl:literal, $en:literal })+) => { words! { $($name { $nl, $en, $en, $en })+ } };
}

impl Words {
    pub(super) const fn new(language: Language) -> Self {
        Self(language)
    }

    pub(super) const fn language(self) -> Language {
        self.0
    }

    /// The usual name of a capacity.
    pub(super) fn capacity(self, word: &str) -> &'static str {
        match word {
            "citizen" => self.citizen(),
            "professional" => self.professional(),
            "mandate_holder" => self.mandate_holder(),
            "organization_member" => self.member(),
            "trainer" => self.trainer(),
            "trainee" => self.trainee(),
            "supporter" => self.supporter(),
            "appraiser" => self.appraiser(),
            "helpdesk" => self.helpdesk(),
            _ => "",
        }
    }

    /// What a claim means, by its name with dots. In the form of RFC 8693 (`delegated`) whom one acts for stands at the top.
    pub(super) fn meaning(self, claim: &str, delegated: bool) -> &'static str {
        match claim {
            "sub" if delegated => self.claim_represents_sub(),
            "name" if delegated => self.claim_represents_name(),
            "iss" => self.claim_iss(),
            "aud" => self.claim_aud(),
            "iat" => self.claim_iat(),
            "nbf" => self.claim_nbf(),
            "exp" => self.claim_exp(),
            "sub" | "act.sub" => self.claim_sub(),
            "name" | "act.name" => self.claim_name(),
            "locale" | "act.locale" | "represents.locale" => self.claim_locale(),
            "registration" | "act.registration" | "represents.registration" => self.claim_registration(),
            "acr" => self.claim_acr(),
            "amr" => self.claim_amr(),
            "auth_time" => self.claim_auth_time(),
            "profile.id" => self.claim_profile(),
            "profile.capacity" => self.claim_capacity(),
            "profile.profession" => self.claim_profession(),
            "represents.sub" => self.claim_represents_sub(),
            "represents.name" => self.claim_represents_name(),
            "organization.id" | "organization.name" | "organization.number" => self.claim_organization(),
            "mandate.id" | "mandate.scope" | "mandate.until" => self.claim_mandate(),
            "rights" => self.claim_rights(),
            _ => "",
        }
    }

    /// A day as people write it.
    pub(super) fn date(self, date: Date) -> String {
        let month = self.month_names()[usize::from(date.month().unsigned_abs()) - 1];
        let (day, year) = (date.day(), date.year());
        match self.0 {
            Language::De => format!("{day}. {month} {year}"),
            Language::Fr if day == 1 => format!("1er {month} {year}"),
            _ => format!("{day} {month} {year}"),
        }
    }

    /// A moment where the tenant is.
    pub(super) fn moment(self, at: Timestamp, zone: &TimeZone) -> String {
        let local: DateTime = at.date_time_in(zone);
        format!("{}, {:02}:{:02}:{:02}", self.date(local.date()), local.hour(), local.minute(), local.second())
    }

    const fn month_names(self) -> [&'static str; 12] {
        match self.0 {
            Language::Nl => [
                "januari",
                "februari",
                "maart",
                "april",
                "mei",
                "juni",
                "juli",
                "augustus",
                "september",
                "oktober",
                "november",
                "december",
            ],
            Language::Fr => [
                "janvier",
                "février",
                "mars",
                "avril",
                "mai",
                "juin",
                "juillet",
                "août",
                "septembre",
                "octobre",
                "novembre",
                "décembre",
            ],
            Language::De => [
                "Januar",
                "Februar",
                "März",
                "April",
                "Mai",
                "Juni",
                "Juli",
                "August",
                "September",
                "Oktober",
                "November",
                "Dezember",
            ],
            Language::En => [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
        }
    }
}

// Every page
words! {
    skip { "Naar de inhoud", "Aller au contenu", "Zum Inhalt", "Skip to content" }
    sample { "Voorbeeldregister met verzonnen gegevens", "Registre d’exemple avec des données inventées", "Beispielregister mit erfundenen Daten", "Sample register with invented data" }
    front { "Begin", "Accueil", "Start", "Start" }
    me { "Mijn gegevens", "Mes données", "Meine Daten", "My details" }
    acting { "Wie handelt", "Qui agit", "Wer handelt", "Who acts" }
    you_are { "U bent", "Vous êtes", "Sie sind", "You are" }
    you_act_for { "U handelt voor", "Vous agissez pour", "Sie handeln für", "You act for" }
    as_what { "Hoedanigheid", "Qualité", "Eigenschaft", "Capacity" }
    within { "Organisatie", "Organisation", "Organisation", "Organisation" }
    under { "Mandaat", "Mandat", "Mandat", "Mandate" }
    until { "tot en met", "jusqu’au", "bis einschließlich", "until" }
    no_end { "zonder einddatum", "sans date de fin", "ohne Enddatum", "without an end date" }
    rights { "Rechten", "Droits", "Rechte", "Rights" }
    no_rights { "geen", "aucun", "keine", "none" }
    switch_profile { "Kies een ander profiel", "Choisir un autre profil", "Anderes Profil wählen", "Choose another profile" }
    back_to_self { "Terug naar uzelf", "Revenir à vous-même", "Zurück zu Ihnen selbst", "Back to yourself" }
    account { "Inloggegevens en afmelden", "Compte et déconnexion", "Konto und Abmelden", "Account and log out" }
    told_title { "Wat dit register te horen kreeg", "Ce que ce registre a appris", "Was diesem Register mitgeteilt wurde", "What this register was told" }
    told_lead { "Bij dit verzoek kwam één ondertekend bewijs van de poort mee. Meer weet het register niet over u.", "Cette demande était accompagnée d’une seule preuve signée par la passerelle. Le registre ne sait rien d’autre sur vous.", "Mit dieser Anfrage kam ein einziger signierter Nachweis der Pforte. Mehr weiß das Register nicht über Sie.", "This request came with one signed token from the gateway. The register knows nothing else about you." }
    not_found { "Deze pagina bestaat niet", "Cette page n’existe pas", "Diese Seite gibt es nicht", "This page does not exist" }
    problem { "Er is iets niet ingevuld", "Il manque quelque chose", "Es fehlt etwas", "Something is missing" }
    details_of { "Gegevens van", "Données de", "Daten von", "Details of" }
    name { "Naam", "Nom", "Name", "Name" }
    number { "Registratienummer", "Numéro d’enregistrement", "Registrierungsnummer", "Registration number" }
    unknown_here { "Niet bekend bij dit register", "Inconnu de ce registre", "Diesem Register nicht bekannt", "Not known to this register" }
    pseudonym { "Uw pseudoniem bij dit register", "Votre pseudonyme dans ce registre", "Ihr Pseudonym in diesem Register", "Your pseudonym at this register" }
}

// Capacities
words! {
    citizen { "Burger", "Citoyen", "Bürger", "Citizen" }
    professional { "Zorgverlener", "Prestataire de soins", "Pflegeerbringer", "Professional" }
    mandate_holder { "Mandaathouder", "Mandataire", "Mandatsinhaber", "Mandate holder" }
    member { "Binnen de organisatie", "Au sein de l’organisation", "Innerhalb der Organisation", "Within the organisation" }
    trainer { "Opleider", "Formateur", "Ausbilder", "Trainer" }
    trainee { "Aios", "Candidat en formation", "In Weiterbildung", "Trainee" }
    supporter { "Ondersteuner", "Assistant", "Unterstützer", "Supporter" }
    helpdesk { "Helpdesk", "Helpdesk", "Helpdesk", "Helpdesk" }
}

// Claims
words! {
    claim_iss { "Wie het bewijs ondertekende", "Qui a signé la preuve", "Wer den Nachweis signiert hat", "Who signed the token" }
    claim_aud { "Voor welk register het geldt", "Pour quel registre elle vaut", "Für welches Register er gilt", "Which register it is for" }
    claim_iat { "Wanneer het werd gemaakt", "Quand elle a été faite", "Wann er erstellt wurde", "When it was made" }
    claim_nbf { "Vanaf wanneer het geldt", "À partir de quand elle vaut", "Ab wann er gilt", "From when it counts" }
    claim_exp { "Tot wanneer het geldt: twee minuten", "Jusque quand elle vaut : deux minutes", "Bis wann er gilt: zwei Minuten", "Until when it counts: two minutes" }
    claim_sub { "Wie handelt: een pseudoniem, alleen voor dit register", "Qui agit : un pseudonyme, pour ce registre seulement", "Wer handelt: ein Pseudonym, nur für dieses Register", "Who acts: a pseudonym for this register alone" }
    claim_name { "De naam van wie handelt", "Le nom de la personne qui agit", "Der Name der Person, die handelt", "The name of who acts" }
    claim_locale { "Hun taal", "Leur langue", "Ihre Sprache", "Their language" }
    claim_registration { "Het registratienummer waar het profiel over gaat", "Le numéro d’enregistrement que le profil concerne", "Die Registrierungsnummer, um die es im Profil geht", "The registration number that the profile is about" }
    claim_acr { "Hoe zeker is wie inlogde", "Avec quelle certitude on sait qui s’est connecté", "Wie sicher feststeht, wer sich angemeldet hat", "How sure it is who logged in" }
    claim_amr { "Waarmee men inlogde", "Comment on s’est connecté", "Womit man sich angemeldet hat", "What they logged in with" }
    claim_auth_time { "Wanneer men inlogde", "Quand on s’est connecté", "Wann man sich angemeldet hat", "When they logged in" }
    claim_profile { "Het gekozen profiel; een formulier stuurt het mee", "Le profil choisi ; un formulaire le renvoie", "Das gewählte Profil; ein Formular sendet es mit", "The chosen profile; a form sends it along" }
    claim_capacity { "In welke hoedanigheid men handelt", "En quelle qualité on agit", "In welcher Eigenschaft man handelt", "In which capacity they act" }
    claim_profession { "Met welk beroep", "Avec quelle profession", "Mit welchem Beruf", "With which profession" }
    claim_represents_sub { "Voor wie men handelt: een pseudoniem, alleen voor dit register", "Pour qui on agit : un pseudonyme, pour ce registre seulement", "Für wen man handelt: ein Pseudonym, nur für dieses Register", "Whom they act for: a pseudonym for this register alone" }
    claim_represents_name { "De naam van voor wie men handelt", "Le nom de la personne pour qui on agit", "Der Name der Person, für die man handelt", "The name of whom they act for" }
    claim_organization { "Binnen of voor welke organisatie men handelt", "Au sein de ou pour quelle organisation on agit", "In oder für welche Organisation man handelt", "Within or for which organisation they act" }
    claim_mandate { "Onder welk mandaat men handelt", "Sous quel mandat on agit", "Unter welchem Mandat man handelt", "Under which mandate they act" }
    claim_rights { "Welke rechten men in de organisatie heeft", "Quels droits on a dans l’organisation", "Welche Rechte man in der Organisation hat", "Which rights they have in the organisation" }
}

// The dossiers of ProGezondheid
words! {
    file_of { "Dossier van", "Dossier de", "Akte von", "File of" }
    own_file { "Mijn dossier", "Mon dossier", "Meine Akte", "My file" }
    reports { "Rapporten", "Rapports", "Berichte", "Reports" }
    administration { "Administratie", "Administration", "Verwaltung", "Administration" }
    what_now { "Wat u hier kunt doen", "Ce que vous pouvez faire ici", "Was Sie hier tun können", "What you can do here" }
    as_citizen { "Als burger hebt u hier geen dossier. Bent u zorgverlener, of handelt u voor iemand? Kies dan dat profiel.", "En tant que citoyen, vous n’avez pas de dossier ici. Êtes-vous prestataire de soins, ou agissez-vous pour quelqu’un ? Choisissez alors ce profil.", "Als Bürger haben Sie hier keine Akte. Sind Sie Pflegeerbringer, oder handeln Sie für jemanden? Wählen Sie dann dieses Profil.", "As a citizen you have no file here. Are you a care provider, or do you act for somebody? Then choose that profile." }
    without_number { "U hebt nog geen RIZIV-nummer. Uw dossier opent zodra u er een hebt.", "Vous n’avez pas encore de numéro INAMI. Votre dossier s’ouvrira dès que vous en aurez un.", "Sie haben noch keine LIKIV-Nummer. Ihre Akte öffnet sich, sobald Sie eine haben.", "You have no NIHDI number yet. Your file opens as soon as you have one." }
    profession { "Beroep", "Profession", "Beruf", "Profession" }
    nihdi { "RIZIV-nummer", "Numéro INAMI", "LIKIV-Nummer", "NIHDI number" }
    practice { "Praktijkadres", "Adresse du cabinet", "Praxisanschrift", "Practice address" }
    bank { "Rekening voor terugbetalingen", "Compte pour les remboursements", "Konto für Erstattungen", "Account for reimbursements" }
    statute { "Sociaal statuut", "Statut social", "Sozialstatut", "Social statute" }
    statute_granted { "aanvraag goedgekeurd", "demande approuvée", "Antrag genehmigt", "application granted" }
    remarks { "Opmerkingen", "Remarques", "Bemerkungen", "Remarks" }
    no_remarks { "Er zijn nog geen opmerkingen.", "Il n’y a pas encore de remarques.", "Es gibt noch keine Bemerkungen.", "There are no remarks yet." }
    remark { "Nieuwe opmerking", "Nouvelle remarque", "Neue Bemerkung", "New remark" }
    remark_hint { "Hoogstens 500 tekens. Het blijft staan tot de demo stopt.", "500 caractères au plus. Elle reste jusqu’à la fin de la démo.", "Höchstens 500 Zeichen. Sie bleibt bis zum Ende der Demo stehen.", "At most 500 characters. It stays until the demo ends." }
    remark_missing { "Vul een opmerking in van hoogstens 500 tekens", "Écrivez une remarque de 500 caractères au plus", "Schreiben Sie eine Bemerkung von höchstens 500 Zeichen", "Write a remark of at most 500 characters" }
    remark_save { "Opmerking bewaren", "Enregistrer la remarque", "Bemerkung speichern", "Save remark" }
    on_behalf { "namens", "au nom de", "im Namen von", "on behalf of" }
    reports_lead { "Attesten die in uw organisatie werden aangerekend.", "Attestations facturées dans votre organisation.", "Bescheinigungen, die in Ihrer Organisation abgerechnet wurden.", "Certificates that were charged in your organisation." }
    quarter { "Kwartaal", "Trimestre", "Quartal", "Quarter" }
    certificates { "Attesten", "Attestations", "Bescheinigungen", "Certificates" }
    amount { "Bedrag", "Montant", "Betrag", "Amount" }
    administration_lead { "U bent bij het instituut bekend in een administratieve rol.", "L’institut vous connaît dans un rôle administratif.", "Das Institut kennt Sie in einer Verwaltungsrolle.", "The institute knows you in an administrative role." }
    certificate { "eHealth-certificaat van de praktijk", "Certificat eHealth du cabinet", "eHealth-Zertifikat der Praxis", "eHealth certificate of the practice" }
    certificate_state { "geldig", "valable", "gültig", "valid" }
}

// The training plans of MijnRGS
words_of_two! {
    plan_of { "Opleidingsschema van", "Training plan of" }
    plans { "Opleidingsschema’s", "Training plans" }
    no_plans { "Dit register kent geen opleidingsschema dat bij dit profiel hoort. Kies een ander profiel om verder te gaan.", "This register knows no training plan that belongs to this profile. Choose another profile to go on." }
    trained_by { "Opleider", "Trainer" }
    proposal { "Gewijzigd schema ter beoordeling", "Changed plan, to be judged" }
    no_proposal { "Er ligt geen wijziging ter beoordeling.", "No change waits to be judged." }
    longer_by { "maanden langer, tot en met", "months longer, until" }
    prepared_by { "Voorbereid door", "Prepared by" }
    change { "Wijziging voorbereiden", "Prepare a change" }
    change_lead { "Een ondersteuner bereidt een wijziging voor; alleen de opleider keurt haar goed of af.", "A supporter prepares a change; only the trainer approves or rejects it." }
    months { "Aantal maanden dat het laatste onderdeel langer duurt", "Months by which the last part becomes longer" }
    months_hint { "Een getal van 1 tot en met 12", "A number from 1 to 12" }
    months_missing { "Vul een aantal maanden in van 1 tot en met 12", "Fill in a number of months from 1 to 12" }
    why { "Reden", "Reason" }
    why_missing { "Vul een reden in van hoogstens 500 tekens", "Fill in a reason of at most 500 characters" }
    prepare { "Wijziging klaarzetten", "Submit the change" }
    approve { "Goedkeuren", "Approve" }
    reject { "Afkeuren", "Reject" }
    not_yours { "Probeer wat niet aan u is", "Try what is not yours to do" }
    not_yours_lead { "Dit register toont de knop, en de poort weigert: zij beslist, niet de pagina.", "This register shows the button, and the gateway refuses: it decides, not the page." }
    history { "Wat er gebeurde", "What happened" }
    happened_changed { "wijziging klaargezet", "change submitted" }
    happened_approved { "goedgekeurd", "approved" }
    happened_rejected { "afgekeurd", "rejected" }
    nothing_happened { "Nog niets.", "Nothing yet." }
}

// The register of Registerplein, and what it shares with the portfolios.
words! {
    appraiser { "Gespreksleider", "Conseiller d’évaluation", "Gesprächsleiter", "Appraiser" }
    registration_of { "Registratie van", "Enregistrement de", "Registrierung von", "Registration of" }
    progress_of { "Voortgang van", "Avancement de", "Fortschritt von", "Progress of" }
    own_registration { "Mijn registratie", "Mon enregistrement", "Meine Registrierung", "My registration" }
    who_may_see { "Wie mag dit zien?", "Qui peut voir ceci ?", "Wer darf das sehen?", "Who may see this?" }
    who_gave_insight { "Wie gaf inzage?", "Qui a donné accès ?", "Wer gab Einsicht?", "Who gave insight?" }
    employer_lead { "Als werkgever ziet u de voortgang van wie u daarvoor toestemming gaf, en niets anders.", "En tant qu’employeur, vous voyez l’avancement des personnes qui y ont consenti, et rien d’autre.", "Als Arbeitgeber sehen Sie den Fortschritt derer, die eingewilligt haben, und sonst nichts.", "As an employer you see the progress of those who consented to it, and nothing else." }
    no_registration { "Dit register kent geen registratie van u.", "Ce registre ne connaît aucun enregistrement de vous.", "Dieses Register kennt keine Registrierung von Ihnen.", "This register knows no registration of yours." }
    progress { "Voortgang", "Avancement", "Fortschritt", "Progress" }
    registered { "Geregistreerd", "Enregistré", "Registriert", "Registered" }
    being_assessed { "Aanvraag in behandeling", "Demande en cours de traitement", "Antrag in Bearbeitung", "Application being assessed" }
    begins { "Begindatum", "Date de début", "Beginn", "Start date" }
    ends { "Einddatum", "Date de fin", "Ende", "End date" }
    file { "Dossier", "Dossier", "Akte", "File" }
    points { "Punten voor deskundigheid", "Points de formation", "Fortbildungspunkte", "Points for further training" }
    documents { "Documenten", "Documents", "Dokumente", "Documents" }
    activities { "Wat u deed voor uw registratie", "Ce que vous avez fait pour votre enregistrement", "Was Sie für Ihre Registrierung taten", "What you did for your registration" }
    no_activities { "Nog niets.", "Encore rien.", "Noch nichts.", "Nothing yet." }
    new_activity { "Activiteit", "Activité", "Aktivität", "Activity" }
    add_activity { "Toevoegen", "Ajouter", "Hinzufügen", "Add" }
    pair_phone { "Apparaat koppelen", "Associer un appareil", "Gerät verbinden", "Pair a device" }
    certified_until { "Gecertificeerd tot en met", "Certifié jusqu’au", "Zertifiziert bis", "Certified until" }
    look_up { "Iemand opzoeken in het register", "Chercher une personne dans le registre", "Eine Person im Register suchen", "Look somebody up in the register" }
    application { "Aanvraag eerste registratie", "Demande de première inscription", "Antrag auf erste Registrierung", "Application for a first registration" }
    application_lead { "Vul in wat u nu weet. Bewaar het, en ga verder wanneer u wilt: na het inloggen staat alles er nog.", "Indiquez ce que vous savez déjà. Enregistrez, et continuez quand vous voulez : tout sera encore là après la connexion.", "Tragen Sie ein, was Sie schon wissen. Speichern Sie es, und machen Sie weiter, wann Sie wollen: Nach dem Anmelden ist alles noch da.", "Fill in what you know now. Keep it, and go on when you like: after logging in everything is still there." }
    application_begin { "Eerste registratie aanvragen", "Demander une première inscription", "Erste Registrierung beantragen", "Apply for a first registration" }
    application_resume { "Verder met uw aanvraag", "Continuer votre demande", "Ihren Antrag fortsetzen", "Go on with your application" }
    application_incomplete { "Vul uw werkgever in en minstens 16 uur, en onderschrijf de beroepscode", "Indiquez votre employeur et au moins 16 heures, et souscrivez au code professionnel", "Tragen Sie Ihren Arbeitgeber und mindestens 16 Stunden ein, und stimmen Sie dem Berufskodex zu", "Fill in your employer and at least 16 hours, and subscribe to the professional code" }
    application_submit { "Indienen", "Introduire", "Einreichen", "Submit" }
    draft_keep { "Bewaren en later verder", "Enregistrer et continuer plus tard", "Speichern und später fortsetzen", "Keep and go on later" }
    draft_kept { "Bewaard op", "Enregistré le", "Gespeichert am", "Kept on" }
    employer { "Gemeente, regio of RBL waar u werkt", "Commune ou région où vous travaillez", "Gemeinde oder Region, in der Sie arbeiten", "Municipality or region where you work" }
    hours { "Uren per week in deze functie", "Heures par semaine dans cette fonction", "Stunden pro Woche in dieser Funktion", "Hours a week in this function" }
    hours_hint { "Minstens 16", "Au moins 16", "Mindestens 16", "At least 16" }
    professional_code { "Ik onderschrijf de beroepscode en het competentieprofiel.", "Je souscris au code professionnel et au profil de compétences.", "Ich stimme dem Berufskodex und dem Kompetenzprofil zu.", "I subscribe to the professional code and the profile of competences." }
    progress_only { "Meer dan dit is niet te zien: de inhoud van het dossier is van de professional.", "Rien de plus n’est visible : le contenu du dossier appartient au professionnel.", "Mehr ist nicht zu sehen: Der Inhalt der Akte gehört der Fachkraft.", "There is no more to see than this: what is in the file is the professional’s." }
}

words_of_two! {
    portfolio_of { "Portfolio van", "Portfolio of" }
    own_portfolio { "Mijn portfolio", "My portfolio" }
    no_portfolio { "Als burger hebt u hier geen portfolio. Bent u psychiater of gespreksleider? Kies dan dat profiel.", "As a citizen you have no portfolio here. Are you a psychiatrist or an appraiser? Choose that profile." }
    portfolio_lead { "Vertrouwelijk, en eigendom van de psychiater.", "Confidential, and the psychiatrist’s own." }
    self_evaluation { "Zelfevaluatie", "Self-evaluation" }
    self_evaluation_text { "Het multidisciplinair overleg loopt; verslagen schrijf ik te laat.", "The team meetings go well; I write reports too late." }
    feedback { "360°-feedback", "360-degree feedback" }
    feedback_text { "Acht collega’s, gemiddeld 4,1 van 5.", "Eight colleagues, 4.1 of 5 on average." }
    development_plan { "Persoonlijk ontwikkelplan", "Personal development plan" }
    development_plan_text { "Cursus dossiervoering, voor de zomer.", "A course in keeping records, before summer." }
    completed { "Wie heeft het traject afgerond?", "Who has completed the cycle?" }
    completed_lead { "Alleen de namen: wat er in een portfolio staat, gaat naar niemand zonder toestemming.", "Names alone: what is in a portfolio goes to nobody without consent." }
}
