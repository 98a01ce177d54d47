//! Identity cards in software: who gives them out, what they sign, and who says whether one was revoked. Every certificate, signature and
//! answer of a responder is made by OpenSSL; Poort reads them by other code.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Bytes, extract::State, http::StatusCode, response::IntoResponse, routing::post};
use base64::{Engine, engine::general_purpose::STANDARD};
use poort::{
    base::Clock,
    domain::{
        eid::{Eid, Outage},
        tenant::Tenant,
        upstream::UnknownPeople,
    },
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use url::Url;

use super::{
    browser::{Browser, Page},
    gateway::{Gateway, NOW, PRO},
};

const CONFIGURATION: &str = "
[ca]
default_ca = own
[own]
database = $ENV::DATABASE
serial = serial
new_certs_dir = .
default_md = sha384
policy = any
unique_subject = no
[any]
countryName = optional
commonName = optional
surname = optional
givenName = optional
serialNumber = optional
[req]
distinguished_name = none
[none]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[issuing]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
[responder]
keyUsage = critical, digitalSignature
extendedKeyUsage = OCSPSigning
";

/// The database of the authority that cards are from.
const INDEX: &str = "index.txt";

/// How the responder answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Well,
    /// Signed by somebody whom the issuer lets answer.
    Delegated,
    /// Signed by somebody else whom it gave a certificate.
    Undelegated,
    /// Signed by somebody else, who says the same name.
    Forged,
    /// What it said before, of another question.
    Before,
    /// About another card.
    OfAnother,
    /// A bit of the answer is another one.
    Flipped,
    /// Nothing, for longer than anybody waits.
    Silent,
    /// More than anybody reads.
    Endless,
    /// No answer of OCSP.
    Garbage,
    /// That it should be asked later.
    Later,
    /// Status 500.
    Failing,
}

impl Manner {
    /// Those that say nothing that could be believed, and are no outage.
    pub const WRONG: [Manner; 6] =
        [Manner::Undelegated, Manner::Forged, Manner::Before, Manner::OfAnother, Manner::Flipped, Manner::Garbage];
    /// Those that say nothing.
    pub const OUTAGES: [Manner; 4] = [Manner::Silent, Manner::Endless, Manner::Later, Manner::Failing];
}

/// Who gives out cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The one that the tenant's file names.
    Known,
    /// Another with the same name.
    Namesake,
    /// A card.
    Card,
}

/// How a card is to be.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub subject: String,
    pub key: &'static str,
    pub usage: &'static str,
    pub purposes: Option<&'static str>,
    pub policies: Option<&'static str>,
    pub responder: Option<String>,
    pub authority: bool,
    /// In years like `2024`.
    pub years: (u16, u16),
    pub by: By,
}

impl Wanted {
    /// Somebody's.
    pub fn of(number: &str) -> Self {
        Self {
            subject: format!("/C=BE/CN=Jan Claes (Authentication)/SN=Claes/GN=Jan Angèle/serialNumber={number}"),
            key: "P-384",
            usage: "digitalSignature",
            purposes: Some("clientAuth"),
            policies: Some("2.16.56.12.1.1.2.2"),
            responder: None,
            authority: false,
            years: (2024, 2033),
            by: By::Known,
        }
    }
}

/// A card.
#[derive(Clone, Debug)]
pub struct Card {
    pub der: Vec<u8>,
    pub key: PathBuf,
    pub pem: PathBuf,
    algorithm: &'static str,
}

struct Mind {
    manner: Manner,
    before: Option<Vec<u8>>,
}

/// The authority, and its responder.
pub struct Cards {
    folder: TempDir,
    pub responder: Url,
    made: AtomicUsize,
    asked: AtomicUsize,
    mind: Mutex<Mind>,
}

impl Cards {
    /// Its keys are made anew, and its responder listens on a free port of this machine.
    pub async fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let responder = format!("http://{}", listener.local_addr().expect("an address"));
        let this = Arc::new(Self {
            folder: tempfile::tempdir().expect("a folder"),
            responder: Url::parse(&responder).expect("a URL"),
            made: AtomicUsize::new(0),
            asked: AtomicUsize::new(0),
            mind: Mutex::new(Mind { manner: Manner::Well, before: None }),
        });
        this.write("ca.cnf", CONFIGURATION);
        this.write("serial", "1000");
        this.write(INDEX, "");
        this.write("other.txt", "");
        for name in ["root", "namesake-root"] {
            let key = format!("{name}.key");
            this.openssl(&[
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-384",
                "-nodes",
                "-keyout",
                &key,
                "-out",
                &format!("{name}.pem"),
                "-subj",
                "/C=BE/CN=A root",
                "-days",
                "7300",
                "-config",
                "ca.cnf",
                "-extensions",
                "root",
            ]);
        }
        this.issuing("issuing", "root");
        this.issuing("namesake", "namesake-root");
        this.signed_by_issuing("responder", "/C=BE/CN=A responder", "responder");
        let router = Router::new().route("/ocsp", post(answer)).with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        this
    }

    fn issuing(&self, name: &str, root: &str) {
        let (key, csr, pem) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
        self.request(&key, &csr, "/C=BE/CN=A Citizen CA", "P-384");
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &csr,
            "-CA",
            &format!("{root}.pem"),
            "-CAkey",
            &format!("{root}.key"),
            "-set_serial",
            "7",
            "-days",
            "7300",
            "-sha384",
            "-extfile",
            "ca.cnf",
            "-extensions",
            "issuing",
            "-out",
            &pem,
        ]);
    }

    fn signed_by_issuing(&self, name: &str, subject: &str, extensions: &str) {
        let (key, csr) = (format!("{name}.key"), format!("{name}.csr"));
        self.request(&key, &csr, subject, "P-384");
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &csr,
            "-CA",
            "issuing.pem",
            "-CAkey",
            "issuing.key",
            "-set_serial",
            "9",
            "-days",
            "7300",
            "-sha384",
            "-extfile",
            "ca.cnf",
            "-extensions",
            extensions,
            "-out",
            &format!("{name}.pem"),
        ]);
    }

    fn request(&self, key: &str, csr: &str, subject: &str, kind: &str) {
        let curve = format!("ec_paramgen_curve:{kind}");
        let new: &[&str] = if kind == "RSA" { &["rsa:2048"] } else { &["ec", "-pkeyopt", &curve] };
        let rest = ["-nodes", "-keyout", key, "-out", csr, "-subj", subject, "-utf8", "-config", "ca.cnf"];
        self.openssl(&[&["req", "-new", "-newkey"], new, &rest].concat());
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("written");
    }

    fn openssl(&self, arguments: &[&str]) -> Vec<u8> {
        self.openssl_with(INDEX, arguments)
    }

    fn openssl_with(&self, database: &str, arguments: &[&str]) -> Vec<u8> {
        let mut command = Command::new("openssl");
        command.args(arguments).current_dir(self.folder.path()).env("DATABASE", database).stdin(Stdio::null());
        let output = command.output().expect("openssl");
        assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// The file with the authority that is believed: below the root, as the cards come without it.
    pub fn authorities(&self) -> PathBuf {
        self.folder.path().join("issuing.pem")
    }

    /// The file with its root.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// A card of somebody.
    pub fn card(&self, wanted: &Wanted) -> Card {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let file = |end: &str| format!("card{number}.{end}");
        let (key, csr, pem, extensions) = (file("key"), file("csr"), file("pem"), file("cnf"));
        let at = wanted.responder.clone().unwrap_or_else(|| format!("{}ocsp", self.responder));
        let line = |name: &str, value: Option<&str>| value.map_or(String::new(), |value| format!("{name} = {value}\n"));
        let mut text = format!("[card]\nkeyUsage = critical, {}\nauthorityInfoAccess = OCSP;URI:{at}\n", wanted.usage);
        text += &line("extendedKeyUsage", wanted.purposes);
        text += &line("certificatePolicies", wanted.policies);
        text += &line("basicConstraints", wanted.authority.then_some("critical, CA:TRUE"));
        self.write(&extensions, &text);
        self.request(&key, &csr, &wanted.subject, wanted.key);
        let (issuer, database) = match wanted.by {
            By::Known => ("issuing".to_owned(), INDEX),
            By::Namesake => ("namesake".to_owned(), "other.txt"),
            By::Card => ("card0".to_owned(), "other.txt"),
        };
        let (from, until) = (format!("{}0101000000Z", wanted.years.0), format!("{}0101000000Z", wanted.years.1));
        self.openssl_with(
            database,
            &[
                "ca",
                "-batch",
                "-config",
                "ca.cnf",
                "-cert",
                &format!("{issuer}.pem"),
                "-keyfile",
                &format!("{issuer}.key"),
                "-in",
                &csr,
                "-out",
                &pem,
                "-startdate",
                &from,
                "-enddate",
                &until,
                "-extfile",
                &extensions,
                "-extensions",
                "card",
                "-preserveDN",
                "-notext",
                "-rand_serial",
            ],
        );
        let der = self.openssl(&["x509", "-in", &pem, "-outform", "DER"]);
        let algorithm = match wanted.key {
            "RSA" => "RS256",
            "P-256" => "ES256",
            _ => "ES384",
        };
        Card { der, key: self.folder.path().join(key), pem: self.folder.path().join(pem), algorithm }
    }

    /// Revokes one.
    pub fn revoke(&self, card: &Card) {
        let pem = card.pem.to_str().expect("a path");
        self.openssl(&["ca", "-config", "ca.cnf", "-cert", "issuing.pem", "-keyfile", "issuing.key", "-revoke", pem]);
    }

    /// Forgets that it gave one out.
    pub fn forget_all(&self) {
        self.write(INDEX, "");
    }

    /// From now on the responder answers like this.
    pub fn answers(&self, manner: Manner) {
        self.mind().manner = manner;
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    fn mind(&self) -> std::sync::MutexGuard<'_, Mind> {
        self.mind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a tenant believes that believes in these.
    pub fn believed(&self) -> Eid {
        let all = |all: &[&str]| all.iter().map(|&policy| policy.to_owned()).collect();
        Eid {
            authorities: self.authorities(),
            policies: all(&Eid::POLICIES),
            refused_policies: all(&Eid::REFUSED_POLICIES),
            responders: vec![self.responder.clone()],
            outage: Outage::Refuse,
            unknown_people: UnknownPeople::Refused,
            stand_in: None,
        }
    }

    /// Puts a tenant's cards here.
    pub fn adopt(&self, tenant: &mut Tenant) {
        if tenant.id.as_str() == PRO {
            tenant.eid = Some(self.believed());
        }
    }

    /// A gateway with the tenants and people of the demo that believes in these, at the time that OpenSSL's clock says.
    pub async fn gateway(&self) -> Gateway {
        self.gateway_with(|_| {}).await
    }

    /// The same, with changes.
    pub async fn gateway_with(&self, change: impl Fn(&mut Eid)) -> Gateway {
        let gateway = Gateway::demo_with(|tenant| {
            self.adopt(tenant);
            tenant.eid.iter_mut().for_each(&change);
        })
        .await;
        gateway.advance(Clock::system().now().since(NOW));
        gateway
    }

    /// An answer about a question, made by OpenSSL.
    fn respond(&self, question: &str, signer: &str) -> Vec<u8> {
        let (certificate, key) = (format!("{signer}.pem"), format!("{signer}.key"));
        let asked =
            ["ocsp", "-index", INDEX, "-CA", "issuing.pem", "-reqin", question, "-respout", "answer.der", "-nmin", "5"];
        let signing = ["-rsigner", &certificate, "-rkey", &key];
        // The issuer's own certificate is known, and would stand behind the signature.
        let bare: &[&str] = if signer == "issuing" { &["-resp_no_certs"] } else { &[] };
        self.openssl(&[&asked[..], &signing, bare].concat());
        std::fs::read(self.folder.path().join("answer.der")).expect("an answer")
    }

    fn answer(&self, asked: &[u8]) -> Vec<u8> {
        let manner = self.mind().manner;
        std::fs::write(self.folder.path().join("question.der"), asked).expect("written");
        let signed_by = |signer: &str| self.respond("question.der", signer);
        match manner {
            Manner::Delegated => signed_by("responder"),
            Manner::Undelegated => signed_by("card0"),
            Manner::Forged => signed_by("namesake"),
            Manner::Before => self.mind().before.clone().expect("an answer before this one"),
            Manner::OfAnother => {
                self.openssl(&[
                    "ocsp",
                    "-issuer",
                    "issuing.pem",
                    "-serial",
                    "0x4242",
                    "-no_nonce",
                    "-reqout",
                    "other.der",
                ]);
                self.respond("other.der", "issuing")
            }
            Manner::Flipped => {
                let mut answer = signed_by("issuing");
                let last = answer.len() - 20;
                answer[last] ^= 1;
                answer
            }
            Manner::Endless => vec![0; 1024 * 1024],
            Manner::Garbage => b"<html>good</html>".to_vec(),
            Manner::Later => vec![0x30, 3, 0x0a, 1, 3],
            Manner::Well | Manner::Silent | Manner::Failing => {
                let answer = signed_by("issuing");
                self.mind().before.get_or_insert_with(|| answer.clone());
                answer
            }
        }
    }
}

async fn answer(State(cards): State<Arc<Cards>>, asked: Bytes) -> axum::response::Response {
    cards.asked.fetch_add(1, Ordering::Relaxed);
    let manner = cards.mind().manner;
    match manner {
        Manner::Silent => std::future::pending().await,
        Manner::Failing => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => {
            let answer = tokio::task::spawn_blocking(move || cards.answer(&asked)).await.expect("an answer");
            ([("content-type", "application/ocsp-response")], answer).into_response()
        }
    }
}

impl Card {
    /// The token of Web eID for a challenge, asked by a page of `origin`.
    pub fn token(&self, origin: &str, challenge: &str) -> Value {
        let size = &self.algorithm[2..];
        let hash = |text: &str| pipe(&["dgst", &format!("-sha{size}"), "-binary"], text.as_bytes());
        let signed = [hash(origin), hash(challenge)].concat();
        let key = self.key.to_str().expect("a path");
        let signature = pipe(&["dgst", &format!("-sha{size}"), "-sign", key], &signed);
        let signature = match self.algorithm {
            "ES256" => raw(&signature, 32),
            "ES384" => raw(&signature, 48),
            _ => signature,
        };
        json!({
            "unverifiedCertificate": STANDARD.encode(&self.der),
            "algorithm": self.algorithm,
            "signature": STANDARD.encode(signature),
            "format": "web-eid:1.0",
            "appVersion": "https://web-eid.eu/web-eid-app/releases/2.7.0+965",
        })
    }
}

/// What OpenSSL makes of this.
fn pipe(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut child =
        Command::new("openssl").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("openssl");
    child.stdin.take().expect("a pipe").write_all(input).expect("written");
    let output = child.wait_with_output().expect("openssl");
    assert!(output.status.success(), "{arguments:?}");
    output.stdout
}

/// Both numbers of an ECDSA signature, side by side, from OpenSSL's form (RFC 3279 section 2.2.3).
fn raw(der: &[u8], size: usize) -> Vec<u8> {
    let mut at = if der[1] & 0x80 == 0 { 2 } else { 3 };
    let mut raw = Vec::new();
    for _ in 0..2 {
        let length = usize::from(der[at + 1]);
        let number = &der[at + 2..at + 2 + length];
        let number: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
        raw.extend(std::iter::repeat_n(0, size - number.len()).chain(number));
        at += 2 + length;
    }
    raw
}

/// What a page asks a card.
#[derive(Debug)]
pub struct AskedOfCard {
    pub page: Page,
    pub challenge: String,
}

impl Browser<'_> {
    /// From a page with keys to the one that asks for a card.
    pub async fn choose_card(&mut self, page: &Page) -> AskedOfCard {
        let page = self.follow(page, "/with/eid").await;
        let challenge = page.text.split("data-card=\"").nth(1).and_then(|rest| rest.split('"').next());
        let challenge = challenge.unwrap_or_else(|| panic!("no challenge at {}\n{}", page.url, page.text)).to_owned();
        AskedOfCard { page, challenge }
    }

    /// Gives the page what the extension made.
    pub async fn give(&mut self, asked: &AskedOfCard, token: &str) -> Page {
        self.press(&asked.page, "/federated/eid/callback", &[("token", token)]).await
    }

    /// Logs in with a card, from the start.
    pub async fn by_card(&mut self, gateway: &Gateway, card: &Card) -> Page {
        let page = self.get("/").await;
        let asked = self.choose_card(&page).await;
        let token = card.token(&gateway.tenant().origin, &asked.challenge).to_string();
        self.give(&asked, &token).await
    }
}

/// Longer than what a responder said is kept.
pub const FORGOTTEN: Duration = Duration::from_secs(5 * 60 + 1);
