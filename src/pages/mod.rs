//! Floor 6: what a person sees of Poort.
//!
//! `text` holds every sentence in every language, `views` one struct per page with the plain data that it shows,
//! `templates/` the HTML of those structs, `assets` the stylesheet and script.
//!
//! Architecture invariant: a page works without JavaScript, holds no inline style or script (the content security
//! policy forbids both) and loads nothing from another host.

pub mod assets;
pub mod qr;
pub mod text;
pub mod views;
