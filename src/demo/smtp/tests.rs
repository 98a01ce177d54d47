//! The mail server against lettre, and against bytes of ours.

use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::header::ContentType};

use super::*;

async fn sink() -> (Mailbox, SocketAddr, tokio_util::sync::DropGuard) {
    let (mailbox, stopping) = (Mailbox::default(), CancellationToken::new());
    let address = Sink::new(mailbox.clone(), Clock::system()).start(stopping.clone()).await.expect("a free port");
    (mailbox, address, stopping.drop_guard())
}

/// Says `lines`, one after the other's answer, and returns the answers.
async fn converse(address: SocketAddr, lines: &[&str]) -> Vec<String> {
    let stream = TcpStream::connect(address).await.expect("it listens");
    let mut stream = BufReader::new(stream);
    let mut answers = Vec::new();
    for line in std::iter::once(None).chain(lines.iter().map(Some)) {
        if let Some(line) = line {
            stream.write_all(line.as_bytes()).await.expect("it reads");
        }
        let mut answer = String::new();
        loop {
            let mut part = String::new();
            if stream.read_line(&mut part).await.expect("it answers") == 0 {
                break;
            }
            let more = part.as_bytes().get(3) == Some(&b'-');
            answer.push_str(&part);
            if !more {
                break;
            }
        }
        answers.push(answer.trim_end().to_owned());
    }
    answers
}

fn codes(answers: &[String]) -> Vec<&str> {
    answers.iter().map(|answer| answer.get(..3).unwrap_or("-")).collect()
}

#[tokio::test]
async fn lettre_hands_in_mails_that_are_read_as_they_were_written() {
    let (mailbox, address, _running) = sink().await;
    let transport: AsyncSmtpTransport<Tokio1Executor> =
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string()).port(address.port()).build();
    let text = "Beste Élodie,\n\n.een regel met een punt\n..twee\n\nUw code: 012345\nhttps://example.org/reset?token=abc=def\n";
    let long = "ä".repeat(500);
    for (number, body) in [text, &long, "plain ascii", "."].into_iter().enumerate() {
        let mail = Message::builder()
            .from("\"Pro Gezondheid\" <no-reply@example.org>".parse().expect("an address"))
            .to("els.peeters@example.org".parse().expect("an address"))
            .subject(format!("Uw code – vóór het inloggen bij een heel lange naam, numéro {number}"))
            .header(ContentType::TEXT_PLAIN)
            .body(body.to_owned())
            .expect("a mail");
        transport.send(mail).await.expect("it is taken");
        let got = mailbox.latest("els.peeters@example.org").expect("it arrived");
        assert_eq!(got.text, body.trim_end());
        assert_eq!(got.subject, format!("Uw code – vóór het inloggen bij een heel lange naam, numéro {number}"));
        assert_eq!((got.from.as_str(), got.id), ("no-reply@example.org", number as u64 + 1));
    }
    assert_eq!(mailbox.all().len(), 4);
}

#[tokio::test]
async fn each_address_gets_a_mail_and_a_reset_forgets() {
    let (mailbox, address, _running) = sink().await;
    let answers = converse(
        address,
        &[
            "ehlo me\r\n",
            "MAIL FROM:<a@example.org> SIZE=10 BODY=8BITMIME\r\n",
            "RCPT TO:<b@example.org>\r\n",
            "RSET\r\n",
            "DATA\r\n",
            "NOOP\r\n",
            "MAIL FROM:<>\r\n",
            "RCPT TO:<c@example.org>\r\n",
            "RCPT TO:<d@example.org>\r\n",
            "DATA\r\n",
            "Subject: x\r\n\r\nhello\r\n.\r\n",
            "QUIT\r\n",
        ],
    )
    .await;
    let expected = ["220", "250", "250", "250", "250", "503", "250", "250", "250", "250", "354", "250", "221"];
    assert_eq!(codes(&answers), expected, "{answers:?}");
    let to: Vec<String> = mailbox.all().iter().map(|mail| mail.to.clone()).collect();
    assert_eq!(to, ["d@example.org", "c@example.org"]);
}

#[tokio::test]
async fn what_is_no_smtp_is_refused_and_the_next_command_heard() {
    let (mailbox, address, _running) = sink().await;
    let answers = converse(
        address,
        &[
            "GET / HTTP/1.1\r\n",
            "RCPT TO:<a@example.org>\r\n",
            "MAIL FROM:a@example.org\r\n",
            "MAIL FROM:<a@example.org> SIZE=999999999\r\n",
            "MAIL FROM:<a@example.org>\r\n",
            "RCPT TO:<nobody>\r\n",
            "RCPT TO:<a b@example.org>\r\n",
            "STARTTLS\r\n",
            "DATA\r\n",
        ],
    )
    .await;
    assert_eq!(codes(&answers), ["220", "500", "503", "501", "552", "250", "501", "501", "500", "503"], "{answers:?}");
    assert!(mailbox.all().is_empty());
}

#[tokio::test]
async fn cve_2023_51764_a_bare_line_feed_ends_neither_a_line_nor_a_mail() {
    let (mailbox, address, _running) = sink().await;
    let smuggled = "Subject: one\r\n\r\ntext\n.\nMAIL FROM:<evil@example.org>\nRCPT TO:<b@example.org>\r\n.\r\n";
    let answers = converse(
        address,
        &[
            "EHLO me\r\n",
            "MAIL FROM:<a@example.org>\r\n",
            "RCPT TO:<a@example.org>\r\n",
            "DATA\r\n",
            smuggled,
            "QUIT\r\n",
        ],
    )
    .await;
    assert_eq!(codes(&answers), ["220", "250", "250", "250", "354", "250", "221"], "{answers:?}");
    assert_eq!(mailbox.all().len(), 1);
    assert!(mailbox.all()[0].text.contains("MAIL FROM:<evil@example.org>"));
}

#[tokio::test]
async fn too_much_is_refused_and_memory_is_bounded() {
    let (mailbox, address, _running) = sink().await;
    let large = format!("{}.\r\n", format!("{}\r\n", "x".repeat(900)).repeat(MAIL / 900 + 2));
    let begin = ["EHLO me\r\n", "MAIL FROM:<a@example.org>\r\n", "RCPT TO:<a@example.org>\r\n", "DATA\r\n"];
    let answers = converse(address, &[&begin[..], &[&large, "NOOP\r\n"]].concat()).await;
    assert_eq!(codes(&answers)[5..], ["552", "250"], "{answers:?}");
    let line = format!("NOOP {}\r\n", "x".repeat(COMMAND));
    assert_eq!(codes(&converse(address, &[&line]).await), ["220", "500"]);
    assert!(mailbox.all().is_empty());
}
