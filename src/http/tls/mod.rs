//! TLS ended for the listeners ([`Tls`]), of which one asks programs for a certificate ([`ClientCertificate`]) and one asks people for that of
//! their identity card ([`ShownCard`]), and begun towards
//! backends ([`Outward`]). What is spoken is in [`crate::base::tls`].

mod client;
mod listener;
mod outward;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use self::{
    client::{ClientCertificate, NotProved, ShownCard},
    listener::{Protocol, Reloaded, Tls},
    outward::{Encrypted, Outward, UnusableTls},
};

pub(super) use self::listener::{Shaken, Shown};
