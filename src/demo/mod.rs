//! Floor 9: `poort demo`. The tenants of `deploy/tenants/` on `*.localhost`, with invented people, sample registers, a mail
//! server with an inbox, and the clients of the sample application.
//!
//! | module | what it stands for |
//! |---|---|
//! | `people`, `numbers` | the people and organizations, whose numbers pass every check and are nobody's |
//! | `seed` | what a register would hand over: it writes them into the database |
//! | `registers` | the registers behind the gateway |
//! | `smtp`, `letter`, `mailbox`, `inbox` | the mail server and the mail program of everybody |
//! | `authenticator`, `telephone` | everybody's phone: the codes of its app, and the SMS and calls that it gets, with their providers |
//! | `openid`, `digid`, `posted` | itsme and FAS, DigiD, those whose answers a browser posts (eHerkenning, eIDAS, FAS by SAML), with pages that say that they are not |
//! | `stand_in`; `saml`, `saml_keys` | what these pages share; what those of them share that speak SAML |
//! | `eid` | identity cards, the browser's extension that has them sign, and who says whether one was revoked |
//! | [`clients`] | the registration of an application |
//! | [`marker`] | how a gateway in earnest recognises a demo's people, in every build |
//!
//! What `app` does, in this order:
//!
//! 1. bind the listener; [`Options`] has its real address; [`Demo::prepare`] starts the mail server and the registers;
//! 2. open the store on [`Demo::database`] (or another one); [`Demo::admit`], before any key is made;
//! 3. load the keys of [`Demo::tenants`] with [`Demo::master_key`]; build the core; [`Demo::seed`];
//! 4. send mail to [`Demo::smtp`] without TLS, and messages by telephone to [`Demo::telephone`]; answer requests to the host
//!    [`INBOX_HOST`] by [`Demo::inbox`], to [`TELEPHONE_HOST`] by [`Demo::telephones`], to those of [`Demo::stand_ins`] by what stands
//!    there;
//! 5. serve, print [`Demo::welcome`], and drop the demo last: its temporary folder goes with it.
//!
//! Architecture invariant: nothing here uses what it stands for. The registers believe tokens by code of their own, codes of
//! authenticator apps are computed a second time, mails are read by a second parser, the protocols of itsme, FAS, DigiD,
//! eHerkenning and eIDAS are written a second time. Of the gateway's own rooms only configuration, storage, domain and the hashing
//! of a password are used, to put people in their place, `notify::telephone` to tell the gateway where the demo's providers are,
//! and `token::jwe` to encrypt.

pub mod marker;

#[cfg(feature = "demo")]
mod authenticator;
#[cfg(feature = "demo")]
pub mod clients;
#[cfg(feature = "demo")]
mod digid;
#[cfg(feature = "demo")]
mod eid;
#[cfg(feature = "demo")]
mod folder;
#[cfg(feature = "demo")]
mod inbox;
#[cfg(feature = "demo")]
mod letter;
#[cfg(feature = "demo")]
mod mailbox;
#[cfg(feature = "demo")]
mod numbers;
#[cfg(feature = "demo")]
mod openid;
#[cfg(feature = "demo")]
mod options;
#[cfg(feature = "demo")]
mod people;
#[cfg(feature = "demo")]
mod posted;
#[cfg(feature = "demo")]
mod registers;
#[cfg(feature = "demo")]
mod running;
#[cfg(feature = "demo")]
mod saml;
#[cfg(feature = "demo")]
mod saml_keys;
#[cfg(feature = "demo")]
mod seed;
#[cfg(feature = "demo")]
mod smtp;
#[cfg(feature = "demo")]
mod stand_in;
#[cfg(feature = "demo")]
mod style;
#[cfg(feature = "demo")]
mod telephone;
#[cfg(feature = "demo")]
mod welcome;

#[cfg(feature = "demo")]
pub use self::{
    options::{BackendAt, NoBackendAt, Options, SAMPLE_APP},
    running::{Demo, DemoError, INBOX_HOST, TELEPHONE_HOST},
    welcome::people_json,
};
