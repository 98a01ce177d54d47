//! The people of the demo: how they log in, what they choose, what is written to them and about them.

use std::time::Duration;

use http::Method;
use poort::{
    base::{
        id::{MandateId, OrganizationId, PersonId},
        token::TokenDigest,
    },
    demo::{SAMPLE_APP, marker::SAMPLE_SECRET},
    domain::{
        mandate::{Holder, MandatorSearch},
        person::Person,
    },
    login::totp::TotpSecret,
    notify::{Message, telephone::PhoneMessage},
    storage::{Transaction, seal::Kind},
};
use serde_json::Value;

use super::{
    application::{VERIFIER, encoded},
    browser::{Browser, Page},
    gateway::{Gateway, PRO, Reply},
    people::NEXT_CODE,
};

/// Everybody's password.
pub const PASSWORD: &str = "zeven paarden op het balkon";

pub const JAN: &str = "jan.claes@example.org";
pub const MARIE: &str = "marie.dubois@example.org";
pub const KOEN: &str = "koen.devos@example.org";
pub const ELS: &str = "els.peeters@example.org";
pub const HILDE: &str = "hilde.goossens@example.org";
pub const KAREL: &str = "karel.janssens@example.org";
pub const LOTTE: &str = "lotte.maes@example.org";
pub const SOFIE: &str = "sofie.lambert@example.org";
pub const TOM: &str = "tom.willems@example.org";
pub const NORA: &str = "nora.haddad@example.org";
pub const PIETER: &str = "pieter.wouters@example.org";
pub const AN: &str = "an.verbeke@example.org";
pub const SANNE: &str = "sanne.devries@example.org";
pub const BRAM: &str = "bram.bakker@example.org";
pub const RUBEN: &str = "ruben.mulder@example.org";
pub const FEMKE: &str = "femke.dekker@example.org";
pub const JOOST: &str = "joost.smit@example.org";

/// The mobile of Sanne de Vries, and the landline that Ruben Mulder and Femke Dekker share.
pub const SANNES_PHONE: &str = "+31610000001";
pub const LANDLINE: &str = "+31200000001";

impl Gateway {
    /// A transaction of a tenant.
    pub async fn begin_in(&self, tenant: &str) -> Transaction {
        self.core().store.begin(&self.tenant_of(tenant).id).await.expect("begins")
    }

    /// A transaction of a tenant that only looks.
    pub async fn read_in(&self, tenant: &str) -> Transaction {
        self.core().store.read(&self.tenant_of(tenant).id).await.expect("begins")
    }

    /// Somebody by their address.
    pub async fn person(&self, tenant: &str, email: &str) -> Person {
        let person = self.read_in(tenant).await.person_by_login_name(email).await.expect("reads");
        person.unwrap_or_else(|| panic!("nobody has {email}"))
    }

    pub async fn id(&self, email: &str) -> PersonId {
        self.person(PRO, email).await.id
    }

    /// Somebody's registration number.
    pub async fn number(&self, tenant: &str, email: &str) -> String {
        let person = self.person(tenant, email).await;
        let registrations = self.read_in(tenant).await.registrations(person.id).await.expect("reads");
        registrations.into_iter().find_map(|registration| registration.number).expect("a number")
    }

    /// The code that somebody's authenticator app shows now.
    pub async fn app_code(&self, tenant: &str, email: &str) -> String {
        let person = self.person(tenant, email).await;
        let kept = self.read_in(tenant).await.authenticator(person.id).await.expect("reads");
        let sealer = &self.core().keys_of(self.tenant_of(tenant)).expect("keys").sealer;
        let secret = sealer.open(Kind::TotpSecret, &person.id, &kept.expect("an app").0).expect("opens");
        TotpSecret::from_bytes(&secret).expect("a secret").code_at(self.core().now()).digits().to_owned()
    }

    /// The messages that wait to be sent to an address, in the order in which they were written.
    pub async fn mails(&self, tenant: &str, email: &str) -> Vec<Message> {
        let far = self.core().now().plus(Duration::from_secs(1_000_000));
        let mut rows = self.read_in(tenant).await.due_messages(far, 1000).await.expect("reads");
        rows.sort_by_key(|row| row.created_at);
        let sealer = &self.core().keys_of(self.tenant_of(tenant)).expect("keys").sealer;
        let open = |row: &poort::storage::sql::OutboxRow| {
            Message::from_bytes(&sealer.open(Kind::Mail, &row.id, &row.sealed).expect("opens")).expect("a message")
        };
        rows.iter().map(open).filter(|message| message.recipient == email).collect()
    }

    /// The code in the newest mail to an address.
    pub async fn mailed_code(&self, tenant: &str, email: &str) -> String {
        let mail = self.mails(tenant, email).await.pop().expect("a mail");
        let digits = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        let words = mail.body.split(|c: char| !c.is_ascii_alphanumeric());
        words.into_iter().find(digits).unwrap_or_else(|| panic!("no code in {}", *mail.body)).to_owned()
    }

    /// The link in the newest mail to an address.
    pub async fn mailed_link(&self, tenant: &str, email: &str) -> String {
        let mail = self.mails(tenant, email).await.pop().expect("a mail");
        let link = mail.body.split_whitespace().find(|word| word.starts_with("http")).expect("a link");
        link.to_owned()
    }

    /// Asks for a link that resets somebody's password.
    pub async fn mailed_link_for(&self, email: &str) -> String {
        let mut browser = self.browser();
        let page = browser.get("/password/forgotten").await;
        self.later();
        browser.submit(&page, &[("user_name", email)]).await;
        self.mailed_link(PRO, email).await
    }

    /// The messages that wait to go to a number by telephone, in the order in which they were written.
    pub async fn rung(&self, tenant: &str, number: &str) -> Vec<PhoneMessage> {
        let rows = self.read_in(tenant).await.due_phone_messages(self.core().now(), 1000).await.expect("reads");
        let sealer = &self.core().keys_of(self.tenant_of(tenant)).expect("keys").sealer;
        let open = |row: &poort::storage::sql::PhoneMessageRow| {
            let bytes = sealer.open(Kind::PhoneMessage, &row.id, &row.sealed).expect("opens");
            PhoneMessage::from_bytes(&bytes).expect("a message")
        };
        rows.iter().map(open).filter(|message| message.recipient.as_str() == number).collect()
    }

    /// The code in the newest message to a number.
    pub async fn phoned_code(&self, tenant: &str, number: &str) -> String {
        let message = self.rung(tenant, number).await.pop().expect("a message");
        let text = message.text();
        match text.rsplit_once('#') {
            Some((_, code)) => code.to_owned(),
            None => message.words[0].chars().filter(char::is_ascii_digit).collect(),
        }
    }

    /// The lines of the audit log, the newest first; of one moment in any order.
    pub async fn lines(&self, tenant: &str) -> Vec<Value> {
        let lines = self.read_in(tenant).await.newest_events(10_000).await.expect("reads");
        lines.iter().map(|(_, body)| serde_json::from_str(body).expect("JSON")).collect()
    }

    /// The lines of one kind, the newest first.
    pub async fn lines_of(&self, kind: &str) -> Vec<Value> {
        self.lines_in(PRO, kind).await
    }

    /// The same, of another tenant.
    pub async fn lines_in(&self, tenant: &str, kind: &str) -> Vec<Value> {
        self.lines(tenant).await.into_iter().filter(|line| line["kind"] == kind).collect()
    }

    /// The mandate of somebody to somebody.
    pub async fn mandate(&self, mandator: &str, holder: Holder) -> MandateId {
        let mandator = self.person(PRO, mandator).await;
        let search = MandatorSearch {
            family_name: Some(mandator.family_name),
            given_name: Some(mandator.given_name),
            ..MandatorSearch::default()
        };
        let today = self.tenant().today(self.core().now());
        let found = self.read_in(PRO).await.search_mandators(holder, &search, today, 0).await.expect("reads").1;
        found.first().expect("a mandate").mandate
    }

    /// Ends a mandate, as one of both would.
    pub async fn end_mandate(&self, mandate: MandateId) {
        let mut transaction = self.begin().await;
        assert!(transaction.end_mandate(mandate, self.core().now()).await.expect("ends"));
        transaction.commit().await.expect("commits");
    }

    /// Lets a moment pass, so that what comes next is later.
    pub fn later(&self) {
        self.advance(Duration::from_millis(1));
    }

    /// The rights that somebody was granted in their organization.
    pub async fn grants(&self, email: &str) -> Vec<poort::domain::organization::Grant> {
        let (organization, person) = (self.organization_of(email).await, self.id(email).await);
        self.read_in(PRO).await.grants_of(organization, person).await.expect("reads")
    }

    /// Somebody's sessions that were not ended.
    pub async fn sessions(&self, email: &str) -> Vec<poort::storage::sql::Session> {
        let person = self.id(email).await;
        self.read_in(PRO).await.sessions_of(person, self.core().now()).await.expect("reads")
    }

    /// The organization that somebody belongs to.
    pub async fn organization_of(&self, email: &str) -> OrganizationId {
        let person = self.id(email).await;
        let memberships = self.read_in(PRO).await.memberships(person).await.expect("reads");
        memberships.first().expect("a member").organization.id
    }

    /// The origin of a tenant's register.
    pub fn register(&self, tenant: &str) -> &str {
        &self.tenant_of(tenant).registers[0].origin
    }
}

impl Browser<'_> {
    /// Proves who one is with password and authenticator app, from the page that asks for a means.
    pub async fn prove(&mut self, page: &Page, tenant: &str, email: &str) -> Page {
        let page = self.follow(page, "second=totp").await;
        let page = self.submit(&page, &[("user_name", email), ("password", PASSWORD)]).await;
        assert!(page.is_at("/login/") && page.url.path().ends_with("/totp"), "{} {}", page.url, page.text);
        // A code works once: between two logins the app shows the next.
        self.gateway().advance(NEXT_CODE);
        let code = self.gateway().app_code(tenant, email).await;
        self.submit(&page, &[("code", &code)]).await
    }

    /// Proves who one is with password and a code by mail, from the page that asks for a means.
    pub async fn prove_by_mail(&mut self, page: &Page, tenant: &str, email: &str) -> Page {
        let page = self.follow(page, "second=email-code").await;
        let page = self.submit(&page, &[("user_name", email), ("password", PASSWORD)]).await;
        let code = self.gateway().mailed_code(tenant, email).await;
        self.submit(&page, &[("code", &code)]).await
    }

    /// Opens an address of the main tenant's register, and logs in there.
    pub async fn open_as(&mut self, path: &str, email: &str) -> Page {
        let url = format!("{}{path}", self.gateway().register(PRO));
        let page = self.get(&url).await;
        assert!(page.is_at("/login/"), "{} {}", page.url, page.text);
        self.prove(&page, PRO, email).await
    }

    /// The same, with a choice of profile.
    pub async fn open_as_a(&mut self, path: &str, email: &str, choice: &str) -> Page {
        let page = self.open_as(path, email).await;
        assert!(page.is_at("/profile"), "{} {}", page.url, page.text);
        self.submit(&page, &[("as", choice)]).await
    }

    /// The same, within the organization that one belongs to.
    pub async fn open_within(&mut self, path: &str, email: &str) -> Page {
        let organization = self.gateway().organization_of(email).await.to_string();
        let page = self.open_as(path, email).await;
        assert!(page.is_at("/profile"), "{} {}", page.url, page.text);
        self.submit(&page, &[("as", "citizen"), ("organization", &organization)]).await
    }

    /// The same as somebody who only holds mandates, for a mandator.
    pub async fn open_for(&mut self, path: &str, email: &str, mandator: &str) -> Page {
        let page = self.open_as(path, email).await;
        self.choose_mandator(&page, mandator).await
    }

    /// Finds a mandator by family name, and chooses the first.
    pub async fn choose_mandator(&mut self, page: &Page, family_name: &str) -> Page {
        assert!(page.is_at("/mandators"), "{} {}", page.url, page.text);
        let page = self.press(page, "/mandators", &[("name", family_name)]).await;
        self.press(&page, "/mandators/choose", &[]).await
    }

    /// Asks a path of the main tenant's register and goes nowhere from there.
    pub async fn ask(&self, path: &str) -> Reply {
        let url = format!("{}{path}", self.gateway().register(PRO));
        self.once(Method::GET, &url, &[], None).await
    }

    /// Sends a form to a path of the main tenant's register, as a page of that register would.
    pub async fn post(&self, path: &str, body: &str) -> Reply {
        let url = format!("{}{path}", self.gateway().register(PRO));
        self.once(Method::POST, &url, &[], Some(body.to_owned())).await
    }

    /// What the register's own pages may know of who acts.
    pub async fn banner(&self) -> Value {
        self.ask("/.poort/session").await.json()
    }
}

/// The tokens of the demo's sample application for somebody who logs in as `log_in` says.
pub async fn sample_tokens<'g>(
    browser: &mut Browser<'g>,
    log_in: impl AsyncFnOnce(&mut Browser<'g>, Page) -> Page,
) -> Value {
    let body = sample_code(browser, log_in).await;
    let gateway = browser.gateway();
    let origin = &gateway.tenant().origin;
    let authorization = sample_basic();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", authorization.as_str())];
    let reply = gateway.send(Method::POST, &format!("{origin}/token"), &headers, body).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// How the sample application proves who it is.
pub fn sample_basic() -> String {
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("sample-app:{}", encoded(&[("", SAMPLE_SECRET)]).trim_start_matches('=')),
    );
    format!("Basic {basic}")
}

/// What the sample application sends to redeem a code, which somebody brought that logs in at it.
pub async fn sample_code<'g>(
    browser: &mut Browser<'g>,
    log_in: impl AsyncFnOnce(&mut Browser<'g>, Page) -> Page,
) -> String {
    sample_code_for(browser, "openid profile", log_in).await
}

/// The same, for a scope.
pub async fn sample_code_for<'g>(
    browser: &mut Browser<'g>,
    scope: &str,
    log_in: impl AsyncFnOnce(&mut Browser<'g>, Page) -> Page,
) -> String {
    let gateway = browser.gateway();
    let origin = &gateway.tenant().origin;
    let callback = format!("{SAMPLE_APP}/callback/basic");
    let challenge = TokenDigest::of(VERIFIER.as_bytes()).text();
    let request = encoded(&[
        ("client_id", "sample-app"),
        ("redirect_uri", &callback),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    let page = browser.get(&format!("{origin}/authorize?{request}")).await;
    let page = log_in(browser, page).await;
    let code = page.code();
    encoded(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &callback),
        ("code_verifier", VERIFIER),
    ])
}
