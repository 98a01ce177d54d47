//! Looks for bytes that break [`poort::login::properties::card_subject`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::login::properties::card_subject(data));
