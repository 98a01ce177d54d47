//! What every test needs.

pub mod application;
pub mod browser;
pub mod databases;
pub mod demo;
pub mod gateway;
pub mod people;
pub mod provider;
pub mod receiver;
pub mod registers;
pub mod resolver;
pub mod saml;
