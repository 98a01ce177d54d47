//! Spans of requests on their way to an OpenTelemetry collector, by OTLP over HTTP.
//!
//! They are sent in batches behind the requests. A collector that does not answer costs spans, and nothing else.

use std::{
    future::Future,
    pin::Pin,
    time::{Duration, SystemTime},
};

use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use opentelemetry::{
    InstrumentationScope, KeyValue, SpanId, TraceFlags, TraceId,
    trace::{SpanContext, SpanKind, Status, TraceState},
};
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter as OtlpExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SpanData, SpanEvents, SpanExporter, SpanLinks},
};
use tokio::{sync::mpsc, task::JoinHandle};
use url::Url;

use crate::{
    base::Random,
    config::gateway::Traces,
    http::spans::{Kind, Span, Spans, Value},
};

/// Spans that wait at most; further ones are dropped, and counted.
const WAITING: usize = 4096;

/// Spans that are sent together at most.
const BATCH: usize = 512;

/// How long spans wait for others.
const GATHER: Duration = Duration::from_secs(1);

/// How long the collector may take.
pub const TIMEOUT: Duration = Duration::from_secs(5);

/// The largest answer of a collector.
const ANSWER: usize = 64 << 10;

/// Where spans go: to the collector of the settings, or nowhere. The task sends them, until nobody can hand in any more.
///
/// # Errors
/// When the collector's address cannot be used.
pub fn start(settings: &Traces, random: &Random) -> anyhow::Result<(Spans, JoinHandle<()>)> {
    let Some(collector) = &settings.collector else { return Ok((Spans::default(), tokio::spawn(async {}))) };
    let exporter = exporter(collector).context("traces.collector")?;
    let (sender, receiver) = mpsc::channel(WAITING);
    Ok((Spans::to(sender, settings.one_in, random.clone()), tokio::spawn(send(exporter, receiver))))
}

fn exporter(collector: &Url) -> anyhow::Result<OtlpExporter> {
    let mut exporter = OtlpExporter::builder()
        .with_http()
        .with_http_client(Sender(Client::builder(TokioExecutor::new()).build_http()))
        .with_endpoint(collector.join("/v1/traces")?.as_str())
        .with_timeout(TIMEOUT)
        .build()?;
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    exporter.set_resource(&Resource::builder_empty().with_service_name("poort").with_attribute(version).build());
    Ok(exporter)
}

async fn send(exporter: OtlpExporter, mut receiver: mpsc::Receiver<Span>) {
    let scope = InstrumentationScope::builder("poort").build();
    let mut spans = Vec::with_capacity(BATCH);
    let mut failing = false;
    while receiver.recv_many(&mut spans, BATCH).await > 0 {
        let gathered = tokio::time::Instant::now() + GATHER;
        while spans.len() < BATCH {
            match tokio::time::timeout_at(gathered, receiver.recv()).await {
                Ok(Some(span)) => spans.push(span),
                Ok(None) | Err(_) => break,
            }
        }
        let count = spans.len() as u64;
        match exporter.export(spans.drain(..).map(|span| data(span, &scope)).collect()).await {
            Ok(()) if std::mem::take(&mut failing) => tracing::info!("the collector takes spans again"),
            Ok(()) => {}
            Err(error) => {
                metrics::counter!("poort_spans_dropped_total").increment(count);
                if !std::mem::replace(&mut failing, true) {
                    tracing::warn!(%error, "the collector takes no spans");
                }
            }
        }
    }
}

fn data(span: Span, scope: &InstrumentationScope) -> SpanData {
    let Span { trace, name, kind, began, within, took, failed, attributes } = span;
    let start_time =
        SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(began.millis()).unwrap_or(0)) + within;
    let attributes = attributes.into_iter().map(|(key, value)| match value {
        Value::Text(text) => KeyValue::new(key, text),
        Value::Number(number) => KeyValue::new(key, number),
    });
    SpanData {
        span_context: SpanContext::new(
            TraceId::from_bytes(trace.id()),
            SpanId::from_bytes(trace.span()),
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        ),
        parent_span_id: trace.parent().map_or(SpanId::INVALID, SpanId::from_bytes),
        parent_span_is_remote: kind == Kind::Server && trace.is_continued(),
        span_kind: match kind {
            Kind::Server => SpanKind::Server,
            Kind::Client => SpanKind::Client,
            Kind::Internal => SpanKind::Internal,
        },
        name: name.into(),
        start_time,
        end_time: start_time + took,
        attributes: attributes.collect(),
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: if failed { Status::error("") } else { Status::Unset },
        instrumentation_scope: scope.clone(),
    }
}

/// Sends what the exporter wrote.
#[derive(Debug)]
struct Sender(Client<HttpConnector, Full<Bytes>>);

impl HttpClient for Sender {
    fn send_bytes<'s, 'f>(
        &'s self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        let sent = self.0.request(request.map(Full::new));
        Box::pin(async move {
            let (head, body) = tokio::time::timeout(TIMEOUT, sent).await??.into_parts();
            let body = tokio::time::timeout(TIMEOUT, Limited::new(body, ANSWER).collect()).await??;
            Ok(Response::from_parts(head, body.to_bytes()))
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, extract::State, routing::post};
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
    use prost::Message;
    use tokio::net::TcpListener;

    use super::*;
    use crate::{
        base::Clock,
        http::trace::{RequestId, Trace},
    };

    /// A collector: what it gets is read by the definitions that OpenTelemetry publishes.
    async fn collector() -> (Url, mpsc::Receiver<ExportTraceServiceRequest>) {
        let (sender, receiver) = mpsc::channel(8);
        let take = async |State(sender): State<mpsc::Sender<ExportTraceServiceRequest>>, body: Bytes| {
            sender.send(ExportTraceServiceRequest::decode(body).expect("OTLP")).await.expect("somebody reads");
        };
        let router = Router::new().route("/v1/traces", post(take)).with_state(sender);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (url.parse().expect("a URL"), receiver)
    }

    #[tokio::test]
    async fn spans_reach_a_collector_as_otlp_with_the_ids_that_registers_are_told() {
        let (url, mut received) = collector().await;
        let random = Random::system();
        let settings = Traces { collector: Some(url), ..Traces::default() };
        let (spans, sent) = start(&settings, &random).expect("starts");
        let clock = Clock::frozen(crate::base::Timestamp::from_millis(1_795_348_800_000));
        let steps = spans.begin(Trace::begin(&RequestId::new(&random), &random), &clock);
        let request = *steps.trace();
        let asked = *steps.ask("register").trace();
        steps.answered(&http::Method::GET, Some("/me"), http::StatusCode::BAD_GATEWAY, "register");
        drop(spans);
        sent.await.expect("everything is sent before it ends");
        let got = received.recv().await.expect("a batch");
        let scope = &got.resource_spans[0].scope_spans[0];
        let [client, server] = scope.spans.as_slice() else { panic!("{scope:?}") };
        assert_eq!((client.name.as_str(), server.name.as_str()), ("register", "GET /me"));
        assert_eq!((&*client.trace_id, &*server.trace_id), (&request.id()[..], &request.id()[..]));
        assert_eq!((&*client.span_id, &*client.parent_span_id), (&asked.span()[..], &request.span()[..]));
        assert_eq!(server.start_time_unix_nano, 1_795_348_800_000_000_000);
        assert_eq!(server.status.as_ref().map(|status| status.code), Some(2), "an error");
        let resource = got.resource_spans[0].resource.as_ref().expect("a resource");
        assert!(resource.attributes.iter().any(|attribute| attribute.key == "service.name"));
    }

    #[tokio::test]
    async fn a_collector_that_is_down_costs_spans_and_nothing_else() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        drop(listener);
        let settings = Traces { collector: Some(url.parse().expect("a URL")), ..Traces::default() };
        let random = Random::system();
        let (spans, sent) = start(&settings, &random).expect("starts");
        let steps = spans.begin(Trace::begin(&RequestId::new(&random), &random), &Clock::system());
        steps.answered(&http::Method::GET, None, http::StatusCode::OK, "login");
        drop(spans);
        sent.await.expect("it ends");
    }
}
