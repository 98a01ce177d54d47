//! What an operator sees of a request in a trace, and what never.

use http::Method;
use poort::http::spans::{Kind, Value};

use crate::harness::{
    demo::{ELS, JAN},
    gateway::{Gateway, PRO},
};

#[tokio::test]
async fn proxy_1_a_trace_shows_the_steps_of_a_request_and_the_register_continues_it() {
    for gateway in Gateway::demos().await {
        let number = gateway.number(PRO, JAN).await;
        let mut browser = gateway.browser();
        browser.open_for(&format!("/dossiers/{number}"), ELS, "Claes").await;
        gateway.spans();
        assert_eq!(browser.ask(&format!("/dossiers/{number}?x=1")).await.status, 200);
        let spans = gateway.spans();
        let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
        assert_eq!(names, ["session", "policy", "audit", "token", "register", "GET /dossiers/{riziv}"]);
        let (steps, request) = spans.split_at(5);
        assert!(steps.iter().all(|step| step.trace.parent() == Some(request[0].trace.span())), "{}", gateway.name());
        assert_eq!((steps[4].kind, request[0].kind), (Kind::Client, Kind::Server));
        let told = gateway.registers.last();
        assert_eq!(told.header("traceparent"), steps[4].trace.header(), "the register's spans hang below the question");
        assert!(request[0].attributes.contains(&("http.response.status_code", Value::Number(200))));
        let all = format!("{spans:?}");
        assert!(!all.contains(&number), "a person's number is in no trace: {all}");
    }
}

#[tokio::test]
async fn proxy_2_a_refused_request_stops_at_the_step_that_refused_it() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_for(&format!("/dossiers/{}", gateway.number(PRO, JAN).await), ELS, "Claes").await;
    gateway.spans();
    assert_eq!(browser.ask("/dossiers/19999975004").await.status, 404);
    let names: Vec<String> = gateway.spans().into_iter().map(|span| span.name).collect();
    assert_eq!(names, ["session", "policy", "GET /dossiers/{riziv}"]);
}

#[tokio::test]
async fn login_1_a_page_of_the_login_host_is_named_by_its_pattern() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    assert!(page.is_at("/login/"), "{}", page.url);
    let spans = gateway.spans();
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    assert!(names.contains(&"GET /login/{attempt}"), "{names:?}");
    let reply = browser.once(Method::GET, &format!("{}/no/such/page", gateway.tenant().origin), &[], None).await;
    assert_eq!(reply.status, 404);
    assert_eq!(gateway.spans().pop().expect("a span").name, "GET");
}
