//! "Did you mean": the known word that is nearest to a mistyped one.

/// The nearest of `known`, when it is near enough to be meant: about one slip in three characters, or the word with more
/// before or behind it.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    let word = plain(word);
    known
        .into_iter()
        .map(|candidate| (distance(&word, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn distance(word: &str, candidate: &str) -> usize {
    let part_of = word.len() >= 4 && candidate.len() >= 4 && (word.contains(candidate) || candidate.contains(word));
    if part_of && word != candidate { 1 } else { strsim::damerau_levenshtein(word, candidate) }
}

/// `a`, `b` or `c`, each in backticks.
pub(super) fn any_of<'k>(words: impl IntoIterator<Item = &'k str>) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match (words.pop(), words.is_empty()) {
        (None, _) => String::new(),
        (Some(only), true) => only,
        (Some(last), false) => format!("{} or {last}", words.join(", ")),
    }
}

/// `a`, `b`, `c`, each in backticks.
pub(super) fn listed<'k>(words: impl IntoIterator<Item = &'k str>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_foreign_word_is_not() {
        let known = ["listen", "management_listen", "trusted_proxies", "host"];
        assert_eq!(nearest("lisen", known), Some("listen"));
        assert_eq!(nearest("hots", known), Some("host"));
        assert_eq!(nearest("trusted-proxies", known), Some("trusted_proxies"));
        assert_eq!(nearest("proxies", known), Some("trusted_proxies"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(any_of(["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
