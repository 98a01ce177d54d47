//! Looks for bytes that break [`poort::token::properties::client_assertion`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::token::properties::client_assertion(data));
