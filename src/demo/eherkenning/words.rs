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
        title: "Voor wie logt u in?", "Pour qui vous connectez-vous ?", "Für wen melden Sie sich an?", "For whom do you log in?";
        not_eherkenning: "Dit is niet eHerkenning", "Ceci n'est pas eHerkenning", "Das ist nicht eHerkenning", "This is not eHerkenning";
        sample: "Alleen in de demo: in het echt logt u in bij de aanbieder van de eHerkenning van uw werk.",
            "Uniquement dans la démo : en réalité, vous vous connectez auprès du fournisseur de l'eHerkenning de votre travail.",
            "Nur in der Demo: In Wirklichkeit melden Sie sich beim Anbieter der eHerkenning Ihrer Arbeit an.",
            "Only in the demo: in earnest you log in at the provider of the eHerkenning of your work.";
        skip: "Naar de inhoud", "Vers le contenu", "Zum Inhalt", "Skip to content";
        who: "Wie bent u, en voor welke organisatie?", "Qui êtes-vous, et pour quelle organisation ?", "Wer sind Sie, und für welche Organisation?", "Who are you, and for which organization?";
        between: "voor", "pour", "für", "for";
        unknown: "het register kent deze organisatie niet", "le registre ne connaît pas cette organisation", "das Register kennt diese Organisation nicht", "the register does not know this organization";
        branch: "alleen voor één vestiging", "pour un seul établissement", "nur für eine Niederlassung", "for one branch only";
        chain: "via een administratiekantoor", "par un bureau intermédiaire", "über ein Büro als Vermittler", "through an intermediary";
        how: "Hoe logt u in?", "Comment vous connectez-vous ?", "Wie melden Sie sich an?", "How do you log in?";
        asked: "is het niveau van deze dienst", "est le niveau de ce service", "ist das Niveau dieses Dienstes", "is the level of this service";
        failure: "Wat gaat er mis?", "Qu'est-ce qui échoue ?", "Was geht schief?", "What goes wrong?";
        nothing: "Niets", "Rien", "Nichts", "Nothing";
        malformed: "Het antwoord is onleesbaar", "La réponse est illisible", "Die Antwort ist unlesbar", "The answer cannot be read";
        wrong_key: "De handtekening is van een ander", "La signature est celle d'un autre", "Die Unterschrift ist von jemand anderem", "The signature is somebody else's";
        wrong_recipient: "De nummers zijn voor een ander versleuteld", "Les numéros sont chiffrés pour un autre", "Die Nummern sind für jemand anderen verschlüsselt", "The numbers are encrypted for somebody else";
        expired: "Het antwoord is verlopen", "La réponse a expiré", "Die Antwort ist abgelaufen", "The answer has expired";
        confirm: "Inloggen", "Se connecter", "Anmelden", "Log in";
        cancel: "Annuleren", "Annuler", "Abbrechen", "Cancel";
        back: "U gaat terug", "Vous retournez", "Sie gehen zurück", "You go back";
        go_on: "Verder", "Continuer", "Weiter", "Go on";
    }
}
