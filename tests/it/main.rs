//! The tests that drive the gateway in process, in one binary.

mod architecture;
mod harness;
mod store_contract;
