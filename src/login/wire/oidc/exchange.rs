//! What is asked of a provider's endpoints: the code is redeemed, and userinfo read.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use openidconnect::{
    AccessToken, AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, SubjectIdentifier, UserInfoClaims, UserInfoError, UserInfoResponseType, core::CoreGenderClaim,
};
use secrecy::ExposeSecret;

use super::{Client, ErrorAnswer, Kept, MoreClaims, TokenAnswer, Upstream, documents::Documents, not_believed, word};
use crate::{
    config::SecretFile,
    domain::upstream::{ClientAuthentication, UserInfo},
    login::{
        method::Refused,
        wire::{http::Failed, incoming::Incoming},
    },
    token::assertion,
};

/// What `openidconnect` sends its requests through: what the provider encrypted is opened on the way in.
pub(super) struct Through<'u> {
    upstream: &'u Upstream,
    opening: Opening,
    /// The key that the opened token says it is signed with.
    signed_with: Mutex<Option<String>>,
}

/// Which part of an answer is encrypted.
#[derive(Clone, Copy)]
pub(super) enum Opening {
    Nothing,
    TokenAnswer,
    WholeAnswer,
}

impl<'c> AsyncHttpClient<'c> for Through<'_> {
    type Error = Failed;
    type Future = BoxFuture<'c, Result<http::Response<Vec<u8>>, Failed>>;

    fn call(&'c self, request: http::Request<Vec<u8>>) -> Self::Future {
        Box::pin(async move {
            let answer = self.upstream.http.send(request).await?;
            let settings = &self.upstream.settings;
            let incoming = Incoming {
                keys: &self.upstream.keys,
                encryption: settings.encryption.as_ref(),
                signing: &settings.signing,
            };
            let (opened, signed_with) = match self.opening {
                Opening::Nothing => (answer, None),
                Opening::TokenAnswer => incoming.token_answer(answer)?,
                Opening::WholeAnswer => incoming.whole_answer(answer)?,
            };
            *self.signed_with.lock().unwrap_or_else(PoisonError::into_inner) = signed_with;
            Ok(opened)
        })
    }
}

impl Upstream {
    pub(super) fn client(&self, documents: &Documents, kept: &Kept) -> Result<Client, Refused> {
        let redirect = RedirectUrl::new(kept.redirect_uri.clone()).map_err(|_| not_believed("no redirect URI"))?;
        let id = ClientId::new(self.settings.client_id.clone());
        let (secret, way) = match &self.settings.authentication {
            // The client's id goes in the body, beside the assertion that proves it.
            ClientAuthentication::PrivateKey => (None, AuthType::RequestBody),
            ClientAuthentication::Secret(file) => {
                // Read anew each time: a new secret counts without a restart.
                let secret = SecretFile::new(file.clone()).read();
                let secret = secret.map_err(|error| Refused::OutOfOrder(format!("our secret: {error}")))?;
                (Some(ClientSecret::new(secret.expose_secret().to_owned())), AuthType::BasicAuth)
            }
        };
        Ok(Client::from_provider_metadata(documents.metadata.clone(), id, secret)
            .set_redirect_uri(redirect)
            .set_auth_type(way))
    }

    pub(super) const fn through(&self, opening: Opening) -> Through<'_> {
        Through { upstream: self, opening, signed_with: Mutex::new(None) }
    }

    /// Redeems the code; also the documents, with the key that signed.
    pub(super) async fn token(
        &self,
        documents: &Arc<Documents>,
        kept: &Kept,
        code: &str,
    ) -> Result<(TokenAnswer, Arc<Documents>), Refused> {
        let through = self.through(Opening::TokenAnswer);
        let client = self.client(documents, kept)?;
        let mut request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| not_believed("no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(kept.verifier.clone()));
        if self.settings.authentication == ClientAuthentication::PrivateKey {
            let endpoint = documents.metadata.token_endpoint().map(|url| url.to_string()).unwrap_or_default();
            let proof = self.keys.assertion(&self.settings.client_id, &endpoint, self.clock.now(), &self.random);
            let proof = proof.map_err(|error| Refused::NotBelieved(error.to_string()))?;
            request = request
                .add_extra_param("client_assertion_type", assertion::TYPE)
                .add_extra_param("client_assertion", proof);
        }
        let answer = request.request_async(&through).await;
        let answer = answer.map_err(|error| self.no_token(&error))?;
        self.breaker.worked();
        let kid = through.signed_with.into_inner().unwrap_or_else(PoisonError::into_inner);
        let documents = self.with_key(documents, kid.as_deref()).await?;
        Ok((answer, documents))
    }

    /// The userinfo answer about `subject`, in the form that the tenant's file names and in no other.
    pub(super) async fn user_info(
        &self,
        documents: &Arc<Documents>,
        kept: &Kept,
        access_token: &AccessToken,
        subject: &SubjectIdentifier,
    ) -> Result<UserInfoClaims<MoreClaims, CoreGenderClaim>, Refused> {
        let client = self.client(documents, kept)?;
        let (signed, form, opening) = match self.settings.user_info {
            UserInfo::Token => (true, UserInfoResponseType::Jwt, Opening::WholeAnswer),
            UserInfo::Json | UserInfo::NotAsked => (false, UserInfoResponseType::Json, Opening::Nothing),
        };
        let request = client
            .user_info(access_token.clone(), Some(subject.clone()))
            .map_err(|_| not_believed("no userinfo endpoint"))?
            .require_signed_response(signed)
            .set_response_type(form);
        let answer = request.request_async(&self.through(opening)).await;
        answer.map_err(|error| match error {
            UserInfoError::Request(failed) => self.failed(&failed),
            UserInfoError::ClaimsVerification(error) => Refused::NotBelieved(format!("userinfo: {error}")),
            UserInfoError::Response(status, ..) => {
                Refused::NotBelieved(format!("userinfo: status {status}, or its type"))
            }
            _ => not_believed("userinfo: it cannot be read"),
        })
    }

    /// A request that failed. Only what the provider did counts against it: a code that somebody made up does not.
    fn failed(&self, failed: &Failed) -> Refused {
        match failed {
            Failed::NotForUs(_) | Failed::NotAllowed => Refused::NotBelieved(failed.to_string()),
            Failed::Busy => Refused::OutOfOrder(failed.to_string()),
            _ => {
                self.breaker.failed(self.clock.now());
                Refused::OutOfOrder(failed.to_string())
            }
        }
    }

    fn no_token(&self, error: &RequestTokenError<Failed, ErrorAnswer>) -> Refused {
        match error {
            RequestTokenError::Request(failed) => self.failed(failed),
            RequestTokenError::ServerResponse(answer) => {
                Refused::NotBelieved(format!("the token endpoint says {}", word(answer.error().as_ref())))
            }
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                self.breaker.failed(self.clock.now());
                Refused::OutOfOrder("the token endpoint's answer cannot be read".into())
            }
        }
    }
}
