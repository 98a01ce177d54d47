//! Which client asks at an endpoint for clients, and how it proves it (RFC 6749 section 2.3, OpenID Connect Core 1.0 section 9, RFC 8705
//! section 2).
//!
//! A client is registered for one way and uses that one; a request uses one way. Every failure is the one `invalid_client`, and who
//! fails too often is not heard for a while. A certificate is that of the connection, and never one of a header.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};
use subtle::ConstantTimeEq;

use super::{json::Refused, parameters::Parameters};
use crate::{
    base::token::TokenDigest,
    domain::{
        client::{Client, ClientAuthentication},
        tenant::Tenant,
    },
    http::visit::Visit,
    service::addresses::{self, NotHeard},
    token::assertion::{self, ClientKeys},
};

/// What a request shows of its client.
enum Shown {
    /// `client_secret_basic` or `client_secret_post`: the id and the secret.
    Secret(String, String),
    /// `private_key_jwt`.
    Assertion(String),
    /// `none`: the id alone. `tls_client_auth` and `self_signed_tls_client_auth` have no more in the request either (RFC 8705
    /// section 2): the proof is in the connection.
    Id(String),
}

/// The client that a request proves to come from. Who fails too often to prove that it is one is not heard for a while.
pub(super) async fn authenticate<'a>(
    visit: &'a Visit,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<&'a Client, Refused> {
    let (core, tenant, address) = (visit.core(), visit.tenant(), visit.client().address);
    let heard = |heard: Result<(), NotHeard>| {
        heard.map_err(|why| match why {
            NotHeard::TooOften { until } => Refused::TooManyFailures(until.since(core.now()).as_secs() + 1),
            NotHeard::Store(error) => error.into(),
        })
    };
    heard(addresses::look(core, tenant, addresses::Asked::Client, address).await)?;
    let client = proved(visit, headers, parameters).await;
    if let Err(Refused::InvalidClient) = client {
        heard(addresses::take(core, tenant, addresses::Asked::Client, address).await)?;
    }
    client
}

async fn proved<'a>(visit: &'a Visit, headers: &HeaderMap, parameters: &Parameters) -> Result<&'a Client, Refused> {
    let tenant = visit.tenant();
    let shown = shown(headers, parameters)?;
    let id = match &shown {
        Shown::Secret(id, _) | Shown::Id(id) => id.clone(),
        Shown::Assertion(assertion) => assertion::claimed_client(assertion).ok_or(Refused::InvalidClient)?,
    };
    if parameters.get("client_id").is_some_and(|named| named != id) {
        return Err(Refused::InvalidClient);
    }
    let client = tenant.client(&id);
    match (&shown, client.map(|client| &client.authentication)) {
        (Shown::Secret(_, secret), registered) => {
            // An unknown client costs as much as a known one.
            let kept = match registered {
                Some(ClientAuthentication::Secret(digest)) => Some(*digest),
                _ => None,
            };
            let against = kept.unwrap_or_else(|| TokenDigest::of(b"of nobody"));
            let same = TokenDigest::of(secret.as_bytes()).bytes().ct_eq(against.bytes());
            client.filter(|_| kept.is_some() && bool::from(same)).ok_or(Refused::InvalidClient)
        }
        (Shown::Assertion(assertion), Some(ClientAuthentication::PrivateKeyJwt(keys))) => {
            let client = client.ok_or(Refused::InvalidClient)?;
            take_assertion(visit, client, keys, assertion).await?;
            Ok(client)
        }
        (Shown::Id(_), Some(ClientAuthentication::Certificate(proof))) => {
            let client = client.ok_or(Refused::InvalidClient)?;
            let shown = visit.certificate().ok_or(Refused::InvalidClient)?;
            shown.proves(proof, visit.core().now()).map_err(|why| {
                tracing::info!(client = %client.id, certificate = ?shown, %why, "a client's certificate is refused");
                Refused::InvalidClient
            })?;
            Ok(client)
        }
        (Shown::Id(_), Some(ClientAuthentication::None)) => client.ok_or(Refused::InvalidClient),
        (Shown::Assertion(_) | Shown::Id(_), _) => Err(Refused::InvalidClient),
    }
}

/// The one way in which a request names its client (RFC 6749 section 2.3: not more than one).
fn shown(headers: &HeaderMap, parameters: &Parameters) -> Result<Shown, Refused> {
    let header = headers.get(AUTHORIZATION);
    let secret = parameters.get("client_secret");
    let assertion = parameters.get("client_assertion");
    let typed = parameters.get("client_assertion_type");
    if [header.is_some(), secret.is_some(), assertion.is_some() || typed.is_some()]
        .into_iter()
        .filter(|way| *way)
        .count()
        > 1
    {
        return Err(Refused::InvalidRequest("the client authenticates in more than one way"));
    }
    if let Some(header) = header {
        let (id, secret) = header.to_str().ok().and_then(basic).ok_or(Refused::InvalidClient)?;
        return Ok(Shown::Secret(id, secret));
    }
    match (assertion, typed) {
        (Some(assertion), Some(assertion::TYPE)) => return Ok(Shown::Assertion(assertion.to_owned())),
        (None, None) => {}
        _ => return Err(Refused::InvalidClient),
    }
    let id = parameters.get("client_id").ok_or(Refused::InvalidClient)?.to_owned();
    Ok(match secret {
        Some(secret) => Shown::Secret(id, secret.to_owned()),
        None => Shown::Id(id),
    })
}

/// The id and secret of HTTP Basic, each form-encoded before they were joined (RFC 6749 section 2.3.1, RFC 7617).
pub(super) fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let credentials = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = credentials.split_once(':')?;
    Some((decoded(id)?, decoded(secret)?))
}

/// One form-encoded value. A percent sign that begins no code is none: two programs would read it differently.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Verifies an assertion and takes it, once in its life (RFC 7523 section 3).
async fn take_assertion(
    visit: &Visit,
    client: &Client,
    keys: &[serde_json::Value],
    assertion: &str,
) -> Result<(), Refused> {
    let (core, tenant): (_, &Tenant) = (visit.core(), visit.tenant());
    let keys = ClientKeys::parse(keys).map_err(|(place, error)| {
        tracing::error!(client = %client.id, place, %error, "a registered key cannot be used");
        Refused::InvalidClient
    })?;
    let endpoints = [Some(&tenant.origin), tenant.mutual_tls_origin.as_ref()];
    let endpoints = endpoints.into_iter().flatten().map(|origin| format!("{origin}/token")).collect::<Vec<_>>();
    let audiences = std::iter::once(tenant.origin.as_str()).chain(endpoints.iter().map(String::as_str));
    let audiences: Vec<&str> = audiences.collect();
    let verified = assertion::verify(assertion, &client.id, &keys, &audiences, core.now()).map_err(|error| {
        tracing::info!(client = %client.id, %error, "a client assertion is refused");
        Refused::InvalidClient
    })?;
    let mut transaction = core.store.begin(&tenant.id).await?;
    let jti = TokenDigest::of(verified.jti.as_bytes());
    if !transaction.take_client_assertion(&client.id, jti, verified.expires).await? {
        tracing::warn!(client = %client.id, "a client assertion was used before");
        return Err(Refused::InvalidClient);
    }
    transaction.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Option<(String, String)> {
        basic(&format!("Basic {}", STANDARD.encode(text)))
    }

    #[test]
    fn rfc_6749_2_3_1_id_and_secret_are_form_encoded_before_they_are_joined() {
        let pair = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(header("app:secret"), pair("app", "secret"));
        assert_eq!(header("a%3Ab:p+q%20r%C3%A9"), pair("a:b", "p q ré"));
        assert_eq!(header("app:a:b"), pair("app", "a:b"));
        assert_eq!(header("app:"), pair("app", ""));
        assert_eq!(basic(&format!("bAsIc {}", STANDARD.encode("a:b"))), pair("a", "b"));
    }

    #[test]
    fn cve_2026_9803_a_malformed_header_is_refused_and_nothing_more() {
        for text in ["app", "app:%", "app:%4", "app:%zz", "%ff:x", "app:%C3"] {
            assert_eq!(header(text), None, "{text}");
        }
        for raw in ["", "Basic", "Basic ", "Basic !", "Basic YTpi=", "Bearer YTpi", "Basic\tYTpi", "Basic YTpi YTpi"] {
            assert_eq!(basic(raw), None, "{raw}");
        }
    }
}
