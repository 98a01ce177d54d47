//! One walk through everything: a person logs in with password and authenticator app, chooses a profile and comes to the
//! register; an application gets a code, tokens, new tokens and what is known of the person; a forgotten password is reset.
//!
//! Every single request comes to another replica than the one before. Where one is killed under a request, the person loads
//! the page anew or begins again, as people do; where none is, nothing may go wrong even once.

use std::time::Duration;

use http::StatusCode;
use poort::base::Timestamp;

use super::{
    cluster::{Cluster, Visitor},
    wire::becomes,
};
use crate::harness::{
    application::{Application, text},
    browser::{Browser, Page},
    people::{NEXT_CODE, PASSWORD},
};

/// Of whom the walk is, and what it has seen.
pub struct Walk<'c> {
    cluster: &'c Cluster,
    visitor: Visitor,
    browser: Browser<'c>,
    /// From when on no code of the app was typed: each is good once, also when its answer was lost.
    unspent: Timestamp,
}

impl<'c> Walk<'c> {
    pub fn new(cluster: &'c Cluster, visitor: Visitor) -> Self {
        Self { cluster, visitor, browser: cluster.gateway.browser(), unspent: Timestamp::from_millis(0) }
    }

    /// All of it.
    pub async fn all(mut self) {
        let page = self.come_to_the_register().await;
        assert_eq!(page.status, 200, "{}", page.text);
        self.application().await;
        self.other_password().await;
    }

    pub fn register(&self) -> String {
        format!("{}/me", self.cluster.gateway.tenant().registers[0].origin)
    }

    /// What the register's page answers to one request of this browser.
    pub async fn look(&self) -> crate::harness::gateway::Reply {
        self.browser.once(http::Method::GET, &self.register(), &[], None).await
    }

    /// What a page answers to one request of this browser.
    pub async fn page(&self, url: &str) -> crate::harness::gateway::Reply {
        self.browser.once(http::Method::GET, url, &[], None).await
    }

    /// Signs out everywhere.
    pub async fn sign_out(&mut self) {
        let origin = self.cluster.gateway.tenant().origin.clone();
        let page = self.browser.get(&format!("{origin}/")).await;
        let page = self.browser.press(&page, "/logout", &[]).await;
        assert_eq!(page.status, 200, "{}", page.text);
    }

    /// The register's page, by a request that is not sent again when nobody answers.
    pub async fn look_once(&self) -> Result<u16, String> {
        let before = self.cluster.gateway.reloads();
        let reply = self.look().await;
        let again = self.cluster.gateway.reloads() - before;
        if again == 0 { Ok(reply.status.as_u16()) } else { Err(format!("sent again {again} times")) }
    }

    /// A code that was not typed before. The one after the next is not believed yet: who typed both waits for it.
    async fn next_code(&mut self) -> String {
        let (now, step) = (self.cluster.gateway.core().now(), i64::try_from(NEXT_CODE.as_millis()).expect("a step"));
        let at = now.max(self.unspent);
        tokio::time::sleep(at.since(now).saturating_sub(NEXT_CODE)).await;
        self.unspent = Timestamp::from_millis((at.millis() / step + 1) * step);
        self.visitor.app().code_at(at).digits().to_owned()
    }

    /// Logs in, chooses to be a citizen, and comes to the register.
    pub async fn come_to_the_register(&mut self) -> Page {
        let (gateway, register) = (&self.cluster.gateway, self.register());
        let before = gateway.reloads();
        let mut page = self.browser.get(&register).await;
        for _ in 0..24 {
            let path = page.url.path().to_owned();
            let failed = !page.status.is_success() || page.text.contains("poort-failure");
            page = if page.url.as_str() == register && page.status == StatusCode::OK {
                return page;
            } else if path.ends_with("/password") && page.text.contains("name=\"password\"") && !failed {
                let fields = [("user_name", &*self.visitor.email()), ("password", PASSWORD)];
                self.browser.submit(&page, &fields).await
            } else if path.ends_with("/totp") && page.text.contains("name=\"code\"") && !failed {
                let code = self.next_code().await;
                self.browser.submit(&page, &[("code", &code)]).await
            } else if path.starts_with("/login/") && page.text.contains("second=totp") && !failed {
                self.browser.follow(&page, "second=totp").await
            } else if path == "/profile" && page.text.contains("name=\"as\"") && !failed {
                self.browser.submit(&page, &[("as", "citizen")]).await
            } else {
                assert!(
                    gateway.reloads() > before,
                    "a set-back without a cause: {} {}\n{}",
                    page.url,
                    page.status,
                    page.text
                );
                self.browser.get(&register).await
            };
        }
        panic!("{:?} does not come to the register: {} {}\n{}", self.visitor, page.url, page.status, page.text);
    }

    /// An application gets tokens for who is logged in, and new ones, and asks who it is.
    async fn application(&mut self) {
        let gateway = &self.cluster.gateway;
        let application = Application::new(gateway, "app");
        let mut tokens = serde_json::Value::Null;
        for _ in 0..4 {
            let before = gateway.reloads();
            let mut page = application.ask(&mut self.browser, &[]).await;
            if page.is_at("/profile") {
                page = self.browser.submit(&page, &[("as", "citizen")]).await;
            }
            if gateway.reloads() > before && page.parameter("code").is_none() {
                continue;
            }
            let reply = application.redeem(&page.code(), &[]).await;
            if reply.status == 200 {
                tokens = reply.json();
                break;
            }
            // The code was taken, and the answer lost: what it gave has ended, and the application asks anew.
            assert!(
                gateway.reloads() > before && reply.error() == "invalid_grant",
                "{} {}",
                reply.status,
                reply.text()
            );
        }
        let userinfo = application.userinfo(text(&tokens, "access_token")).await;
        assert_eq!(userinfo.status, 200, "what was acknowledged holds: {}", userinfo.text());
        let before = gateway.reloads();
        let reply = application.refresh(text(&tokens, "refresh_token")).await;
        if reply.status != 200 {
            assert!(
                gateway.reloads() > before && reply.error() == "invalid_grant",
                "{} {}",
                reply.status,
                reply.text()
            );
            return;
        }
        let reply = application.userinfo(text(&reply.json(), "access_token")).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let page = self.browser.get(&self.register()).await;
        assert_eq!(page.status, 200, "{}", page.text);
    }

    /// A forgotten password is reset by a link of a mail; every session has ended then.
    async fn other_password(&mut self) {
        let (gateway, address) = (&self.cluster.gateway, self.visitor.email());
        let origin = gateway.tenant().origin.clone();
        let mut browser = gateway.browser();
        let mut link = None;
        for _ in 0..3 {
            let before = gateway.reloads();
            let page = browser.get(&format!("{origin}/password/forgotten")).await;
            let page = browser.submit(&page, &[("user_name", &*address)]).await;
            assert!(page.status == 200 || gateway.reloads() > before, "{} {}", page.status, page.text);
            let arrives = async || {
                let mails = self.cluster.post.to(&address);
                let mut links = mails.iter().flat_map(|mail| mail.split_whitespace());
                link = links.rfind(|word| word.contains("/password/reset?token=")).map(str::to_owned);
                link.is_some()
            };
            // A replica that is killed when it has taken a mail keeps it from the others for a minute, also one that had answered.
            if becomes(Duration::from_secs(if gateway.reloads() > before { 7 } else { 90 }), arrives).await {
                break;
            }
            assert!(gateway.reloads() > before, "no mail");
        }
        // Its mail was taken by a replica that was killed, three times: it comes later.
        let Some(link) = link else { return };
        let before = gateway.reloads();
        let page = browser.get(&link).await;
        let page = browser.submit(&page, &[("new_password", "een heel nieuwe zin voor iedereen")]).await;
        let taken = page.status == StatusCode::GONE && gateway.reloads() > before;
        assert!(page.status == StatusCode::OK || taken, "{} {}", page.status, page.text);
        let ended = becomes(Duration::from_secs(10), async || self.look().await.status != StatusCode::OK).await;
        assert!(ended, "a session outlived its password");
    }
}

/// What must be so however often replicas were killed: effects are as many as their lines in the audit log, and what works once
/// worked once.
pub async fn everything_happened_once(cluster: &Cluster) {
    let same = [
        (
            "logins",
            "SELECT count(*) FROM session WHERE login IS NULL",
            "SELECT count(*) FROM audit WHERE kind = 'login.succeeded'",
        ),
        (
            "entries to the register",
            "SELECT count(*) FROM session WHERE login IS NOT NULL",
            "SELECT count(*) FROM entry_code WHERE taken_at IS NOT NULL",
        ),
        (
            "authorizations",
            "SELECT count(*) FROM authorization_grant",
            "SELECT count(*) FROM audit WHERE kind = 'client.authorized'",
        ),
        (
            "new passwords",
            "SELECT count(*) FROM password WHERE by_mail",
            "SELECT count(*) FROM audit WHERE kind = 'password.reset'",
        ),
        (
            "mails about a new password",
            "SELECT count(*) FROM outbox WHERE kind = 'password_changed'",
            "SELECT count(*) FROM audit WHERE kind = 'password.reset'",
        ),
        (
            "codes that were redeemed",
            "SELECT count(DISTINCT authorization_grant) FROM refresh_token",
            "SELECT count(*) FROM authorization_code WHERE taken_at IS NOT NULL",
        ),
    ];
    for (what, effects, lines) in same {
        let (effects, lines) = (cluster.count(effects).await, cluster.count(lines).await);
        assert_eq!(effects, lines, "{what}");
    }
    let doubled = "SELECT count(*) FROM (SELECT 1 FROM refresh_token WHERE taken_at IS NULL \
        GROUP BY authorization_grant HAVING count(*) > 1) AS doubled";
    assert_eq!(cluster.count(doubled).await, 0, "a refresh token was redeemed twice");
    let steps = "SELECT count(*) FROM (SELECT person FROM session WHERE login IS NULL GROUP BY person HAVING count(*) > 2) \
        AS logins";
    assert_eq!(cluster.count(steps).await, 0, "a code of an app worked twice");
}
