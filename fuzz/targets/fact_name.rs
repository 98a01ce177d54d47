//! Looks for bytes that break [`poort::domain::properties::fact_name`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::domain::properties::fact_name(data));
