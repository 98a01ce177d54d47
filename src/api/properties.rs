//! What must hold of the rows that registers push, whatever they send.

use std::sync::LazyLock;

use axum::body::Body;
use futures_util::FutureExt;

use super::{
    json,
    lines::{LARGEST_ROW, Lines},
    members::Members,
    row,
};
use crate::{
    config::{Placement, Scheme, Source, tenants},
    domain::{
        fact::{Change, Kind, Which},
        tenant::Tenant,
    },
};

static TENANT: LazyLock<Tenant> = LazyLock::new(|| {
    let file = Source::new("base.toml", include_str!("../../tests/config/valid/tenants/base.toml"));
    let placement = Placement::public(Scheme::Https, 443);
    tenants(&[file], &placement).expect("a tenant").remove(0)
});

/// A row of the kind that the first byte says, withdrawn when its highest bit is set. Another reader finds the same members;
/// what is read names a fact by its name; nothing that was sent is repeated in what is wrong with it.
pub fn fact_row(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let (kind, gone) = (Kind::ALL[usize::from(*first) % Kind::ALL.len()], first & 0x80 != 0);
    let object = match json::object(text) {
        Ok(object) => object,
        Err(why) => return unrepeated(&why),
    };
    let other: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(text).expect("JSON");
    assert!(object.len() == other.len() && object.iter().all(|(name, _)| other.contains_key(name)));
    let row = row::read(kind, gone, Members::new(object, ""), &TENANT);
    match row.change {
        Ok(change) => {
            let which = change.which();
            assert_eq!(row.which.as_ref(), Some(&which));
            assert_eq!((which.kind(), Which::parse(kind, &which.key())), (kind, Some(which.clone())));
            assert_eq!(matches!(change, Change::Withdraw(_)), gone);
            assert!(!which.key().split('/').any(|part| TENANT.national_number.could_be(part)));
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            for mistake in mistakes {
                unrepeated(&mistake.detail);
                unrepeated(mistake.pointer.as_deref().expect("no path is at fault"));
            }
        }
    }
}

/// Nine digits in a row could be somebody's number.
fn unrepeated(text: &str) {
    assert!(!text.as_bytes().windows(9).any(|nine| nine.iter().all(u8::is_ascii_digit)), "{text}");
}

/// A body that comes in pieces of the length that the first byte says has the same lines as one that comes whole; none is
/// blank or read when it is too long, and none is lost.
pub fn lines(data: &[u8]) {
    let Some((length, body)) = data.split_first() else { return };
    let read = |pieces: Vec<Vec<u8>>| {
        let pieces = pieces.into_iter().map(Ok::<_, std::io::Error>);
        let mut lines = Lines::of(Body::from_stream(futures_util::stream::iter(pieces)));
        let mut all = Vec::new();
        while let Some(line) = lines.next().now_or_never().expect("everything is there").ok().flatten() {
            all.push(line);
        }
        all
    };
    let whole = read(vec![body.to_vec()]);
    assert_eq!(read(body.chunks(usize::from(*length).max(1)).map(<[u8]>::to_vec).collect()), whole);
    let lines: Vec<&[u8]> = body.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    let said = lines.iter().filter(|line| line.len() > LARGEST_ROW || !line.trim_ascii().is_empty()).count();
    assert_eq!(whole.len(), said);
    for line in whole {
        let place = usize::try_from(line.number - 1).expect("a number");
        match line.text {
            Some(text) => {
                assert!(text.len() <= LARGEST_ROW && lines[place] == &text[..] && !text.trim_ascii().is_empty())
            }
            None => assert!(lines[place].len() > LARGEST_ROW),
        }
    }
}
