//! `[terms]`: how long things last. What is absent has the default of [`Terms`].

use std::time::Duration;

use super::{
    kind::{duration, number, written},
    table::Table,
};
use crate::domain::tenant::Terms;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

pub(super) fn read(mut table: Table<'_>) -> Terms {
    let default = Terms::default();
    let mut lasting = |key, default, least, most| {
        table.optional(key, &format!("\"{}\"", written(default)), duration(least, most)).unwrap_or(default)
    };
    let second = Duration::from_secs(1);
    let terms = Terms {
        session_idle: lasting("session_idle", default.session_idle, MINUTE, DAY),
        session_absolute: lasting("session_absolute", default.session_absolute, MINUTE, 7 * DAY),
        login_attempt: lasting("login_attempt", default.login_attempt, MINUTE, 2 * HOUR),
        email_code: lasting("email_code", default.email_code, MINUTE, HOUR),
        email_code_resend: lasting("email_code_resend", default.email_code_resend, 10 * second, HOUR),
        reset_link: lasting("reset_link", default.reset_link, MINUTE, DAY),
        welcome_link: lasting("welcome_link", default.welcome_link, HOUR, 14 * DAY),
        tries_window: lasting("tries_window", default.tries_window, MINUTE, DAY),
        // RFC 6749 section 4.1.2: ten minutes at most.
        authorization_code: lasting("authorization_code", default.authorization_code, 10 * second, 10 * MINUTE),
        access_token: lasting("access_token", default.access_token, MINUTE, HOUR),
        refresh_token: lasting("refresh_token", default.refresh_token, MINUTE, 90 * DAY),
        tries: default.tries,
    };
    let tries = table.optional("tries", "5", number(3, 20)).unwrap_or(default.tries);
    if table.has("session_idle") && terms.session_idle > terms.session_absolute {
        table.wrong(
            "session_idle",
            format!(
                "a session ends after {} however much it is used, so never by lying idle this long",
                written(terms.session_absolute)
            ),
            "session_idle shorter than session_absolute",
        );
    }
    if table.has("email_code_resend") && terms.email_code_resend > terms.email_code {
        table.wrong(
            "email_code_resend",
            format!(
                "a code is dead after {}, and the next could only be asked later than that",
                written(terms.email_code)
            ),
            "email_code_resend shorter than email_code",
        );
    }
    table.finish();
    Terms { tries, ..terms }
}
