//! A program elsewhere that is told of logouts: keeps the forms it gets, and answers what the test wants.

use std::{
    collections::VecDeque,
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http::{Request, Response, header::LOCATION};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use url::form_urlencoded;

/// A form that came: the method and path, and its fields.
type Form = (String, Vec<(String, String)>);

/// The program.
pub struct Receiver {
    pub address: SocketAddr,
    got: Mutex<Vec<Form>>,
    pub answers: Mutex<VecDeque<u16>>,
}

impl Receiver {
    /// Starts it on a free port; it ends with the test.
    pub async fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let this = Arc::new(Self { address, got: Mutex::default(), answers: Mutex::default() });
        let receiver = this.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let receiver = receiver.clone();
                let service = service_fn(move |request| answer(receiver.clone(), request));
                tokio::spawn(
                    async move { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await },
                );
            }
        });
        this
    }

    /// The address of one of its paths.
    pub fn url(&self, path: &str) -> String {
        format!("http://app.localhost:{}{path}", self.address.port())
    }

    /// From now on it answers with these, one after the other, and then with 200.
    pub fn answers(&self, statuses: &[u16]) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).extend(statuses);
    }

    /// What it got since it was last asked: where, and which fields.
    pub fn take(&self) -> Vec<Form> {
        std::mem::take(&mut *self.got.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The logout tokens among that, by path.
    pub fn tokens(&self) -> Vec<(String, String)> {
        let one = |(path, fields): Form| {
            let [(name, token)] = &fields[..] else { panic!("not one field: {fields:?}") };
            assert_eq!(name, "logout_token");
            (path, token.clone())
        };
        self.take().into_iter().map(one).collect()
    }
}

async fn answer(receiver: Arc<Receiver>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let got = format!("{} {}", head.method, head.uri);
    let fields = form_urlencoded::parse(&body).into_owned().collect();
    receiver.got.lock().unwrap_or_else(PoisonError::into_inner).push((got, fields));
    let status = receiver.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or(200);
    let response = Response::builder().status(status).header(LOCATION, receiver.url("/elsewhere"));
    Ok(response.body(Full::default()).expect("a response"))
}
