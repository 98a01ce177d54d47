//! The tests that drive the gateway in process, in one binary.

mod harness;
mod store_contract;
