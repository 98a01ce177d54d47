//! Poort's cookies: one form everywhere. `__Host-` keeps them on one host (draft-ietf-httpbis-rfc6265bis section 4.1.3.2).

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header::COOKIE};

use crate::base::token::Token;

/// The session of this host.
pub const SESSION: &str = "__Host-poort-session";
/// What binds an attempt to the browser that began it, and the forms to their pages.
pub const BROWSER: &str = "__Host-poort-browser";
/// The language that was chosen.
pub const LANGUAGE: &str = "__Host-poort-language";

/// How long a browser is known by its cookie: as long as an attempt may last, and then some.
pub const BROWSER_LIFE: Duration = Duration::from_secs(24 * 3600);
/// How long a language is remembered.
pub const LANGUAGE_LIFE: Duration = Duration::from_secs(365 * 24 * 3600);

/// The value of a cookie. One that comes twice is none: nobody knows which is meant (cookie tossing).
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = None;
    for header in headers.get_all(COOKIE) {
        for pair in header.to_str().ok()?.split(';') {
            if let Some((key, value)) = pair.trim().split_once('=')
                && key == name
                && found.replace(value).is_some()
            {
                return None;
            }
        }
    }
    found
}

/// The token in a cookie, when it is one in its one form.
#[must_use]
pub fn token(headers: &HeaderMap, name: &str) -> Option<Token> {
    read(headers, name).and_then(Token::parse)
}

/// `Set-Cookie` for a value without blanks, semicolons or commas; without `life` until the browser closes.
#[must_use]
pub fn set(name: &str, value: &str, life: Option<Duration>) -> HeaderValue {
    let age = life.map_or_else(String::new, |life| format!("; Max-Age={}", life.as_secs()));
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}");
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// `Set-Cookie` that takes a cookie away.
#[must_use]
pub fn clear(name: &str) -> HeaderValue {
    set(name, "", Some(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&'static str]) -> HeaderMap {
        cookies.iter().map(|cookie| (COOKIE, HeaderValue::from_static(cookie))).collect()
    }

    #[test]
    fn a_cookie_is_read_once_or_not_at_all() {
        assert_eq!(read(&headers(&["a=1; __Host-poort-session=x; b=2"]), SESSION), Some("x"));
        assert_eq!(read(&headers(&["__Host-poort-session=x; __Host-poort-session=y"]), SESSION), None);
        assert_eq!(read(&headers(&["__Host-poort-session=x", "__Host-poort-session=x"]), SESSION), None);
        assert_eq!(read(&headers(&["__host-poort-session=x; poort-session=y"]), SESSION), None);
        assert_eq!(read(&headers(&[]), SESSION), None);
    }

    #[test]
    fn a_cookie_has_one_form() {
        assert_eq!(set(SESSION, "x", None), "__Host-poort-session=x; Path=/; Secure; HttpOnly; SameSite=Lax");
        assert_eq!(clear(LANGUAGE), "__Host-poort-language=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    }
}
