//! Requests with effect: where they come from, and which profile they name.

use http::Method;

use super::rig::{ORIGIN, Setting, echo, request, rig, status};
use crate::{domain::register::ProfileIn, http::testing::field};

fn guarded(place: ProfileIn) -> Setting {
    Setting { guarded: Some(place), ..Setting::default() }
}

fn post(fields: &str, body: &str) -> String {
    request(Method::POST, "/x", &format!("Origin: {ORIGIN}\r\n{fields}"), body)
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

#[tokio::test]
async fn a_request_with_effect_from_elsewhere_never_reaches_the_backend() {
    let rig = rig(echo().await, guarded(ProfileIn::Header)).await;
    for (fields, expected) in [
        (format!("Origin: {ORIGIN}\r\n"), 200),
        ("Sec-Fetch-Site: same-origin\r\n".into(), 200),
        ("Origin: http://opleiding.test:8080\r\n".into(), 403),
        ("Sec-Fetch-Site: same-site\r\n".into(), 403),
        (String::new(), 403),
    ] {
        let (head, _) = rig.ask(request(Method::POST, "/x", &fields, "a=b")).await;
        assert_eq!(status(&head), expected, "{fields}");
    }
    assert!(rig.failures.lock().expect("no panic").iter().all(|failure| failure.starts_with("Client")));
}

#[tokio::test]
async fn a_profile_is_named_by_header_or_by_field_and_the_form_arrives_byte_for_byte() {
    let rig = rig(echo().await, guarded(ProfileIn::Field)).await;
    for (fields, body, named) in [
        (FORM, "a=1&poort_profile=p-1&b=%2f+%zz&&=", Some("p-1")),
        (FORM, "poort%5fprofile=p%2D1", Some("p-1")),
        (FORM, "a=poort_profile=x&Poort_Profile=y", None),
        (FORM, "poort_profile", Some("")),
        ("Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n", "poort_profile=p", Some("p")),
        ("Content-Type: multipart/form-data; boundary=b\r\n", "poort_profile=p", None),
        ("Content-Type: text/plain\r\nPoort-Profile: h\r\n", "poort_profile=p", Some("h")),
        ("Poort-Profile: h\r\n", "", Some("h")),
    ] {
        let (head, seen) = rig.ask(post(fields, body)).await;
        assert_eq!(field(&head, "x-profile"), named, "{fields} {body}: {head}");
        assert!(seen.ends_with(&format!("\r\n\r\n{body}")), "{seen}");
    }
}

#[tokio::test]
async fn a_large_form_uses_the_header_and_arrives_whole() {
    let rig = rig(echo().await, guarded(ProfileIn::Field)).await;
    let large = format!("poort_profile=p&a={}", "x".repeat(100_000));
    let (head, seen) = rig.ask(post(&format!("{FORM}Poort-Profile: h\r\n"), &large)).await;
    assert_eq!((status(&head), field(&head, "x-profile")), (200, Some("h")));
    assert!(seen.ends_with(&large));

    // The same when its size is not said beforehand: what was read already comes first.
    let pieces: String = large
        .as_bytes()
        .chunks(7000)
        .map(|piece| format!("{:x}\r\n{}\r\n", piece.len(), String::from_utf8_lossy(piece)))
        .collect();
    let fields = format!("Origin: {ORIGIN}\r\n{FORM}Transfer-Encoding: chunked\r\n");
    let (head, seen) = rig.ask(request(Method::POST, "/x", &fields, "") + &pieces + "0\r\n\r\n").await;
    assert_eq!((status(&head), field(&head, "x-profile")), (200, None));
    let body = seen.split_once("\r\n\r\n").expect("a body").1;
    let mut text = String::new();
    let mut rest = body;
    while let Some((size, tail)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("a size");
        if size == 0 {
            break;
        }
        text.push_str(&tail[..size]);
        rest = &tail[size + 2..];
    }
    assert_eq!(text.len(), large.len());
    assert_eq!(text, large);
}

#[tokio::test]
async fn two_names_are_no_name() {
    let rig = rig(echo().await, guarded(ProfileIn::Field)).await;
    for (fields, body) in [
        (FORM.to_owned(), "poort_profile=p&poort_profile=p"),
        (FORM.to_owned(), "poort_profile=p&poort%5Fprofile=q"),
        (format!("{FORM}Poort-Profile: p\r\n"), "poort_profile=p"),
        ("Poort-Profile: p\r\nPoort-Profile: q\r\n".to_owned(), "x"),
    ] {
        let (head, _) = rig.ask(post(&fields, body)).await;
        assert_eq!(status(&head), 400, "{fields} {body}");
    }
}

#[tokio::test]
async fn a_route_that_looks_in_the_header_does_not_read_the_form() {
    let rig = rig(echo().await, guarded(ProfileIn::Header)).await;
    let (head, _) = rig.ask(post(FORM, "poort_profile=p")).await;
    assert_eq!((status(&head), field(&head, "x-profile")), (200, None));
}
