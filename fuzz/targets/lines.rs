//! Looks for bytes that break [`poort::api::properties::lines`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::api::properties::lines(data));
