//! One struct per page, with the plain data that the page shows.
//!
//! A handler fills in the struct and calls [`askama::Template::render`]; status and headers are the handler's. Every page
//! holds a [`Frame`] (what surrounds a page) and implements [`Page`] (its title and what is wrong in its form).
//! What can go wrong is an enum per page, so a handler names a problem and the page finds the words for it.
//!
//! Architecture invariant: a view knows no rule. It uses no room but `base`, decides nothing and reads no clock.

#![allow(missing_docs, reason = "a page's data is named after what the page shows")]

pub mod account;
pub mod address;
pub mod application_refused;
pub mod card;
pub mod confirm_account;
pub mod consents;
pub mod continue_to;
pub mod devices;
pub mod email_code;
pub mod end_session;
pub mod factors;
pub mod failure;
pub mod forgotten_password;
pub mod forgotten_sent;
pub mod form;
pub mod frame;
pub mod insight;
pub mod kept_form;
pub mod link_spent;
pub mod login;
pub mod lookup;
pub mod mandators;
pub mod new_account;
pub mod new_app;
pub mod organization;
pub mod passkey;
pub mod password;
pub mod phone;
pub mod phone_code;
pub mod profile;
pub mod profile_conflict;
pub mod profile_continue;
pub mod recovery_code;
pub mod recovery_codes;
pub mod refusal;
pub mod reset_done;
pub mod reset_password;
pub mod send_on;
pub mod signed_out;
pub mod tenants;
pub mod totp;
pub mod words;

#[cfg(test)]
mod samples;

pub use form::{Problem, Problems};
pub use frame::{Acting, Frame, Help, Palette, SessionEnd};

/// What the layout asks of every page.
pub trait Page: askama::Template {
    /// What surrounds the page.
    fn frame(&self) -> &Frame;

    /// The page's heading, which is also the first part of its `<title>`.
    fn title(&self) -> String;

    /// What is wrong in the page's form, in the order of its fields. Shown on top and beside each field.
    fn problems(&self) -> Problems {
        Problems::default()
    }
}
