//! Looks for bytes that break [`poort::login::properties::card_token`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::login::properties::card_token(data));
