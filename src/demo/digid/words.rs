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
        title: "Laat zien wie u bent", "Montrez qui vous êtes", "Zeigen Sie, wer Sie sind", "Show who you are";
        not_digid: "Dit is niet DigiD", "Ceci n'est pas DigiD", "Das ist nicht DigiD", "This is not DigiD";
        sample: "Alleen in de demo: in het echt logt u in op de website van DigiD, bijvoorbeeld met de DigiD-app.",
            "Uniquement dans la démo : en réalité, vous vous connectez sur le site de DigiD, par exemple avec l'application DigiD.",
            "Nur in der Demo: In Wirklichkeit melden Sie sich auf der Website von DigiD an, zum Beispiel mit der DigiD-App.",
            "Only in the demo: in earnest you log in on the website of DigiD, for example with the DigiD app.";
        skip: "Naar de inhoud", "Vers le contenu", "Zum Inhalt", "Skip to content";
        who: "Wie bent u?", "Qui êtes-vous ?", "Wer sind Sie?", "Who are you?";
        unknown: "niemand kent deze persoon", "personne ne connaît cette personne", "niemand kennt diese Person", "nobody knows this person";
        abroad: "zonder BSN", "sans BSN", "ohne BSN", "without a BSN";
        how: "Hoe logt u in?", "Comment vous connectez-vous ?", "Wie melden Sie sich an?", "How do you log in?";
        asked: "wordt ten minste gevraagd", "est demandé au moins", "wird mindestens verlangt", "is asked at least";
        failure: "Wat gaat er mis?", "Qu'est-ce qui échoue ?", "Was geht schief?", "What goes wrong?";
        nothing: "Niets", "Rien", "Nichts", "Nothing";
        slow: "DigiD antwoordt niet op tijd", "DigiD ne répond pas à temps", "DigiD antwortet nicht rechtzeitig", "DigiD does not answer in time";
        malformed: "DigiD antwoordt onleesbaar", "DigiD donne une réponse illisible", "DigiD antwortet unlesbar", "DigiD answers what cannot be read";
        wrong_key: "De handtekening is van een ander", "La signature est celle d'un autre", "Die Unterschrift ist von jemand anderem", "The signature is somebody else's";
        expired: "Het antwoord is verlopen", "La réponse a expiré", "Die Antwort ist abgelaufen", "The answer has expired";
        confirm: "Inloggen", "Se connecter", "Anmelden", "Log in";
        cancel: "Annuleren", "Annuler", "Abbrechen", "Cancel";
        back: "U gaat terug", "Vous retournez", "Sie gehen zurück", "You go back";
        go_on: "Verder", "Continuer", "Weiter", "Go on";
    }
}
