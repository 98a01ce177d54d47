//! Looks for bytes that break [`poort::domain::properties::host`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::domain::properties::host(data));
