//! Looks for bytes that break [`poort::token::properties::jwe`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::token::properties::jwe(data));
