//! What surrounds every page: the tenant's name and colours, the language switch, who is signed in and for whom they
//! act, the way to help, and when the session ends.

use jiff::civil::{Date, DateTime};

use crate::base::Language;
use crate::pages::assets;
use crate::pages::text::Text;

/// What surrounds a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The language of the page.
    pub text: Text,
    /// The tenant's name, for example `ProGezondheid`.
    pub tenant: String,
    /// The tenant's colours.
    pub palette: Palette,
    /// The languages that the tenant offers; with one there is no switch.
    pub languages: Vec<Language>,
    /// Path and query of this page, to which the language switch and the extended session return.
    pub here: String,
    /// The token of every form on the page (form field `csrf`).
    pub csrf: String,
    /// The handle of the profile for which the page was rendered (form field `poort_profile`); `None` before a choice.
    pub profile: Option<String>,
    /// The name of who is signed in; `None` before that. Shows the way to the account and out.
    pub person: Option<String>,
    /// For whom the person acts; `None` when for themselves.
    pub acting: Option<Acting>,
    /// When the session ends; `None` without a session.
    pub session: Option<SessionEnd>,
    /// What stands before Poort's own paths: empty on a login host, `/.poort` on a register's.
    pub below: &'static str,
    /// Where to get help: at the same place on every page (WCAG 2.2, 3.2.6).
    pub help: Help,
}

impl Frame {
    /// The same for a page on which somebody acts for somebody, or within an organization.
    #[must_use]
    pub fn acting_as(self, acting: Option<Acting>) -> Self {
        Self { acting, ..self }
    }

    /// Where a link leads back to oneself, on a register's host; on the login host it is a form.
    pub fn back_to_oneself(&self) -> Option<String> {
        (!self.below.is_empty()).then(|| format!("{}/begin?return=/&as=self", self.below))
    }

    /// The URL of the stylesheet.
    pub fn stylesheet(&self) -> String {
        [self.below, &assets::stylesheet().url()].concat()
    }

    /// The URL of the script that warns before the session ends.
    pub fn script(&self) -> String {
        [self.below, &assets::script().url()].concat()
    }

    /// The URL of the script that asks the browser for a passkey.
    pub fn passkey_script(&self) -> String {
        [self.below, &assets::passkey_script().url()].concat()
    }

    /// The URL of the script that asks for an identity card.
    pub fn card_script(&self) -> String {
        [self.below, &assets::card_script().url()].concat()
    }

    /// The URL of the tab's icon.
    pub fn icon(&self) -> String {
        [self.below, &assets::icon().url()].concat()
    }
}

/// For whom a person acts, shown on every page with the way back to oneself.
#[derive(Clone, Debug)]
pub enum Acting {
    /// For a person, under a mandate.
    Mandate {
        /// The name of the mandator.
        name: String,
        /// The mandator's number in the register with its label: `RIZIV 1-00001-01-001`. Never a national number.
        registration: Option<String>,
        /// What the mandate is for, in the page's language: `Administratief dossier`.
        scope: String,
        /// The last day of the mandate; `None` when it has no end.
        until: Option<Date>,
        /// The enterprise that holds the mandate and for which the person acts.
        holder: Option<String>,
    },
    /// Within an organization.
    Organization {
        /// The name of the organization.
        name: String,
        /// Its number with a label: `KBO 0403.019.261`.
        number: Option<String>,
        /// In which capacity, in the page's language: `Toegangsbeheerder`.
        capacity: String,
    },
}

/// When the session ends. The page says so; the script warns two minutes before and can extend it.
#[derive(Clone, Copy, Debug)]
pub struct SessionEnd {
    /// The moment in the tenant's time zone.
    pub at: DateTime,
    /// Seconds from the answer of this page until then.
    pub seconds: u32,
}

/// How to reach the tenant's help. A page of no tenant has none: all empty.
#[derive(Clone, Debug, Default)]
pub struct Help {
    /// The name of the help desk, in the page's language: `Contactcenter`.
    pub name: String,
    /// The number as people write it: `02 555 01 23`; empty when there is only an address.
    pub phone: String,
    /// When the help line answers, in the page's language: `maandag t/m vrijdag van 9.00 tot 17.00 uur`.
    pub hours: String,
    /// The address; empty when there is only a number.
    pub email: String,
}

impl Help {
    /// The number as a `tel:` URI wants it (RFC 3966): digits and a leading plus.
    pub fn dial(&self) -> String {
        self.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
}

/// The colours of a tenant. A closed list, so that each pair can be checked for contrast; a test does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    Ocean,
    Forest,
    Plum,
    Brick,
    Slate,
}

impl Palette {
    /// Every palette.
    pub const fn all() -> [Self; 5] {
        [Self::Ocean, Self::Forest, Self::Plum, Self::Brick, Self::Slate]
    }

    /// The name in a tenant's file, and in the class of the page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ocean => "ocean",
            Self::Forest => "forest",
            Self::Plum => "plum",
            Self::Brick => "brick",
            Self::Slate => "slate",
        }
    }

    /// The palette with this name in a tenant's file.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|palette| palette.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Palette;

    /// Relative luminance (WCAG 2.2, definition) of `#rrggbb`.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("hexadecimal")) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_palette_reads_well() {
        let css = include_str!("../assets/poort.css");
        for palette in Palette::all() {
            let block = css
                .split(&format!(".poort-palette--{} {{", palette.name()))
                .nth(1)
                .and_then(|rest| rest.split('}').next())
                .unwrap_or_else(|| panic!("poort.css has no palette {}", palette.name()));
            let colour = |token: &str| {
                let at = block.find(token).unwrap_or_else(|| panic!("{} has no {token}", palette.name()));
                let start = at + block[at..].find('#').expect("a colour");
                &block[start..start + 7]
            };
            let (brand, strong, tint) =
                (colour("--poort-brand:"), colour("--poort-brand-strong:"), colour("--poort-tint:"));
            assert!(contrast(brand, "#ffffff") >= 7.0, "{}: brand on white", palette.name());
            assert!(contrast(brand, tint) >= 4.5, "{}: brand on its tint", palette.name());
            assert!(contrast(strong, "#ffffff") >= 7.0, "{}: pressed", palette.name());
            assert_eq!(Palette::from_name(palette.name()), Some(palette));
        }
    }
}
