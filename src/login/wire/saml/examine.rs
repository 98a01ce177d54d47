//! What an operator should know of a provider before people do: what the files hold, whether the resolver lets us in, and how far the
//! clocks are apart.

use http::header::DATE;

use super::files;
use crate::{
    base::Timestamp,
    domain::upstream::SamlProvider,
    login::wire::{http::Failed, unusable::Unusable},
};

/// What was seen.
pub struct Examined {
    /// The certificates, by what they are for, with the whole days that they are good for.
    pub days: Vec<(&'static str, u64)>,
    /// What the provider must know of us: the certificate that signs, by the beginning of its SHA-256.
    pub signing: String,
    /// The same of the one that is shown.
    pub tls: String,
    /// Where artifacts are resolved, when answers come so.
    pub resolver: Option<String>,
    /// By how many seconds our clock is ahead of the resolver's, when it says what time it is; or why it could not be asked.
    pub clock: Result<Option<i64>, String>,
}

/// Reads every file, and asks the resolver for nothing, to see whether it answers us.
///
/// # Errors
/// When a file cannot be used.
pub async fn examine(settings: &SamlProvider, now: Timestamp) -> Result<Examined, Unusable> {
    let loaded = files::load(settings, now)?;
    let asked =
        loaded.resolver.as_ref().map(|(url, client)| (http::Request::get(url.as_str()).body(Vec::new()), client));
    let clock = match asked {
        None => Ok(None),
        Some((Err(error), _)) => Err(error.to_string()),
        Some((Ok(request), client)) => match client.send(request).await {
            // Any answer will do: it was asked by who showed the certificate.
            Ok(answer) => Ok(answer.headers().get(DATE).and_then(|date| ahead(date.to_str().ok()?, now))),
            Err(Failed::ServerError(_)) => Ok(None),
            Err(error) => Err(error.to_string()),
        },
    };
    let resolver = loaded.resolver.as_ref().map(|(url, _)| url.to_string());
    let (signing, tls) = loaded.fingerprints();
    Ok(Examined { days: loaded.days_left(now), signing, tls, resolver, clock })
}

/// By how many seconds `now` is later than a date of HTTP (RFC 9110 section 5.6.7).
fn ahead(date: &str, now: Timestamp) -> Option<i64> {
    let there = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date.replace("GMT", "+0000")).ok()?;
    Some(now.seconds() - there.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_http_is_compared_with_ours() {
        let now = Timestamp::from_millis(1_795_348_800_000);
        assert_eq!(ahead("Sun, 22 Nov 2026 12:00:00 GMT", now), Some(0));
        assert_eq!(ahead("Sun, 22 Nov 2026 11:58:30 GMT", now), Some(90));
        assert_eq!(ahead("yesterday", now), None);
    }
}
