//! Poort: a gateway in front of public registers. It lets people log in, choose as what and for whom they act, and lets a
//! request through to a register when the rules allow it. The register then gets a signed token that says who acts, and
//! believes nothing else. Applications of a tenant can use the same login by OpenID Connect.
//!
//! This page is the map. `README.md` says how to run it.
//!
//! # Floors
//! A room imports rooms of lower floors only, and rooms on one floor do not know each other. `tests/it/architecture.rs` keeps it so.
//!
//! | floor | room | |
//! |---|---|---|
//! | 10 | [`app`] | the command line, and what makes one running gateway of all the rooms |
//! | 9 | `demo` | invented people, sample registers, stand-ins for itsme, FAS, DigiD, eHerkenning, eIDAS and identity cards, a mail server with an inbox, a telephone |
//! | 8 | [`web`] | the pages of a tenant's login host |
//! | | [`provider`] | the OpenID provider, on the same host |
//! | | [`proxy`] | the way through to a register, on a host of its own |
//! | | [`api`] | the facts that registers push, and who is registered, from program to program |
//! | 7 | [`http`] | what these doors share: reading a request once, cookies, forms of our own, who asks from where |
//! | 6 | [`pages`] | what a person sees: texts in four languages, a struct and a template per page |
//! | 5 | [`service`] | use cases: load, decide, change, one line in the audit log, in one short transaction |
//! | 4 | [`login`] | how a factor is proved: password, authenticator app, code by mail or telephone, passkey, recovery code, an identity card, or at another provider: itsme, FAS, any OpenID provider, DigiD, eHerkenning, eIDAS |
//! | 3 | [`storage`] | what is kept, on SQLite and PostgreSQL, and what is sealed in it |
//! | | [`token`] | what is signed, and what is believed of what others signed |
//! | | [`notify`] | telling people something: mails, SMS, calls; and programs, that a login has ended |
//! | | [`config`] | what an operator writes, read and checked |
//! | 2 | [`policy`] | who may do what: facts in, a permit or a denial out |
//! | 1 | [`domain`] | the words and rules of the registers; its head has the glossary |
//! | 0 | [`base`] | time, chance, identifiers, tokens, languages |
//!
//! Each big dependency has one door: `oso` in `policy/engine.rs`, `sqlx` in `storage/sql/`, `argon2` in `login/password.rs`,
//! `lettre` in `notify/smtp.rs`, `redis` in `storage/ephemeral/redis.rs`, `webauthn-rs` in `login/webauthn/`, `openidconnect` in
//! `login/wire/oidc/`, `bergshamra` in `login/wire/saml/signature.rs` and `encryption.rs`, `webpki` and `x509-ocsp` in
//! `login/eid/`, `fast_qr` in `pages/qr.rs`, `phonenumber` in `domain/phone.rs`; `axum` and `tower` stay on floor 7 and above.
//! `hyper` and `rustls` are on floor 7 and above too, but for what calls out from below, `notify/` and `login/wire/`, for
//! `base/tls/`, which says once what TLS is for all of them, and for the types of certificates in `login/eid/chain.rs`. The demo's
//! stand-ins use some of them beside. The same test has them all.
//!
//! # Six walks through the house
//! **Every request** comes in by [`http::server::serve`]. [`http::request_head::Target::read`] says once what is asked of which host;
//! who is read in two ways is refused there. [`app::gateway::Gateway`] chooses the door by the host.
//!
//! **Somebody logs in with a password and a code of their app.**
//! 1. The register's host has no session for them. `proxy::refusal` sends the browser to `/.poort/begin`, which sets a cookie and leads to
//!    `/start` on the login host, with the cookie's digest. There `web::login::start` calls [`service::sign_in::begin`]: an
//!    attempt, bound to this browser, that remembers where it leads ([`service::pending::Pending`]).
//! 2. The password: [`service::sign_in::prove`] counts a try of the account before anything is judged, loads what the factor
//!    is judged by, and lets [`login::Methods::prove`] judge it outside any transaction. The [`login::Proof`] is noted with the attempt.
//! 3. The code of the app: the same function. Its time step is taken by one `UPDATE`, so that a code works once. No factor is left: the
//!    attempt ends, a session begins, and the choice of profile is open ([`service::profiles::choosing`]).
//! 4. [`service::profiles::choose`] takes on the profile and gives the session a new token. [`service::entry::code`] makes a
//!    code that works once, for a minute, with the cookie of step 1. The register's host redeems it at `/.poort/enter`:
//!    [`service::entry::redeem`] begins the session there.
//!
//! **Somebody logs in with itsme.**
//! 1. On the page of keys they choose it: [`service::federated::start`] asks the [`login::method::LoginMethod`] of the means where to
//!    send them, and keeps what it needs with the digest of `state`, sealed.
//! 2. They come back to an address that is itsme's alone. [`service::federated::resume`] takes what was kept, once, in the browser that
//!    left. `login::wire::oidc` redeems the code as a client with keys of its own, opens what comes with [`token::jwe`], and believes
//!    what `openidconnect` and its own checks let through.
//! 3. The national number's index says who it is, and the attempt ends in a session like any other.
//!
//! With DigiD they bring an artifact. It is taken once, in the browser that left; [`login::wire::saml`] asks what it stands for
//! over TLS with both certificates, and reads below what [`login::wire::saml::signature`] has verified and nowhere else. With
//! eHerkenning, eIDAS and FAS by SAML another site's form brings the answer, without a cookie of ours: [`service::federated::deposit`]
//! keeps it, sealed, until the browser that left comes for it. What is encrypted in it is opened after it was verified, and who
//! acts is somebody of the organization it names.
//!
//! With an identity card nobody goes anywhere: the page that asks is ours (`web::card`), and the browser's extension has the card
//! sign what was asked. [`login::eid`] believes it when an authority of the tenant's file vouches for the card, and its responder
//! says that it was not revoked.
//!
//! **A mandate holder asks for a file of the register.** [`proxy::gate`] is this walk, top to bottom.
//! 1. [`domain::register::Register::route`] finds the route: it says whose resource the path names.
//! 2. [`service::access::find`] says who acts: from memory while nothing changed, otherwise from the database.
//! 3. [`proxy::guard`]: a request with effect comes from this host's own pages, and names the profile it was made for.
//! 4. [`service::access::permit`] looks up the person whom the path names and collects [`policy::Fact`]s that are in force today.
//!    [`policy::Question::new`] drops every fact that is not about this actor and this target: a mandate of another person does not count.
//!    [`policy::Policies::authorize`] asks `policies/*.polar`, and answers with a [`policy::Permit`] or a [`policy::Denial`].
//! 5. [`service::Core::record`] has written the line of the audit log before anything is sent on.
//! 6. [`service::access::backend_token`] signs who acts, for whom, in which capacity, under which mandate. [`proxy::forward::forward`]
//!    removes what the client said of itself and sends the request to the path that the permit holds.
//!
//! **An application exchanges a code.**
//! 1. `/authorize` has led a person through the login above; [`service::authorizations::answer`] made the code.
//! 2. `/token`: `provider::client` asks the client to prove itself by the one way it is registered for: by an assertion
//!    ([`token::assertion`]), whose `jti` is taken once, or the certificate of its connection ([`http::tls::ClientCertificate`]).
//! 3. [`service::authorizations::redeem_code`] takes the code before it looks at anything else: of fifty at once one wins. It
//!    compares client, redirect URI and PKCE challenge, and looks whether login, account and profile still hold.
//! 4. After the commit [`token::claims`] says who acts in the client's form, and [`token::jwt::sign`] signs it. A code that comes a second
//!    time ends everything that the first one gave.
//!
//! **Somebody pairs the app on their phone.** [`service::pairings`] says why it goes like this.
//! 1. `web::devices` shows a QR code: [`service::pairings::offer`] made it for this login, its profile and one app.
//! 2. The app that read it asks at `/device_authorization` (`provider::device`), names its key, and shows the number that it gets.
//! 3. The person types that number beside the QR code. [`service::pairings::confirm`] gives the phone a session that no cookie opens.
//! 4. `/token` gives the app tokens that count beside its key alone. At a register [`proxy::gate`] wants a proof of that key with each
//!    request ([`token::dpop`]), and takes it once.
//!
//! # What always holds
//! **Whom.** How one logs in is the register's to say, at every request ([`domain::login_rule`]). Every route says whose resource
//! its path names. Rust knows facts and their validity and names no action; what is allowed stands in Polar alone. With no relation
//! at all the answer is 404: there is nothing to see. A form that was made for one person is never sent as another: under a mandate
//! or within an organization an unsafe request names its profile, and another one is a 409 that names both. The backend's token is
//! made for one session, profile, audience and version of the policies. A consent counts for its purpose and its recipient: one to
//! an organization within that organization, one to a person as themselves. Nobody, without a login, is a capacity too: what is
//! open to anyone a rule opens, and the tenant's file names.
//!
//! **Where.** A tenant's login pages have a host of their own, and nothing is proxied there; each register has a host, and a
//! session, of its own. Poort's cookies and the client's `Authorization` go no further than Poort; a backend cannot set cookies
//! with our names or for another host. Forwarded headers count from trusted proxies alone. A path has one canonical form, or is
//! refused; that form is decided on, logged and forwarded.
//!
//! **Once.** What may happen once (a code, a link, a step of an authenticator app, a recovery code, a pairing, a client's
//! assertion, a proof of a key, an answer by SAML, a form that was kept) is taken by one statement that hits exactly one row, on
//! any number of replicas. The taken row stays until it expires, so that a second use is recognised. What is asked of a browser,
//! for a passkey or a new app, is answered once, in the browser that was asked. Tries are counted in the database, per account,
//! over every factor. What may vanish is elsewhere: how often one client address asks is counted in each process, and by all
//! together in Redis while it answers.
//!
//! **How fresh.** Every write that can narrow somebody's access raises its tenant's version in the same transaction. A replica reads
//! the versions four times a second, and what it keeps counts only under the current version, read less than a second ago, and
//! before the earliest end among its facts. So an ended mandate, right or session stops at the next request where it was ended, and within a
//! second elsewhere, open streams included, also where a replica is cut off from the database; a message over Redis only makes it
//! faster. After a change the open streams are asked about in turns; one whose turn comes late carries nothing until then. If the database
//! does not answer in time: 503, never a guess.
//!
//! **What is kept.** A change writes its audit line in its own transaction; a refusal or a look at a file is answered after its line
//! is written. National numbers are sealed, and found through a keyed index; they stand in no URL, log, mail or error. Of
//! tokens and cookies only the digest is kept. A key is exchanged step by step while replicas serve ([`service::keys::exchange`]); the
//! database takes nothing new under a key that is going. Whether somebody has an account is told to nobody: not by a text, a status, or the
//! amount of work.
//!
//! **Waiting.** Between begin and commit nothing waits on the network, a hash or a person. Mails, messages by telephone, and what
//! applications hear of the end of a login, are rows written with the change and sent after it. A message by telephone is taken
//! before it is handed over: it goes once or, when a replica is killed in between, not at all.

pub mod base;
pub mod domain;
pub mod policy;
pub mod config;
pub mod notify;
pub mod storage;
pub mod token;
pub mod login;
pub mod service;
pub mod pages;
pub mod http;
pub mod api;
pub mod provider;
pub mod proxy;
pub mod web;
pub mod demo;
pub mod app;

#[cfg(test)]
mod properties;

// The tests of a room may use what the tests of the whole use.
#[cfg(test)]
extern crate self as poort;
