//! The way through, on real sockets: a client that writes bytes as they are, the real listener, [`forward`](super::forward), and a
//! backend that is a script on a socket. All bytes of requests and responses in these tests are ours; hyper reads and writes between.

mod faults;
mod identity;
mod paths;
mod profile;
mod rig;
mod streams;
mod tls;
mod websocket;
