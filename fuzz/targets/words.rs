//! Looks for bytes that break [`poort::base::properties::words`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::base::properties::words(data));
