//! Looks for bytes that break [`poort::provider::properties::authorization_request`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::provider::properties::authorization_request(data));
