//! How many rows a table has, and their sum.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::base::token::TokenDigest;

/// The rows of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// How many.
    pub rows: u64,
    /// The digests of all of them, added up in four lanes.
    sum: [u64; 4],
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.sum;
        write!(f, "{} rows, {a:016x}{b:016x}{c:016x}{d:016x}", self.rows)
    }
}

/// Those of every table that has any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums(pub BTreeMap<String, Sum>);

impl Sums {
    /// Adds a row, as its line is.
    pub(super) fn add(&mut self, table: &str, columns: &[String], line: &str) {
        let digest = TokenDigest::of(format!("{table}\n{}\n{line}", columns.join(",")).as_bytes());
        if !self.0.contains_key(table) {
            self.0.insert(table.to_owned(), Sum::default());
        }
        let Some(sum) = self.0.get_mut(table) else { return };
        sum.rows += 1;
        for (lane, bytes) in sum.sum.iter_mut().zip(digest.bytes().chunks_exact(8)) {
            let number = bytes.try_into().map_or(0, u64::from_be_bytes);
            *lane = lane.wrapping_add(number);
        }
    }

    /// The first table whose rows differ.
    #[must_use]
    pub fn differs(&self, other: &Sums) -> Option<String> {
        let tables = self.0.keys().chain(other.0.keys());
        tables.into_iter().find(|table| self.0.get(*table) != other.0.get(*table)).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_knows_no_order_and_notices_everything_else() {
        let columns = ["a".to_owned(), "b".to_owned()];
        let of = |lines: &[(&str, &str)]| {
            let mut sums = Sums::default();
            lines.iter().for_each(|(table, line)| sums.add(table, &columns, line));
            sums
        };
        let one = of(&[("person", "[1]"), ("person", "[2]"), ("role", "[1]")]);
        assert_eq!(one.differs(&of(&[("role", "[1]"), ("person", "[2]"), ("person", "[1]")])), None);
        for other in [
            of(&[("person", "[1]"), ("person", "[2]")]),
            of(&[("person", "[1]"), ("person", "[3]"), ("role", "[1]")]),
            of(&[("person", "[1]"), ("person", "[1]"), ("role", "[1]")]),
            of(&[("person", "[1]"), ("person", "[2]"), ("role", "[1]"), ("tie", "[1]")]),
        ] {
            assert!(one.differs(&other).is_some(), "{other:?}");
        }
    }
}
