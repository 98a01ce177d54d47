//! Looks for bytes that break [`poort::domain::properties::return_path`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::domain::properties::return_path(data));
