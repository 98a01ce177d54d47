//! A form that comes when its session has ended: kept, shown at `/.poort/kept` to who logged in again, and sent on once (LOGIN-9).

use std::sync::Arc;

use http::{
    HeaderValue, Method, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, REFRESH, SET_COOKIE, TRANSFER_ENCODING},
    request::Parts,
};
use url::form_urlencoded::Serializer;

use super::{
    entry::{begin_url, session_token, step_up_url},
    guard,
    pages::Audience,
    refusal,
    site::Site,
};
use crate::{
    base::token::Token,
    domain::{path::CanonicalPath, register::Register, tenant::Tenant},
    http::{Body, body::Upload, cookies, fields::Fields, frame, kept, request_head::Target},
    pages::views::{
        failure::FailureKind,
        kept_form::{KeptForm, KeptFormSent},
    },
    service::{
        Core,
        access::{self, Acting, Credential, Found, Refused},
        kept_forms::{self, Form, Kept, Place},
    },
    storage::StoreError,
};

/// Where it waits.
pub(super) const PATH: &str = "/.poort/kept";

/// The largest form of that page, in bytes.
pub(super) const LARGEST_ANSWER: usize = 4096;

/// A form that was taken, and is a request now.
pub(super) struct Taken {
    pub head: Parts,
    pub target: Target,
    pub body: Vec<u8>,
    /// The handle of the profile for which it was made; the one in use is the same.
    pub made_for: String,
}

/// Which form is asked for, by whose browser.
struct Asked {
    token: Token,
    browser: Token,
}

impl Asked {
    fn read(fields: &Fields, head: &Parts) -> Option<Self> {
        let browser = cookies::token(&head.headers, cookies::BROWSER)?;
        Token::parse(fields.text("form")).map(|token| Self { token, browser })
    }
}

/// A form that may be sent, and where it goes.
struct Ready {
    form: Form,
    path: CanonicalPath,
    query: Option<String>,
}

/// The host that is asked.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    pub core: &'a Core,
    pub tenant: &'a Tenant,
    pub register: &'a Register,
    pub site: &'a Site,
    pub audience: &'a Audience<'a>,
}

impl Here<'_> {
    /// Keeps a form of who is not signed in any more, and sends them to log in and back to it. `None` when it is none that is kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep(
        &self,
        head: &Parts,
        target: &Target,
        body: &mut Upload,
    ) -> Result<Option<Response<Body>>, StoreError> {
        let sent_by_a_person = head.method == Method::POST && self.audience.html && self.audience.is_page;
        if !sent_by_a_person || guard::from_own_pages(head, self.site).is_err() {
            return Ok(None);
        }
        let (Some(session), Some(content_type)) = (session_token(&head.headers), kept::media_type(&head.headers))
        else {
            return Ok(None);
        };
        let Ok(Some(body)) = body.hold(kept_forms::LARGEST).await else { return Ok(None) };
        let known = cookies::token(&head.headers, cookies::BROWSER);
        let fresh = known.is_none();
        let browser = known.unwrap_or_else(|| Token::new(&self.core.random));
        let form = Form { to: target.path_and_query(), content_type, body: body.to_vec().into() };
        let place = Place { register: Some(&self.register.id), browser: browser.digest() };
        let kept = kept_forms::keep(self.core, self.tenant, place, session, &form).await?;
        let Some((token, assurance)) = kept else { return Ok(None) };
        // As surely as before: what was allowed then is not refused now.
        let to = step_up_url(&address(&token), assurance);
        // Not a redirect: the register's page may say that its forms lead to itself alone, and Chromium holds it to that.
        let mut response = self.audience.failure(StatusCode::OK, FailureKind::SessionEnded, Some(&to));
        if let Ok(refresh) = HeaderValue::try_from(format!("0;url={to}")) {
            response.headers_mut().insert(REFRESH, refresh);
        }
        if fresh {
            let cookie = cookies::set(cookies::BROWSER, &browser.reveal(), Some(cookies::BROWSER_LIFE));
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(Some(response))
    }

    /// The page that shows what would be sent.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn show(&self, head: &Parts, target: &Target) -> Result<Response<Body>, StoreError> {
        let fields = Fields::parse(target.query.as_deref().unwrap_or_default().as_bytes()).unwrap_or_default();
        let Some(asked) = Asked::read(&fields, head) else { return Ok(self.gone()) };
        let (acting, ready) = match self.ready(head, &asked).await? {
            Ok(ready) => ready,
            Err(answer) => return Ok(answer),
        };
        let view = KeptForm {
            frame: refusal::acting_frame(self.tenant, &acting.portrait, self.audience),
            place: self.register.name.get(self.audience.language).to_owned(),
            action: PATH.into(),
            token: asked.token.reveal(),
            fields: kept::fields(&ready.form),
            leave: "/".into(),
        };
        Ok(self.audience.page(StatusCode::OK, &view))
    }

    /// Takes the form that a person sends on from that page; or the answer to who may not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take(
        &self,
        mut head: Parts,
        target: &Target,
        body: &mut Upload,
    ) -> Result<Result<Box<Taken>, Response<Body>>, StoreError> {
        let bad = || self.audience.failure(StatusCode::FORBIDDEN, FailureKind::BadRequest, Some("/"));
        if guard::from_own_pages(&head, self.site).is_err() {
            return Ok(Err(bad()));
        }
        let Ok(Some(sent)) = body.hold(LARGEST_ANSWER).await else { return Ok(Err(bad())) };
        let Some(asked) = Fields::parse(&sent).ok().and_then(|fields| Asked::read(&fields, &head)) else {
            return Ok(Err(self.gone()));
        };
        let (acting, ready) = match self.ready(&head, &asked).await? {
            Ok(ready) => ready,
            Err(answer) => return Ok(Err(answer)),
        };
        let (place, digest) = (self.place(&asked), asked.token.digest());
        let taken = kept_forms::take(self.core, self.tenant, place, digest, &acting.profile).await?;
        let Kept::Waits { form, made_for } = taken else { return self.other(&taken, &acting).await.map(Err) };
        let Ok(content_type) = HeaderValue::try_from(&form.content_type) else { return Ok(Err(self.gone())) };
        head.headers.remove(TRANSFER_ENCODING);
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(form.body.len()));
        head.headers.insert(CONTENT_TYPE, content_type);
        let target = Target { host: target.host.clone(), path: ready.path, query: ready.query };
        Ok(Ok(Box::new(Taken { head, target, body: form.body.to_vec(), made_for })))
    }

    fn place(&self, asked: &Asked) -> Place<'_> {
        Place { register: Some(&self.register.id), browser: asked.browser.digest() }
    }

    /// The form that somebody asks for and may send, who acts; or what they are told. Nothing is taken from who would be refused.
    async fn ready(
        &self,
        head: &Parts,
        asked: &Asked,
    ) -> Result<Result<(Arc<Acting>, Ready), Response<Body>>, StoreError> {
        let Some(acting) = self.acting(head).await? else {
            // Their session ended once more: the form still waits.
            return Ok(Err(self.audience.see_other(&begin_url(&address(&asked.token)))));
        };
        let (place, digest) = (self.place(asked), asked.token.digest());
        let kept = kept_forms::look(self.core, self.tenant, place, digest, &acting.profile).await?;
        let Kept::Waits { form, .. } = kept else { return self.other(&kept, &acting).await.map(Err) };
        let (path, query) = match form.to.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (form.to.as_str(), None),
        };
        let Ok(path) = CanonicalPath::parse(path) else { return Ok(Err(self.gone())) };
        let Some((route, parameters)) = self.register.route(Method::POST.as_str(), &path) else {
            return Ok(Err(self.gone()));
        };
        let permitted = access::Asked { route, parameters, path: path.clone() };
        match access::permit(self.core, self.tenant, self.register, &acting, permitted).await {
            Ok(_permit) => Ok(Ok((acting, Ready { form, path, query }))),
            Err(Refused::Store(error)) => Err(error),
            Err(Refused::OtherLogin) => {
                Ok(Err(refusal::other_login(self.tenant, self.register, &acting, self.audience)))
            }
            Err(Refused::Denied(denial)) => {
                refusal::denied(self.core, self.tenant, self.register, &acting, &denial, self.audience).await.map(Err)
            }
        }
    }

    async fn acting(&self, head: &Parts) -> Result<Option<Arc<Acting>>, StoreError> {
        let Some(session) = session_token(&head.headers) else { return Ok(None) };
        match access::find(self.core, self.tenant, self.register, &Credential::Session(session)).await? {
            Found::Acting(acting) => Ok(Some(acting)),
            _ => Ok(None),
        }
    }

    async fn other(&self, kept: &Kept, acting: &Acting) -> Result<Response<Body>, StoreError> {
        match kept {
            Kept::OtherProfile(before) => {
                let in_use = refusal::InUse { profile: &acting.profile, portrait: &acting.portrait };
                refusal::conflict(self.core, self.tenant, in_use, Some(&before.handle), self.audience).await
            }
            Kept::Sent => {
                let view = KeptFormSent {
                    frame: frame::on_register(self.tenant, self.audience.language),
                    place: self.register.name.get(self.audience.language).to_owned(),
                    back: "/".into(),
                };
                Ok(self.audience.page(StatusCode::OK, &view))
            }
            Kept::Gone | Kept::Waits { .. } => Ok(self.gone()),
        }
    }

    fn gone(&self) -> Response<Body> {
        self.audience.failure(StatusCode::NOT_FOUND, FailureKind::NotFound, Some("/"))
    }
}

fn address(token: &Token) -> String {
    let query = Serializer::new(String::new()).append_pair("form", &token.reveal()).finish();
    format!("{PATH}?{query}")
}
