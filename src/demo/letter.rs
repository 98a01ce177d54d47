//! Reads a mail's bytes as far as the mails of a gateway go: one text part (RFC 2045), a subject with encoded words
//! (RFC 2047). What cannot be read is shown as it came.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Subject and text of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub subject: String,
    pub text: String,
}

/// Reads a mail as it was sent: lines end with CR LF, dots are no longer doubled.
#[must_use]
pub(super) fn read(mail: &[u8]) -> Letter {
    let (head, body) = match find(mail, b"\r\n\r\n") {
        Some(end) => (&mail[..end], &mail[end + 4..]),
        None => (mail, &[][..]),
    };
    let head = String::from_utf8_lossy(head);
    // Folded lines are one (RFC 5322 section 2.2.3).
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let field = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let encoding = field("Content-Transfer-Encoding").unwrap_or_default().to_ascii_lowercase();
    let text = match encoding.as_str() {
        "quoted-printable" => quoted_printable(body, false),
        "base64" => base64(body).unwrap_or_else(|| body.to_vec()),
        _ => body.to_vec(),
    };
    Letter {
        subject: encoded_words(&field("Subject").unwrap_or_default()),
        text: String::from_utf8_lossy(&text).replace("\r\n", "\n").trim_end().to_owned(),
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let packed: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(packed).ok()
}

/// RFC 2045 section 6.7; within an encoded word `_` is a space (RFC 2047 section 4.2).
fn quoted_printable(text: &[u8], word: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after) {
            (b'=', [b'\r', b'\n', after @ ..]) | (b'=', [b'\n', after @ ..]) => rest = after,
            (b'=', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = after;
                }
                _ => out.push(b'='),
            },
            (b'_', _) if word => out.push(b' '),
            _ => out.push(*first),
        }
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Replaces `=?charset?B|Q?text?=`; white space between two of them is none of the text (RFC 2047 section 6.2). A letter may
/// be cut between two words, so bytes are joined before they are read.
fn encoded_words(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let Some((decoded, after)) = encoded_word(&rest[start..]) else {
            out.extend_from_slice(&rest.as_bytes()[..start + 2]);
            (rest, after_word) = (&rest[start + 2..], false);
            continue;
        };
        if !(after_word && rest[..start].trim().is_empty()) {
            out.extend_from_slice(&rest.as_bytes()[..start]);
        }
        out.extend_from_slice(&decoded);
        (rest, after_word) = (after, true);
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

fn encoded_word(text: &str) -> Option<(Vec<u8>, &str)> {
    let (charset, rest) = text.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (content, rest) = rest.split_once("?=")?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let decoded = match encoding {
        "B" | "b" => base64(content.as_bytes())?,
        "Q" | "q" => quoted_printable(content.as_bytes(), true),
        _ => return None,
    };
    Some((decoded, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(head: &str, body: &str) -> Letter {
        read(format!("From: a@example.org\r\n{head}\r\n\r\n{body}").as_bytes())
    }

    #[test]
    fn texts_are_read_in_each_encoding() {
        let plain = letter("Subject: Your code", "Code: 123456\r\n\r\nbye\r\n");
        assert_eq!(plain, Letter { subject: "Your code".into(), text: "Code: 123456\n\nbye".into() });
        let quoted = letter(
            "Subject: =?utf-8?B?Vm90cmUgY29kZSDD?=\r\n =?UTF-8?q?=A9t=C3=A9_1?= x\r\nContent-Transfer-Encoding: quoted-printable",
            "caf=C3=A9 =3D =\r\nlong =?",
        );
        assert_eq!(quoted, Letter { subject: "Votre code été 1 x".into(), text: "café = long =?".into() });
        let packed = letter("Content-Transfer-Encoding: BASE64", "Y2Fm\r\nw6k=\r\n");
        assert_eq!(packed.text, "café");
    }

    #[test]
    fn what_is_no_mail_is_shown_as_it_came() {
        for odd in ["", "\r\n\r\n", "no head", "Subject: =?utf-8?B?***?=", "Subject: =?", "Subject: =?x?q?a?="] {
            let _ = read(odd.as_bytes());
        }
        assert_eq!(letter("Subject: =?utf-16?B?AAA=?=", "").subject, "=?utf-16?B?AAA=?=");
        assert_eq!(letter("Content-Transfer-Encoding: base64", "%%").text, "%%");
    }
}
