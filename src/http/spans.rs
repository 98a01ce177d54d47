//! What a trace shows of a request: a span for the whole, and one for each step of it that may take time.
//!
//! Names and attributes follow OpenTelemetry's conventions for HTTP servers. They hold patterns, words and numbers only: no
//! path, address or identifier of a person. Without a collector nothing is made, and a step costs one look at an `Option`.

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use http::{Method, StatusCode};
use tokio::sync::mpsc;

use super::trace::Trace;
use crate::base::{Clock, Random, Timestamp};

/// A span that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its place in its trace.
    pub trace: Trace,
    /// What it is about.
    pub name: String,
    /// Who asks whom.
    pub kind: Kind,
    /// When it began.
    pub began: Timestamp,
    /// How far into that millisecond.
    pub within: Duration,
    /// How long it took.
    pub took: Duration,
    /// Whether it failed by a fault of ours or of a register's.
    pub failed: bool,
    /// What else is known.
    pub attributes: Vec<(&'static str, Value)>,
}

/// Who asks whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A client asks the gateway.
    Server,
    /// The gateway asks a register.
    Client,
    /// A step of the gateway's own.
    Internal,
}

/// What an attribute says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Value {
    Text(String),
    Number(i64),
}

/// Where spans go that have ended: nowhere, unless an operator names a collector.
#[derive(Clone, Default)]
pub struct Spans(Option<Sink>);

#[derive(Clone)]
struct Sink {
    spans: mpsc::Sender<Span>,
    one_in: NonZeroU32,
    random: Random,
}

impl Spans {
    /// To whoever receives them. Of the traces that begin here one in so many is kept. When the receiver is full, spans are
    /// dropped: a request never waits for its trace.
    #[must_use]
    pub const fn to(spans: mpsc::Sender<Span>, one_in: NonZeroU32, random: Random) -> Self {
        Self(Some(Sink { spans, one_in, random }))
    }

    /// A request comes in.
    #[must_use]
    pub fn begin(&self, trace: Trace, clock: &Clock) -> Steps {
        match &self.0 {
            None => Steps { trace, recorder: None },
            Some(sink) => {
                let trace = trace.kept_one_in(sink.one_in);
                let recorder = trace.is_sampled().then(|| Recorder {
                    spans: sink.spans.clone(),
                    random: sink.random.clone(),
                    began: clock.now(),
                    since: Instant::now(),
                });
                Steps { trace, recorder }
            }
        }
    }
}

/// The steps of one request.
pub struct Steps {
    trace: Trace,
    recorder: Option<Recorder>,
}

struct Recorder {
    spans: mpsc::Sender<Span>,
    random: Random,
    began: Timestamp,
    since: Instant,
}

impl Steps {
    /// The request's own span.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Begins a step of the gateway's own; it ends when it is dropped, also when the request is given up.
    #[must_use = "a step lasts until it is dropped"]
    pub fn step(&self, name: &'static str) -> Step<'_> {
        self.begin(name, Kind::Internal)
    }

    /// Begins to ask a register. Its trace goes along ([`Step::trace`]).
    #[must_use = "a step lasts until it is dropped"]
    pub fn ask(&self, name: &'static str) -> Step<'_> {
        self.begin(name, Kind::Client)
    }

    fn begin(&self, name: &'static str, kind: Kind) -> Step<'_> {
        let recorder = self.recorder.as_ref();
        let trace = recorder.map_or(self.trace, |recorder| self.trace.child(&recorder.random));
        Step { recorder, trace, name, kind, after: recorder.map(|recorder| recorder.since.elapsed()) }
    }

    /// The request is answered. `route` is the pattern that it matched.
    pub fn answered(self, method: &Method, route: Option<&str>, status: StatusCode, door: &'static str) {
        let Some(recorder) = self.recorder else { return };
        let mut attributes = vec![
            ("http.request.method", Value::Text(method.to_string())),
            ("http.response.status_code", Value::Number(status.as_u16().into())),
            ("poort.door", Value::Text(door.to_owned())),
        ];
        attributes.extend(route.map(|route| ("http.route", Value::Text(route.to_owned()))));
        let failed = status.is_server_error();
        if failed {
            attributes.push(("error.type", Value::Text(status.as_u16().to_string())));
        }
        recorder.hand_in(Span {
            trace: self.trace,
            name: route.map_or_else(|| method.to_string(), |route| format!("{method} {route}")),
            kind: Kind::Server,
            began: recorder.began,
            within: Duration::ZERO,
            took: recorder.since.elapsed(),
            failed,
            attributes,
        });
    }
}

impl Recorder {
    fn hand_in(&self, span: Span) {
        if self.spans.try_send(span).is_err() {
            metrics::counter!("poort_spans_dropped_total").increment(1);
        }
    }
}

/// A step that is under way.
pub struct Step<'a> {
    recorder: Option<&'a Recorder>,
    trace: Trace,
    name: &'static str,
    kind: Kind,
    after: Option<Duration>,
}

impl Step<'_> {
    /// Its place in the trace: what a register is told.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }
}

impl Drop for Step<'_> {
    fn drop(&mut self) {
        let (Some(recorder), Some(after)) = (self.recorder, self.after) else { return };
        let millis = Duration::from_millis(u64::try_from(after.as_millis()).unwrap_or(u64::MAX));
        recorder.hand_in(Span {
            trace: self.trace,
            name: self.name.to_owned(),
            kind: self.kind,
            began: recorder.began.plus(millis),
            within: after.saturating_sub(millis),
            took: recorder.since.elapsed().saturating_sub(after),
            failed: false,
            attributes: Vec::new(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::trace::RequestId;

    fn one_in(n: u32) -> NonZeroU32 {
        NonZeroU32::new(n).expect("at least one")
    }

    fn begun(n: u32) -> (Steps, mpsc::Receiver<Span>) {
        let random = Random::system();
        let (sender, receiver) = mpsc::channel(8);
        let spans = Spans::to(sender, one_in(n), random.clone());
        let clock = Clock::frozen(Timestamp::from_millis(1_000));
        (spans.begin(Trace::begin(&RequestId::new(&random), &random), &clock), receiver)
    }

    #[test]
    fn a_request_and_its_steps_are_one_trace() {
        let (steps, mut receiver) = begun(1);
        let request = *steps.trace();
        drop(steps.step("policy"));
        let asked = *steps.ask("register").trace();
        steps.answered(&Method::GET, Some("/dossiers/{riziv}"), StatusCode::BAD_GATEWAY, "register");
        let spans: Vec<Span> = std::iter::from_fn(|| receiver.try_recv().ok()).collect();
        let names: Vec<_> = spans.iter().map(|span| (span.name.as_str(), span.kind, span.failed)).collect();
        assert_eq!(
            names,
            [
                ("policy", Kind::Internal, false),
                ("register", Kind::Client, false),
                ("GET /dossiers/{riziv}", Kind::Server, true)
            ]
        );
        assert_eq!(spans[1].trace, asked, "the register continues the step that asked it");
        assert!(spans.iter().all(|span| span.trace.id() == request.id()));
        assert!(spans[..2].iter().all(|span| span.trace.parent() == Some(request.span())));
        assert_eq!(spans[2].trace.parent(), None);
    }

    #[test]
    fn of_many_traces_one_in_so_many_is_kept_and_the_register_is_told() {
        let kept = (0..4096).filter(|_| begun(16).0.trace().is_sampled()).count();
        assert!((64..1024).contains(&kept), "about 256: {kept}");
        let (steps, mut receiver) = begun(u32::MAX);
        if !steps.trace().is_sampled() {
            assert!(steps.ask("register").trace().header().to_str().expect("ASCII").ends_with("-00"));
            steps.answered(&Method::GET, None, StatusCode::OK, "login");
            assert!(receiver.try_recv().is_err());
        }
    }

    #[test]
    fn without_a_collector_the_trace_goes_on_as_it_is() {
        let random = Random::system();
        let trace = Trace::begin(&RequestId::new(&random), &random);
        let steps = Spans::default().begin(trace, &Clock::system());
        assert_eq!(*steps.ask("register").trace(), trace);
    }
}
