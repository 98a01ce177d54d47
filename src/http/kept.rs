//! Forms that wait for who has to log in again (LOGIN-9): which may be kept, and what is shown of one before it is sent on.

use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};

use crate::{
    pages::views::kept_form::{Field, Filled},
    service::kept_forms::Form,
};

const URL_ENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// Fields that are shown; of more the first.
const MOST_FIELDS: usize = 100;
/// Characters of a value that are shown.
const LONGEST: usize = 500;
/// Fields of our own, which say nothing to a person.
const OWN: [&str; 2] = ["csrf", "poort_profile"];
/// Words in the name of a field whose value nobody may read over a shoulder.
const SECRET: [&str; 6] = ["password", "passwd", "wachtwoord", "passwort", "mot_de_passe", "secret"];

/// The media type of a form that may be kept: of the two kinds that browsers make of a form that people fill in, and in no coding.
#[must_use]
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let text = value.to_str().ok()?;
    let kind = text.split(';').next()?.trim().to_ascii_lowercase();
    let known = matches!(kind.as_str(), URL_ENCODED | MULTIPART) && text.len() <= 200;
    (known && !headers.contains_key(CONTENT_ENCODING)).then(|| text.to_owned())
}

/// What was filled in, for the person to see. Only shown: what is sent on is the form itself, byte for byte.
#[must_use]
pub fn fields(form: &Form) -> Vec<Field> {
    let kind = form.content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let all: Vec<Field> = match kind.as_str() {
        MULTIPART => boundary(&form.content_type).map_or_else(Vec::new, |boundary| parts(&form.body, &boundary)),
        _ => url::form_urlencoded::parse(&form.body).map(|(name, value)| field(name.into_owned(), &value)).collect(),
    };
    all.into_iter().filter(|field| !OWN.contains(&field.name.as_str())).take(MOST_FIELDS).collect()
}

fn field(name: String, value: &str) -> Field {
    let secret = SECRET.iter().any(|word| name.to_lowercase().contains(word));
    let filled = if secret { Filled::Hidden } else { Filled::Text(value.chars().take(LONGEST).collect()) };
    Field { name, filled }
}

/// RFC 2046 section 5.1.1.
fn boundary(content_type: &str) -> Option<String> {
    let (_, after) = content_type.split_once("boundary=")?;
    let boundary = after.split(';').next()?.trim().trim_matches('"');
    (!boundary.is_empty() && boundary.len() <= 70).then(|| boundary.to_owned())
}

/// The fields of a multipart form (RFC 7578), as far as they can be read.
fn parts(body: &[u8], boundary: &str) -> Vec<Field> {
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    let mut fields = Vec::new();
    for part in text.split(delimiter.as_str()).skip(1).take(MOST_FIELDS + OWN.len()) {
        let Some((head, value)) = part.split_once("\r\n\r\n") else { continue };
        let Some(name) = parameter(head, "name") else { continue };
        match parameter(head, "filename") {
            Some(file) => fields.push(Field { name, filled: Filled::File(file) }),
            None => fields.push(field(name, value.trim_end_matches("\r\n"))),
        }
    }
    fields
}

/// A parameter of `Content-Disposition`, as browsers write it.
fn parameter(head: &str, name: &str) -> Option<String> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let mut parameters = line.split(';').skip(1).filter_map(|parameter| parameter.trim().split_once('='));
    let (_, value) = parameters.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(value.trim_matches('"').replace("%22", "\"").chars().take(LONGEST).collect())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn kept(content_type: &str, body: &str) -> Vec<Field> {
        let body = body.as_bytes().to_vec().into();
        fields(&Form { to: "/".into(), content_type: content_type.into(), body })
    }

    fn text(name: &str, value: &str) -> Field {
        Field { name: name.into(), filled: Filled::Text(value.into()) }
    }

    #[test]
    fn what_was_filled_in_is_shown_and_no_secret_or_field_of_ours() {
        let shown = kept(URL_ENCODED, "a=1+2&csrf=x&poort_profile=y&Wachtwoord2=geheim&a=%3Cb%3E");
        let hidden = Field { name: "Wachtwoord2".into(), filled: Filled::Hidden };
        assert_eq!(shown, [text("a", "1 2"), hidden, text("a", "<b>")]);
        let body = "--z\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nline\r\nline\r\n--z\r\n\
                    Content-Disposition: form-data; name=\"f\"; filename=\"x.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--z--\r\n";
        let file = Field { name: "f".into(), filled: Filled::File("x.pdf".into()) };
        assert_eq!(kept("multipart/form-data; boundary=z", body), [text("a", "line\r\nline"), file]);
        assert_eq!(kept("multipart/form-data", body), []);
        assert_eq!(kept(URL_ENCODED, &"a=1&".repeat(1000)).len(), MOST_FIELDS);
    }

    #[test]
    fn only_forms_are_kept() {
        let of = |fields: &[(http::HeaderName, &'static str)]| {
            let headers = fields.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
            media_type(&headers.collect())
        };
        for good in [URL_ENCODED, "Application/X-WWW-form-urlencoded; charset=UTF-8", "multipart/form-data; boundary=z"]
        {
            assert_eq!(of(&[(CONTENT_TYPE, good)]).as_deref(), Some(good));
        }
        for bad in ["application/json", "text/plain", "", "multipart/mixed; boundary=z"] {
            assert_eq!(of(&[(CONTENT_TYPE, bad)]), None, "{bad}");
        }
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(CONTENT_TYPE, URL_ENCODED), (CONTENT_TYPE, URL_ENCODED)]), None);
        assert_eq!(of(&[(CONTENT_TYPE, URL_ENCODED), (CONTENT_ENCODING, "gzip")]), None);
    }
}
