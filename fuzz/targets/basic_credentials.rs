//! Looks for bytes that break [`poort::provider::properties::basic_credentials`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::provider::properties::basic_credentials(data));
