//! What must hold of what clients send, whatever it is.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use url::form_urlencoded;

use super::{
    client::basic,
    parameters::as_query,
    request::{Refused, check},
};
use crate::{
    base::{Language, Timestamp},
    config::{Placement, Scheme, Source, tenants},
    domain::tenant::Tenant,
};

const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);

static TENANT: LazyLock<Tenant> = LazyLock::new(|| {
    let file = Source::new("base.toml", include_str!("../../tests/config/valid/tenants/base.toml"));
    let placement = Placement::public(Scheme::Https, 443);
    tenants(&[file], &placement).expect("a tenant").remove(0)
});

/// The query of an authorization request. Nobody is sent to an address that is not registered, a request that goes on is what
/// another reader finds in the query, and gives no more than the client may have.
pub fn authorization_request(data: &[u8]) {
    let Ok(query) = std::str::from_utf8(data) else { return };
    let said = |name: &str| {
        let mut values = form_urlencoded::parse(data).filter(|(known, _)| known == name).map(|(_, value)| value);
        let value = values.next().filter(|value| !value.is_empty());
        assert!(values.next().is_none(), "{name} stands twice");
        value.map(std::borrow::Cow::into_owned)
    };
    let registered = |uri: &str| {
        let client = said("client_id").and_then(|id| TENANT.client(&id)).expect("a client");
        assert!(client.redirect_uris.iter().any(|known| known == uri) && said("redirect_uri").as_deref() == Some(uri));
    };
    match check(&TENANT, Language::Nl, query, NOW) {
        Err(Refused::Shown(..)) => {}
        Err(Refused::Told(told)) => {
            registered(&told.redirect_uri);
            assert!(told.state.is_none() || told.state == said("state"));
            assert!(!told.description.is_empty());
        }
        Ok(checked) => {
            let (client, request) = (checked.client, &checked.request);
            registered(&request.redirect_uri);
            assert_eq!((Some(&request.client), Some(&client.id)), (said("client_id").as_ref(), Some(&request.client)));
            assert_eq!((&request.state, &request.nonce), (&said("state"), &said("nonce")));
            assert_eq!(
                (said("response_type").as_deref(), said("code_challenge_method").as_deref()),
                (Some("code"), Some("S256"))
            );
            assert_eq!((said("code_challenge"), request.challenge.len()), (Some(request.challenge.clone()), 43));
            let asked = said("scope").unwrap_or_default();
            for scope in request.scope.split(' ') {
                assert!(client.scopes.iter().any(|may| may == scope) && asked.split(' ').any(|asks| asks == scope));
            }
            assert!(request.scope.split(' ').any(|scope| scope == "openid"));
            assert!(client.may_ask_for(&request.audience, &TENANT));
            assert!(said("resource").is_none_or(|resource| resource == request.audience));
            assert!(said("request").is_none() && said("request_uri").is_none());
            assert!(request.login_since.is_none_or(|since| since <= NOW));
        }
    }
    if let Some(query) = as_query(data) {
        let url = url::Url::parse(&format!("https://login.example/authorize?{query}")).expect("a URL");
        assert!(url.fragment().is_none() && url.path() == "/authorize");
        assert!(url.query_pairs().eq(form_urlencoded::parse(data)));
    }
}

/// `Authorization: Basic`: the id in the first line and the secret in the rest come back as they were written; what a header
/// says, written again, says the same.
pub fn basic_credentials(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let written = |id: &str, secret: &str| {
        let part = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        format!("Basic {}", STANDARD.encode(format!("{}:{}", part(id), part(secret))))
    };
    let (id, secret) = text.split_once('\n').unwrap_or((text, ""));
    assert_eq!(basic(&written(id, secret)), Some((id.to_owned(), secret.to_owned())));
    for header in [text.to_owned(), format!("Basic {}", STANDARD.encode(data))] {
        if let Some((id, secret)) = basic(&header) {
            assert_eq!(basic(&written(&id, &secret)), Some((id, secret)));
        }
    }
}
