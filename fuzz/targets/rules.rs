//! Looks for bytes that break [`poort::policy::properties::rules`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::policy::properties::rules(data));
