//! Looks for bytes that break [`poort::proxy::properties::to_a_client`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poort::proxy::properties::to_a_client(data));
