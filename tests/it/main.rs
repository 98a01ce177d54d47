//! The tests that drive the gateway in process, in one binary.

mod architecture;
mod attacks;
mod care;
mod harness;
mod protocol;
mod replicas;
mod store_contract;
mod stories;
