//! Looks for bytes that break [`poort::api::properties::fact_row`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::api::properties::fact_row(data));
