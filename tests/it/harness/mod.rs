//! What every test needs.

pub mod application;
pub mod authenticator;
pub mod backends;
pub mod broker;
pub mod browser;
pub mod certificates;
pub mod cards;
pub mod cast;
pub mod chance;
pub mod databases;
pub mod demo;
pub mod doors;
pub mod encrypted;
pub mod gateway;
pub mod made_keys;
pub mod open_streams;
pub mod people;
pub mod phone;
pub mod provider;
pub mod receiver;
pub mod registers;
pub mod socket;
pub mod resolver;
pub mod saml;
