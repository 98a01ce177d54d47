//! Several replicas on one PostgreSQL and one Redis: real processes of `poort serve`, between which a balancer of the test
//! switches at every single request. What happens when one of them is killed, when Redis or PostgreSQL hangs, stops or changes
//! places, and when a replica is cut off from its database.
//!
//! Foreign software: PostgreSQL, Redis. Ours: the balancer, the wire that can be cut, the mail server that counts. The cable
//! that is pulled is the kernel's (a network namespace: as root, with `ip`).
//! Without what they need on the machine these tests are left out; in CI that is a failure. The long loops run when
//! POORT_TEST_KILLS names how many kills (`tests/run faults`).

mod cable;
mod cluster;
mod drain;
mod freshness;
mod kills;
mod mails;
mod partition;
mod post;
mod postgres;
mod process;
mod redis;
mod redis_tls;
mod servers;
mod walk;
mod wire;
