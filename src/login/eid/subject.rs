//! Whose card it is, by the subject of its certificate: `serialNumber` is the national number, `SN` the family name, and `GN` the given
//! names. What stands in `CN` is all of it once more, for people.

use std::fmt;

use x509_parser::{
    oid_registry::{OID_X509_COUNTRY_NAME, OID_X509_GIVEN_NAME, OID_X509_SERIALNUMBER, OID_X509_SURNAME, Oid},
    x509::X509Name,
};

use crate::domain::identifier::NationalRegisterNumber;

/// The longest name that is read, in characters.
const LONGEST: usize = 200;

/// Somebody, as a card says.
pub struct Subject {
    /// Their number.
    pub number: NationalRegisterNumber,
    /// Their given names; none where a card has none.
    pub given_names: String,
    /// Their family name.
    pub family_name: String,
}

/// Why nobody is meant. What stands in the certificate is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSubject {
    /// It is of another country.
    #[error("a card of another country")]
    Country,
    /// It has no national number, more than one, or one that passes no check.
    #[error("a card without a national number")]
    NoNumber,
    /// It has no family name, or one that cannot be read.
    #[error("a card without a name")]
    NoName,
}

impl Subject {
    /// Reads the subject of a certificate.
    ///
    /// # Errors
    /// When it does not say who is meant.
    pub fn read(name: &X509Name<'_>) -> Result<Self, BadSubject> {
        let country = only(name, &OID_X509_COUNTRY_NAME).ok_or(BadSubject::Country)?;
        if country != "BE" {
            return Err(BadSubject::Country);
        }
        let number = only(name, &OID_X509_SERIALNUMBER).ok_or(BadSubject::NoNumber)?;
        // The digits and nothing between them: the form that cards have.
        let digits = number.len() == 11 && number.bytes().all(|b| b.is_ascii_digit());
        let number = NationalRegisterNumber::parse(&number).ok().filter(|_| digits).ok_or(BadSubject::NoNumber)?;
        let given = name.iter_by_oid(&OID_X509_GIVEN_NAME).next().is_some();
        let given_names = match given {
            true => only(name, &OID_X509_GIVEN_NAME).and_then(plain).ok_or(BadSubject::NoName)?,
            false => String::new(),
        };
        let family_name = only(name, &OID_X509_SURNAME).and_then(plain).ok_or(BadSubject::NoName)?;
        Ok(Self { number, given_names, family_name })
    }
}

/// The text of an attribute that stands in it once.
fn only(name: &X509Name<'_>, kind: &Oid<'_>) -> Option<String> {
    let mut all = name.iter_by_oid(kind);
    let first = all.next()?.as_str().ok()?;
    all.next().is_none().then(|| first.to_owned())
}

/// A name that can stand on a page.
fn plain(text: String) -> Option<String> {
    let text = text.trim();
    let good = !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
    good.then(|| text.to_owned())
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject([hidden])")
    }
}
