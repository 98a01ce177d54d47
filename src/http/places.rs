//! Places for connections: so many in all, and so many for one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OwnedSemaphorePermit;

/// How many connections each address has.
#[derive(Clone, Debug, Default)]
pub(super) struct Addresses(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection's place; free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_address: Option<OfAddress>,
}

#[derive(Debug)]
struct OfAddress {
    addresses: Addresses,
    address: IpAddr,
}

impl Addresses {
    /// A place for a connection from `address`; `None` when it has `most` already. Without `most` it is not counted.
    pub(super) fn place(&self, of_all: OwnedSemaphorePermit, address: IpAddr, most: Option<usize>) -> Option<Place> {
        let Some(most) = most else { return Some(Place { _of_all: of_all, _of_address: None }) };
        // One form: an IPv4 address may come mapped into IPv6.
        let address = address.to_canonical();
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        let of_address = OfAddress { addresses: self.clone(), address };
        Some(Place { _of_all: of_all, _of_address: Some(of_address) })
    }
}

impl Drop for OfAddress {
    fn drop(&mut self) {
        let mut counts = self.addresses.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Semaphore;

    use super::*;

    #[test]
    fn one_address_cannot_take_every_place() {
        let all = Arc::new(Semaphore::new(10));
        let addresses = Addresses::default();
        let take = |address: &str, most| {
            let of_all = all.clone().try_acquire_owned().expect("a place");
            addresses.place(of_all, address.parse().expect("an address"), most)
        };
        let first = take("192.0.2.1", Some(2)).expect("a place");
        let second = take("::ffff:192.0.2.1", Some(2)).expect("the same address, its second place");
        assert!(take("192.0.2.1", Some(2)).is_none());
        let proxy = take("192.0.2.1", None).expect("a trusted proxy is not counted");
        let other = take("192.0.2.2", Some(2)).expect("another address");
        drop(first);
        let third = take("192.0.2.1", Some(2)).expect("free again");
        drop((second, third, proxy, other));
        assert!(addresses.0.lock().expect("whole").is_empty(), "nothing is remembered of who is gone");
        assert_eq!(all.available_permits(), 10, "a refused connection gives its place back");
    }
}
