//! Looks for bytes that break [`poort::config::properties::gateway_file`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::config::properties::gateway_file(data));
