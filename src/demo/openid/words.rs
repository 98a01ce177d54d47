//! What the pages of these two say beside the rest, in four languages.

use super::face::Face;
use crate::{
    base::Language,
    demo::stand_in::{self, say},
};

/// The words of a language, about a provider.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub language: Language,
    pub name: &'static str,
    pub face: Face,
}

impl Words {
    /// What every stand-in says.
    pub(super) const fn shared(self) -> stand_in::Words {
        stand_in::Words { language: self.language, name: self.name }
    }

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
        sample_of_itsme: "Alleen in de demo: in het echt bevestigt u dit in de itsme-app op uw telefoon.",
            "Uniquement dans la démo : en réalité, vous confirmez dans l'application itsme sur votre téléphone.",
            "Nur in der Demo: In Wirklichkeit bestätigen Sie dies in der itsme-App auf Ihrem Telefon.",
            "Only in the demo: in earnest you confirm this in the itsme app on your phone.";
        sample_of_fas: "Alleen in de demo: in het echt kiest u hier een sleutel van de federale overheid.",
            "Uniquement dans la démo : en réalité, vous choisissez ici une clé de l'administration fédérale.",
            "Nur in der Demo: In Wirklichkeit wählen Sie hier einen Schlüssel der föderalen Behörden.",
            "Only in the demo: in earnest you choose a key of the federal government here.";
        abroad: "zonder rijksregisternummer", "sans numéro de registre national", "ohne Nationalregisternummer", "without a national register number";
        how: "Hoe bevestigt u?", "Comment confirmez-vous ?", "Wie bestätigen Sie?", "How do you confirm?";
        basic: "Vingerafdruk of gezicht", "Empreinte digitale ou visage", "Fingerabdruck oder Gesicht", "Fingerprint or face";
        advanced: "itsme-code", "Code itsme", "itsme-Code", "itsme code";
        password: "Gebruikersnaam en wachtwoord", "Nom d'utilisateur et mot de passe", "Benutzername und Passwort", "User name and password";
        app: "Code van een app", "Code d'une application", "Code einer App", "Code of an app";
        eid: "eID-kaart", "Carte eID", "eID-Karte", "eID card";
        asked: "wordt gevraagd", "est demandé", "wird verlangt", "is asked";
        confirm: "Bevestigen", "Confirmer", "Bestätigen", "Confirm";
        cancel: "Weigeren", "Refuser", "Ablehnen", "Refuse";
    }
}
