//! Texts for people: one in each of the tenant's languages, no more and no less.

use super::{kind::text, near::listed, table::Table, wrong::Wrong};
use crate::{base::Language, domain::tenant::Texts};

/// The section `key` of `table`, which must be there.
pub(super) fn required(table: &mut Table<'_>, key: &'static str, languages: Option<&[Language]>) -> Option<Texts> {
    let lines: Vec<String> =
        languages.unwrap_or_default().iter().map(|language| format!("{} = \"…\"", language.code())).collect();
    let example = format!("[{}] with {}", table.path_of(key), lines.join(", "));
    let section = table.required_section(key, &example)?;
    read(section, languages)
}

/// The texts of a section. `languages` are the tenant's, when they could be read.
pub(super) fn read(section: Table<'_>, languages: Option<&[Language]>) -> Option<Texts> {
    let mut texts = Vec::new();
    let mut seen = Vec::new();
    for (code, place, value) in section.in_order() {
        match Language::ALL.into_iter().find(|language| language.code() == code) {
            Some(language) if languages.is_none_or(|languages| languages.contains(&language)) => {
                seen.push(language);
                match text(value.get_ref()) {
                    Ok(text) => texts.push((language, text)),
                    Err(Wrong { what, .. }) => section.wrong(&code, what, format!("{code} = \"…\"")),
                }
            }
            Some(_) => section.wrong_at(
                &place,
                "this is not one of the tenant's languages",
                format!("remove it, or add \"{code}\" to `languages`"),
            ),
            None => {
                let codes = listed(languages.unwrap_or(&Language::ALL).iter().map(|language| language.code()));
                section.wrong_at(&place, "no such language", format!("one of {codes}"));
            }
        }
    }
    let languages = languages?;
    let missing: Vec<&str> =
        languages.iter().filter(|language| !seen.contains(language)).map(|language| language.code()).collect();
    if !missing.is_empty() {
        let lines: Vec<String> = missing.iter().map(|code| format!("{code} = \"…\"")).collect();
        let what = format!("the text is missing in {}, in which the pages are shown too", listed(missing));
        section.wrong_at(&section.place(), what, lines.join("\n"));
    }
    (texts.len() == languages.len()).then(|| Texts::new(texts))
}
