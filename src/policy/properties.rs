//! What must hold of the policies' reader, whatever a file says.

use super::{
    admission::admit,
    source::{Source, shipped},
};

/// A file of rules beside the shipped ones is admitted or refused, and whatever is wrong has a place in it.
pub fn rules(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut sources: Vec<Source> =
        shipped().into_iter().filter(|source| matches!(&*source.name, "operations.txt" | "gateway.polar")).collect();
    sources.push(Source::new("own.polar", text));
    match admit(&sources) {
        Ok(admitted) => {
            for (file, line) in admitted.rules.values() {
                assert!(file == "own.polar" && (1..=text.lines().count()).contains(line), "{file}:{line}");
            }
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                let own = problem.file == "own.polar";
                assert!(!own || problem.line <= text.lines().count() + 1, "{problem}");
                assert!(!problem.message.is_empty());
            }
        }
    }
}
