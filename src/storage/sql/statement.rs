//! A statement is bound to the tenant, or it does not compile.
//!
//! `$1` is always the tenant and is bound by the transaction. On PostgreSQL row-level security says the same once more;
//! on SQLite this is what keeps tenants apart, so every table that a statement names needs its tenant predicate.

/// One SQL text for both databases, in which every table is bound to the tenant.
#[derive(Clone, Copy, Debug)]
pub struct Statement(&'static str);

impl Statement {
    /// A statement whose every table is bound to the tenant `$1`. Used in constants, so a text that forgets the tenant
    /// is an error of the compiler.
    ///
    /// # Panics
    /// When a table has no tenant predicate.
    #[must_use]
    pub const fn new(sql: &'static str) -> Self {
        let tables = count(sql, "FROM ") + count(sql, "JOIN ") + count(sql, "INTO ") + count(sql, "UPDATE ")
            - count(sql, "DO UPDATE ")
            - count(sql, "FROM (");
        let bound = count(sql, "tenant = $1") + count(sql, "(tenant, ") + count(sql, "(tenant) ");
        assert!(bound >= tables && tables > 0, "every table of a statement needs its `tenant = $1`");
        Self(sql)
    }

    /// The text.
    #[must_use]
    pub const fn sql(self) -> &'static str {
        self.0
    }
}

const fn count(text: &str, part: &str) -> usize {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let mut found = 0;
    let mut i = 0;
    while i + part.len() <= text.len() {
        let mut j = 0;
        while j < part.len() && text[i + j] == part[j] {
            j += 1;
        }
        if j == part.len() {
            found += 1;
        }
        i += 1;
    }
    found
}

/// Declares the statements of a file, and the list by which a test prepares each of them on both databases.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* const $name: $crate::storage::sql::statement::Statement =
            $crate::storage::sql::statement::Statement::new($sql);)+
        /// Every statement of this file.
        pub const ALL: &[(&str, $crate::storage::sql::statement::Statement)] = &[$((stringify!($name), $name)),+];
    };
}
pub(super) use statements;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_statement_is_one() {
        let _bound = Statement::new("SELECT a FROM t WHERE tenant = $1 AND id = $2");
        let _bound =
            Statement::new("INSERT INTO t (tenant, id) VALUES ($1, $2) ON CONFLICT (tenant, id) DO UPDATE SET a = 1");
        let _bound = Statement::new("SELECT a FROM t JOIN u ON u.tenant = $1 AND u.id = t.id WHERE t.tenant = $1");
    }

    #[test]
    fn a_statement_that_forgets_the_tenant_is_refused() {
        for sql in [
            "SELECT a FROM t WHERE id = $2",
            "UPDATE t SET a = $2 WHERE id = $3",
            "DELETE FROM t",
            "INSERT INTO t (id) VALUES ($2)",
            "SELECT a FROM t JOIN u ON u.id = t.id WHERE t.tenant = $1",
            "SELECT 1",
        ] {
            assert!(std::panic::catch_unwind(|| Statement::new(sql)).is_err(), "{sql}");
        }
    }
}
