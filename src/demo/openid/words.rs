//! What the page says, in four languages.

use super::face::Face;
use crate::base::Language;

/// The words of a language, about a provider.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub language: Language,
    pub face: Face,
}

/// One text in four languages: nl, fr, de, en; `{it}` is the provider's name.
macro_rules! say {
    ($($name:ident: $nl:literal, $fr:literal, $de:literal, $en:literal;)+) => {$(
        pub(super) fn $name(self) -> String {
            let text = match self.language {
                Language::Nl => $nl,
                Language::Fr => $fr,
                Language::De => $de,
                Language::En => $en,
            };
            text.replace("{it}", self.face.name())
        }
    )+};
}

impl Words {
    /// Where this would happen in earnest.
    pub(super) fn sample(self) -> String {
        match self.face {
            Face::Itsme => self.sample_of_itsme(),
            Face::Fas => self.sample_of_fas(),
        }
    }

    /// What one logs in with at a level.
    pub(super) fn level(self, key: &str) -> String {
        match key {
            "basic" => self.basic(),
            "advanced" => self.advanced(),
            "password" => self.password(),
            "app" => self.app(),
            "itsme" => "itsme".to_owned(),
            _ => self.eid(),
        }
    }

    say! {
        title: "Bevestig wie u bent", "Confirmez qui vous êtes", "Bestätigen Sie, wer Sie sind", "Confirm who you are";
        not_it: "Dit is niet {it}", "Ceci n'est pas {it}", "Das ist nicht {it}", "This is not {it}";
        sample_of_itsme: "Alleen in de demo: in het echt bevestigt u dit in de itsme-app op uw telefoon.",
            "Uniquement dans la démo : en réalité, vous confirmez dans l'application itsme sur votre téléphone.",
            "Nur in der Demo: In Wirklichkeit bestätigen Sie dies in der itsme-App auf Ihrem Telefon.",
            "Only in the demo: in earnest you confirm this in the itsme app on your phone.";
        sample_of_fas: "Alleen in de demo: in het echt kiest u hier een sleutel van de federale overheid.",
            "Uniquement dans la démo : en réalité, vous choisissez ici une clé de l'administration fédérale.",
            "Nur in der Demo: In Wirklichkeit wählen Sie hier einen Schlüssel der föderalen Behörden.",
            "Only in the demo: in earnest you choose a key of the federal government here.";
        skip: "Naar de inhoud", "Vers le contenu", "Zum Inhalt", "Skip to content";
        who: "Wie bent u?", "Qui êtes-vous ?", "Wer sind Sie?", "Who are you?";
        unknown: "niemand kent deze persoon", "personne ne connaît cette personne", "niemand kennt diese Person", "nobody knows this person";
        abroad: "zonder rijksregisternummer", "sans numéro de registre national", "ohne Nationalregisternummer", "without a national register number";
        how: "Hoe bevestigt u?", "Comment confirmez-vous ?", "Wie bestätigen Sie?", "How do you confirm?";
        basic: "Vingerafdruk of gezicht", "Empreinte digitale ou visage", "Fingerabdruck oder Gesicht", "Fingerprint or face";
        advanced: "itsme-code", "Code itsme", "itsme-Code", "itsme code";
        password: "Gebruikersnaam en wachtwoord", "Nom d'utilisateur et mot de passe", "Benutzername und Passwort", "User name and password";
        app: "Code van een app", "Code d'une application", "Code einer App", "Code of an app";
        eid: "eID-kaart", "Carte eID", "eID-Karte", "eID card";
        asked: "wordt gevraagd", "est demandé", "wird verlangt", "is asked";
        failure: "Wat gaat er mis?", "Qu'est-ce qui échoue ?", "Was geht schief?", "What goes wrong?";
        nothing: "Niets", "Rien", "Nichts", "Nothing";
        slow: "{it} antwoordt niet op tijd", "{it} ne répond pas à temps", "{it} antwortet nicht rechtzeitig", "{it} does not answer in time";
        malformed: "{it} antwoordt onleesbaar", "{it} donne une réponse illisible", "{it} antwortet unlesbar", "{it} answers what cannot be read";
        wrong_key: "De handtekening is van een ander", "La signature est celle d'un autre", "Die Unterschrift ist von jemand anderem", "The signature is somebody else's";
        expired: "Het antwoord is verlopen", "La réponse a expiré", "Die Antwort ist abgelaufen", "The answer has expired";
        confirm: "Bevestigen", "Confirmer", "Bestätigen", "Confirm";
        cancel: "Weigeren", "Refuser", "Ablehnen", "Refuse";
        back: "U gaat terug", "Vous retournez", "Sie gehen zurück", "You go back";
        go_on: "Verder", "Continuer", "Weiter", "Go on";
    }
}
