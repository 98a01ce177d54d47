//! Mails are sent once, by whichever replica takes them.

use std::time::Duration;

use poort::{
    notify::smtp::{Messenger, Security, SmtpSettings},
    service::outbox,
};

use super::post::Post;
use crate::harness::{
    gateway::Gateway,
    people::{JAN, ZORG},
};

fn messenger(post: &Post) -> Messenger {
    let settings = SmtpSettings {
        host: "localhost".into(),
        port: post.address.port(),
        security: Security::None,
        authority: None,
        credentials: None,
        sender: "no-reply@poort.example".into(),
        timeout: Duration::from_secs(10),
    };
    Messenger::new(&settings).expect("settings")
}

/// Writes mails: links for a new password, at most three an account and window.
async fn write(gateway: &Gateway, many: usize) {
    let client = std::net::IpAddr::from([192, 0, 2, 1]);
    for number in 0..many {
        if number % 3 == 0 {
            gateway.advance(Duration::from_secs(3600));
        }
        let (core, tenant) = (gateway.core(), gateway.tenant());
        poort::service::passwords::forgotten(core, tenant, &JAN.email(), client).await.expect("written");
    }
}

#[tokio::test]
async fn once_two_replicas_that_send_at_the_same_time_send_every_mail_once() {
    for gateway in Gateway::each().await {
        let (post, other) = (Post::start().await, gateway.again().await);
        write(&gateway, 24).await;
        let (here, there) = (messenger(&post), messenger(&post));
        let (here, there) =
            tokio::join!(outbox::send_due(&gateway.shared, &here), outbox::send_due(&other.shared, &there));
        assert_eq!(here.expect("sends") + there.expect("sends"), 24, "{}", gateway.name());
        assert_eq!(post.copies(), [1; 24], "{}", gateway.name());
    }
}

#[tokio::test]
async fn once_a_mail_that_a_killed_replica_had_taken_is_sent_by_another() {
    for gateway in Gateway::each().await {
        let (post, other) = (Post::start().await, gateway.again().await);
        write(&gateway, 1).await;
        let due = gateway.read_in(ZORG).await.due_messages(gateway.core().now(), 10).await.expect("reads");
        let mut transaction = gateway.begin().await;
        let now = gateway.core().now();
        assert!(transaction.claim_message(&due[0].id, now, Duration::from_secs(60)).await.expect("claims"));
        transaction.commit().await.expect("commits");
        // Here it is killed. The others leave it alone while it could still be sending.
        let messenger = messenger(&post);
        assert_eq!(outbox::send_due(&other.shared, &messenger).await.expect("looks"), 0);
        gateway.advance(Duration::from_secs(60));
        assert_eq!(outbox::send_due(&other.shared, &messenger).await.expect("sends"), 1, "{}", gateway.name());
        gateway.advance(Duration::from_secs(7200));
        assert_eq!(outbox::send_due(&other.shared, &messenger).await.expect("looks"), 0);
        assert_eq!(post.copies(), [1]);
    }
}
