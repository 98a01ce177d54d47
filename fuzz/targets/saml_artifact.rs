//! Looks for bytes that break [`poort::login::properties::saml_artifact`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::login::properties::saml_artifact(data));
