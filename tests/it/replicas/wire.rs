//! What stands between: a balancer that never sends two requests in a row to one replica, and a wire that can go dead.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream, tcp},
    sync::watch,
    task::AbortHandle,
};

/// Sends each connection, which is one request of these tests, to another replica than the one before.
pub struct Balancer {
    pub address: SocketAddr,
    state: Arc<State>,
    task: AbortHandle,
}

#[derive(Default)]
struct State {
    places: Mutex<Vec<Place>>,
    turn: AtomicUsize,
    only: AtomicUsize,
    armed: Mutex<Option<Armed>>,
}

struct Place {
    port: u16,
    out: AtomicBool,
    served: AtomicUsize,
}

/// What is to happen under a request.
pub struct Armed {
    /// How many requests come before it.
    pub after: usize,
    /// Called with the place of the replica that got the request.
    pub then: Box<dyn FnOnce(usize) + Send>,
}

impl Balancer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State { only: AtomicUsize::new(usize::MAX), ..State::default() });
        let shared = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(shared.clone().pass(stream));
            }
        });
        Self { address, state, task: task.abort_handle() }
    }

    /// The replicas, by their ports.
    pub fn over(&self, ports: impl IntoIterator<Item = u16>) {
        let place = |port| Place { port, out: AtomicBool::new(false), served: AtomicUsize::new(0) };
        *self.state.places() = ports.into_iter().map(place).collect();
    }

    /// Sends everything to one replica, until `None`.
    pub fn only(&self, place: Option<usize>) {
        self.state.only.store(place.unwrap_or(usize::MAX), Ordering::SeqCst);
    }

    /// Sends nothing new to a replica, or again.
    pub fn out(&self, place: usize, out: bool) {
        self.state.places()[place].out.store(out, Ordering::SeqCst);
    }

    /// How many requests each replica got.
    pub fn served(&self) -> Vec<usize> {
        self.state.places().iter().map(|place| place.served.load(Ordering::SeqCst)).collect()
    }

    /// Lets something happen under a request to come.
    pub fn arm(&self, armed: Armed) {
        *self.state.armed.lock().unwrap_or_else(PoisonError::into_inner) = Some(armed);
    }

    /// Whether what was armed has not happened.
    pub fn disarm(&self) -> bool {
        self.state.armed.lock().unwrap_or_else(PoisonError::into_inner).take().is_some()
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl State {
    fn places(&self) -> std::sync::MutexGuard<'_, Vec<Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The replicas in the order in which they are tried for the next request.
    fn order(&self) -> Vec<(usize, u16)> {
        let only = self.only.load(Ordering::SeqCst);
        let turn = self.turn.fetch_add(1, Ordering::SeqCst);
        let places = self.places();
        let all = (0..places.len()).map(|i| (turn + i) % places.len());
        let (inside, outside): (Vec<_>, Vec<_>) =
            all.filter(|i| only == usize::MAX || only == *i).partition(|i| !places[*i].out.load(Ordering::SeqCst));
        // When all are out, anybody is better than nobody.
        let chosen = if inside.is_empty() { outside } else { inside };
        chosen.into_iter().map(|i| (i, places[i].port)).collect()
    }

    async fn pass(self: Arc<Self>, mut client: TcpStream) {
        for (place, port) in self.order() {
            let Ok(mut replica) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
            self.places()[place].served.fetch_add(1, Ordering::SeqCst);
            self.fire(place);
            let _ended = copy_bidirectional(&mut client, &mut replica).await;
            return;
        }
    }

    fn fire(&self, place: usize) {
        let mut armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        match armed.take() {
            Some(Armed { after: 0, then }) => then(place),
            Some(later) => *armed = Some(Armed { after: later.after - 1, ..later }),
            None => {}
        }
    }
}

/// A wire to a server. It can go dead: then nothing comes through, either way, and nobody is told.
pub struct Wire {
    pub address: SocketAddr,
    dead: watch::Sender<bool>,
    task: AbortHandle,
}

impl Wire {
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let dead = watch::Sender::new(false);
        let is_dead = dead.subscribe();
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, target, is_dead.clone()));
            }
        });
        Self { address, dead, task: task.abort_handle() }
    }

    /// Makes it dead, or alive again.
    pub fn dead(&self, dead: bool) {
        self.dead.send_replace(dead);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(near: TcpStream, to: SocketAddr, mut dead: watch::Receiver<bool>) {
    let Ok(_) = dead.wait_for(|dead| !dead).await else { return };
    let Ok(far) = TcpStream::connect(to).await else { return };
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    tokio::select! {
        () = one_way(near_in, far_out, dead.clone()) => {}
        () = one_way(far_in, near_out, dead) => {}
    }
}

async fn one_way(mut from: tcp::OwnedReadHalf, mut to: tcp::OwnedWriteHalf, mut dead: watch::Receiver<bool>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if dead.wait_for(|dead| !dead).await.is_err() || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
    // Whoever has hung up behind a dead wire is not heard either.
    let _alive = dead.wait_for(|dead| !dead).await;
}

/// Waits until something is so, for at most `most`; whether it became so.
pub async fn becomes(most: Duration, mut so: impl AsyncFnMut() -> bool) -> bool {
    let waiting = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(most, waiting).await.is_ok()
}
