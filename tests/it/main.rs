//! The tests that drive the gateway in process, in one binary.

mod attacks;
mod harness;
mod protocol;
mod store_contract;
