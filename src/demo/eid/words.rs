//! What the stand-in says on the login page, in four languages.

use serde_json::{Value, json};

use crate::base::Language;

/// The words of a language, for the script.
pub(super) fn of(language: Language) -> Value {
    let say = |nl: &'static str, fr: &'static str, de: &'static str, en: &'static str| match language {
        Language::Nl => nl,
        Language::Fr => fr,
        Language::De => de,
        Language::En => en,
    };
    json!({
        "title": say("Dit is geen kaartlezer", "Ceci n'est pas un lecteur de carte", "Das ist kein Kartenleser", "This is no card reader"),
        "sample": say(
            "Alleen in de demo: in het echt steekt u uw kaart in de lezer en typt u uw pincode in het venster van Web eID.",
            "Uniquement dans la démo : en réalité, vous insérez votre carte et tapez votre code PIN dans la fenêtre de Web eID.",
            "Nur in der Demo: In Wirklichkeit stecken Sie Ihre Karte in den Leser und tippen Ihre PIN im Fenster von Web eID ein.",
            "Only in the demo: in earnest you put your card in the reader and type your PIN in the window of Web eID.",
        ),
        "person": say("Wiens kaart", "La carte de qui", "Wessen Karte", "Whose card"),
        "card": say("Wat er gebeurt", "Ce qui se passe", "Was geschieht", "What happens"),
        "good": say("Pincode juist, kaart geldig", "Code PIN correct, carte valable", "PIN richtig, Karte gültig", "PIN right, card in force"),
        "no-card": say("Geen kaart in de lezer", "Pas de carte dans le lecteur", "Keine Karte im Leser", "No card in the reader"),
        "pin": say("Drie keer een verkeerde pincode", "Trois fois un code PIN erroné", "Dreimal eine falsche PIN", "Three times a wrong PIN"),
        "late": say("Te lang gewacht", "Attendu trop longtemps", "Zu lange gewartet", "Waited too long"),
        "old": say("Web eID is te oud", "Web eID est trop ancien", "Web eID ist zu alt", "Web eID is too old"),
        "revoked": say("Kaart ingetrokken", "Carte révoquée", "Karte widerrufen", "Card revoked"),
        "expired": say("Kaart verlopen", "Carte expirée", "Karte abgelaufen", "Card expired"),
        "unanswered": say("Niemand zegt of de kaart ingetrokken is", "Personne ne dit si la carte est révoquée", "Niemand sagt, ob die Karte widerrufen ist", "Nobody says whether the card is revoked"),
        "confirm": say("Bevestigen", "Confirmer", "Bestätigen", "Confirm"),
        "cancel": say("Annuleren", "Annuler", "Abbrechen", "Cancel"),
    })
}
