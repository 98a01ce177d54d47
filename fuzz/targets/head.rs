//! Looks for bytes that break [`poort::http::properties::head`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::http::properties::head(data));
