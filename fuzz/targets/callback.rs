//! Looks for bytes that break [`poort::domain::properties::callback`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::domain::properties::callback(data));
