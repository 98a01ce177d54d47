//! Where artifacts are resolved: SOAP, over TLS with both certificates. An artifact is resolved once.

use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use http::{Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::Digid;
use crate::demo::stand_in::{Failure, SLOW};

/// Bytes of a question at most.
const QUESTION: usize = 64 * 1024;

/// Answers until it is told to stop.
pub(super) async fn serve(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    digid: Arc<Digid>,
    stopping: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = stopping.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        tokio::spawn(connection(stream, acceptor.clone(), digid.clone()));
    }
}

async fn connection(stream: TcpStream, acceptor: TlsAcceptor, digid: Arc<Digid>) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let service = service_fn(move |request: http::Request<Incoming>| {
        let digid = digid.clone();
        async move {
            let body = Limited::new(request.into_body(), QUESTION).collect().await.ok();
            let body = body.and_then(|body| String::from_utf8(body.to_bytes().to_vec()).ok());
            let answer = digid.resolve(&body.unwrap_or_default()).await;
            // What cannot be read, or is not the gateway's, gets no answer of SAML.
            let (status, text) = answer.map_or((StatusCode::NOT_FOUND, String::new()), |text| (StatusCode::OK, text));
            let response = Response::builder().status(status).header(CONTENT_TYPE, "text/xml; charset=utf-8");
            response.body(Full::new(Bytes::from(text)))
        }
    });
    let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

impl Digid {
    async fn resolve(&self, body: &str) -> Option<String> {
        let (id, artifact) = self.question(body)?;
        let grant = self.grants.lock().unwrap_or_else(PoisonError::into_inner).remove(&artifact);
        match grant.as_ref().and_then(|grant| grant.failure) {
            Some(Failure::Slow) => tokio::time::sleep(SLOW).await,
            Some(Failure::Malformed) => return Some("<html>Service unavailable</html>".to_owned()),
            _ => {}
        }
        self.answer(&id, grant.as_ref())
    }

    /// The `ID` of a question, and the artifact in it, when the gateway signed it.
    fn question(&self, body: &str) -> Option<(String, String)> {
        if !bergshamra::verify(&self.author.keys.verifying()?, body).ok()?.is_valid() {
            return None;
        }
        let document = uppsala::parse(body).ok()?;
        let one = |name: &str| document.get_elements_by_tag_name(name).first().copied();
        let id = document.get_attribute(one("ArtifactResolve")?, "ID")?.to_owned();
        Some((id, document.text_content_deep(one("Artifact")?)))
    }
}
