//! What the page says, in four languages.

use crate::base::Language;

/// The words of a language.
#[derive(Clone, Copy)]
pub(super) struct Words(pub(super) Language);

/// One text in four languages: nl, fr, de, en.
macro_rules! say {
    ($($name:ident: $nl:literal, $fr:literal, $de:literal, $en:literal;)+) => {$(
        pub(super) const fn $name(self) -> &'static str {
            match self.0 {
                Language::Nl => $nl,
                Language::Fr => $fr,
                Language::De => $de,
                Language::En => $en,
            }
        }
    )+};
}

impl Words {
    pub(super) const fn language(self) -> Language {
        self.0
    }

    say! {
        title: "Bevestig wie u bent", "Confirmez qui vous êtes", "Bestätigen Sie, wer Sie sind", "Confirm who you are";
        not_itsme: "Dit is niet itsme", "Ceci n'est pas itsme", "Das ist nicht itsme", "This is not itsme";
        sample: "Alleen in de demo: in het echt bevestigt u dit in de itsme-app op uw telefoon.",
            "Uniquement dans la démo : en réalité, vous confirmez dans l'application itsme sur votre téléphone.",
            "Nur in der Demo: In Wirklichkeit bestätigen Sie dies in der itsme-App auf Ihrem Telefon.",
            "Only in the demo: in earnest you confirm this in the itsme app on your phone.";
        skip: "Naar de inhoud", "Vers le contenu", "Zum Inhalt", "Skip to content";
        who: "Wie bent u?", "Qui êtes-vous ?", "Wer sind Sie?", "Who are you?";
        unknown: "niemand kent deze persoon", "personne ne connaît cette personne", "niemand kennt diese Person", "nobody knows this person";
        abroad: "zonder rijksregisternummer", "sans numéro de registre national", "ohne Nationalregisternummer", "without a national register number";
        how: "Hoe bevestigt u?", "Comment confirmez-vous ?", "Wie bestätigen Sie?", "How do you confirm?";
        basic: "Vingerafdruk of gezicht", "Empreinte digitale ou visage", "Fingerabdruck oder Gesicht", "Fingerprint or face";
        advanced: "itsme-code", "Code itsme", "itsme-Code", "itsme code";
        asked: "wordt gevraagd", "est demandé", "wird verlangt", "is asked";
        failure: "Wat gaat er mis?", "Qu'est-ce qui échoue ?", "Was geht schief?", "What goes wrong?";
        nothing: "Niets", "Rien", "Nichts", "Nothing";
        slow: "itsme antwoordt niet op tijd", "itsme ne répond pas à temps", "itsme antwortet nicht rechtzeitig", "itsme does not answer in time";
        malformed: "itsme antwoordt onleesbaar", "itsme donne une réponse illisible", "itsme antwortet unlesbar", "itsme answers what cannot be read";
        wrong_key: "De handtekening is van een ander", "La signature est celle d'un autre", "Die Unterschrift ist von jemand anderem", "The signature is somebody else's";
        expired: "Het antwoord is verlopen", "La réponse a expiré", "Die Antwort ist abgelaufen", "The answer has expired";
        confirm: "Bevestigen", "Confirmer", "Bestätigen", "Confirm";
        cancel: "Weigeren", "Refuser", "Ablehnen", "Refuse";
        back: "U gaat terug", "Vous retournez", "Sie gehen zurück", "You go back";
        go_on: "Verder", "Continuer", "Weiter", "Go on";
    }
}
