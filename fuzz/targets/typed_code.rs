//! Looks for bytes that break [`poort::login::properties::typed_code`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::login::properties::typed_code(data));
