//! Looks for bytes that break [`poort::login::properties::ocsp_answer`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::login::properties::ocsp_answer(data));
