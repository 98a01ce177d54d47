//! Looks for bytes that break [`poort::http::properties::framing`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::http::properties::framing(data));
