//! A browser without JavaScript: keeps cookies, follows redirects and `Refresh`, fills in the forms of a page.

use std::collections::BTreeMap;

use http::{Method, StatusCode, header::SET_COOKIE};
use url::{Url, form_urlencoded};

use super::{
    gateway::{Gateway, Reply},
    people::{NEXT_CODE, PASSWORD, Someone},
};

/// A browser at a gateway.
#[derive(Clone)]
pub struct Browser<'g> {
    gateway: &'g Gateway,
    cookies: BTreeMap<String, BTreeMap<String, String>>,
}

/// Where a browser is.
#[derive(Debug)]
pub struct Page {
    pub url: Url,
    pub status: StatusCode,
    pub text: String,
    pub headers: http::HeaderMap,
    /// Every address on the way here.
    pub trail: Vec<String>,
}

impl Page {
    /// A parameter of the address, which must stand there at most once.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut values = self.url.query_pairs().filter(|(known, _)| known == name).map(|(_, value)| value.into_owned());
        let value = values.next();
        assert!(values.next().is_none(), "{name} comes twice in {}", self.url);
        value
    }

    /// Whether it is at this path of a login host.
    pub fn is_at(&self, path: &str) -> bool {
        self.url.path().starts_with(path)
    }

    /// The code that a client was given.
    pub fn code(&self) -> String {
        self.parameter("code").unwrap_or_else(|| panic!("no code: {} {}\n{}", self.url, self.status, self.text))
    }

    /// The error that a client was told.
    pub fn error(&self) -> String {
        self.parameter("error").unwrap_or_default()
    }
}

impl<'g> Browser<'g> {
    pub const fn new(gateway: &'g Gateway) -> Self {
        Self { gateway, cookies: BTreeMap::new() }
    }

    /// Where it is.
    pub const fn gateway(&self) -> &'g Gateway {
        self.gateway
    }

    /// The same browser, whose requests come to another replica.
    pub fn at<'o>(&self, gateway: &'o Gateway) -> Browser<'o> {
        Browser { gateway, cookies: self.cookies.clone() }
    }

    /// The value of a cookie of a host.
    pub fn cookie_of(&self, host: &str, name: &str) -> Option<&str> {
        self.cookies.get(host).and_then(|jar| jar.get(name)).map(String::as_str)
    }

    /// Sets a cookie of a host, as somebody who stole or invented it.
    pub fn set_cookie_of(&mut self, host: &str, name: &str, value: &str) {
        self.cookies.entry(host.to_owned()).or_default().insert(name.into(), value.into());
    }

    /// Forgets a cookie of a host.
    pub fn drop_cookie_of(&mut self, host: &str, name: &str) {
        self.cookies.get_mut(host).and_then(|jar| jar.remove(name));
    }

    /// The value of a cookie of the tenant that most tests are about.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(&self.gateway.tenant().host).and_then(|jar| jar.get(name)).map(String::as_str)
    }

    /// Sets a cookie of the tenant that most tests are about, as somebody who stole or invented it.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        let host = self.gateway.tenant().host.clone();
        self.cookies.entry(host).or_default().insert(name.into(), value.into());
    }

    /// Opens an address, or a path of the tenant that most tests are about, and goes where it leads. At an address that is not
    /// the gateway's the browser stops.
    pub async fn get(&mut self, url: &str) -> Page {
        let url = Url::parse(&self.gateway.tenant().origin).expect("an origin").join(url).expect("a URL");
        self.go(Method::GET, url, None, vec![]).await
    }

    /// Fills in the form of a page's main part that has these fields, and sends it. What is not named stays as it is.
    pub async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let forms = forms(&page.text);
        let form = forms
            .iter()
            .filter(|form| form.in_main)
            .find(|form| fields.iter().all(|(name, _)| form.fields.iter().any(|(known, _)| known == name)))
            .unwrap_or_else(|| panic!("no form for {fields:?} at {} {}\n{}", page.url, page.status, page.text));
        self.send(page, form, fields).await
    }

    /// Sends the form of a page that goes to `action`, wherever it stands.
    pub async fn press(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let forms = forms(&page.text);
        let form = forms
            .iter()
            .find(|form| form.action.ends_with(action))
            .unwrap_or_else(|| panic!("no form to {action} at {} {}\n{}", page.url, page.status, page.text));
        self.send(page, form, fields).await
    }

    async fn send(&mut self, page: &Page, form: &Form, fields: &[(&str, &str)]) -> Page {
        let mut filled: Vec<(&str, &str)> = form
            .fields
            .iter()
            .filter(|(_, value)| value.is_some())
            .map(|(name, value)| (name.as_str(), value.as_deref().unwrap_or_default()))
            .filter(|(name, _)| fields.iter().all(|(other, _)| other != name))
            .collect();
        filled.extend_from_slice(fields);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish();
        let url = page.url.join(&form.action).expect("a URL");
        self.go(Method::POST, url, Some(body), page.trail.clone()).await
    }

    /// Follows the link of a page whose address has this in it.
    pub async fn follow(&mut self, page: &Page, part: &str) -> Page {
        let href = page
            .text
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .find(|href| href.contains(part))
            .unwrap_or_else(|| panic!("no link with {part} at {} {}\n{}", page.url, page.status, page.text));
        let url = page.url.join(&unescaped(href)).expect("a URL");
        self.go(Method::GET, url, None, page.trail.clone()).await
    }

    /// Logs in with password and authenticator app, from the page that asks for a means.
    pub async fn log_in(&mut self, page: &Page, someone: Someone) -> Page {
        let page = self.follow(page, "second=totp").await;
        let page = self.submit(&page, &[("user_name", &someone.email()), ("password", PASSWORD)]).await;
        // A code works once: between two logins the app shows the next.
        self.gateway.advance(NEXT_CODE);
        let code = someone.totp().code_at(self.gateway.core().now());
        self.submit(&page, &[("code", code.digits())]).await
    }

    async fn go(&mut self, method: Method, url: Url, body: Option<String>, mut trail: Vec<String>) -> Page {
        let (mut method, mut url, mut body) = (method, url, body);
        for _ in 0..20 {
            trail.push(url.to_string());
            let host = url.host_str().unwrap_or_default().to_owned();
            if !self.gateway.knows(&host) {
                let headers = http::HeaderMap::new();
                return Page { url, status: StatusCode::OK, text: String::new(), headers, trail };
            }
            let reply = self.once(method.clone(), url.as_str(), &[], body.take()).await;
            self.keep(&host, &reply);
            let refresh = reply.header("refresh").strip_prefix("0;url=").map(str::to_owned);
            let next = match reply.header("location") {
                "" => refresh,
                location => Some(location.to_owned()),
            };
            match next {
                Some(next) => url = url.join(&next).expect("a URL"),
                None => {
                    let text = reply.text();
                    return Page { url, status: reply.status, text, headers: reply.headers, trail };
                }
            }
            method = Method::GET;
        }
        panic!("a circle: {trail:#?}");
    }

    /// One request with the cookies of its host, as a browser sends it; `changes` replace its headers, an empty one takes it
    /// away. Goes nowhere from there, and keeps no cookie.
    pub async fn once(&self, method: Method, url: &str, changes: &[(&str, &str)], body: Option<String>) -> Reply {
        let parsed = Url::parse(url).expect("a URL");
        let jar = self.cookies.get(parsed.host_str().unwrap_or_default());
        let cookies: Vec<String> = jar.into_iter().flatten().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let origin = parsed.origin().ascii_serialization();
        let mut headers = vec![
            ("accept", "text/html,application/xhtml+xml"),
            ("accept-language", "nl"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"),
            ("sec-fetch-mode", "navigate"),
        ];
        if !cookies.is_empty() {
            headers.push(("cookie", &cookies));
        }
        if body.is_some() {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
            headers.push(("origin", &origin));
            headers.push(("sec-fetch-site", "same-origin"));
        }
        headers.retain(|(name, _)| changes.iter().all(|(other, _)| other != name));
        headers.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        self.gateway.send(method, url, &headers, body.unwrap_or_default()).await
    }

    /// The form of a page that goes to `action`, as it would be sent when nobody changes it.
    pub fn form(page: &Page, action: &str) -> Vec<(String, String)> {
        let forms = forms(&page.text);
        let form = forms.into_iter().find(|form| form.action.ends_with(action));
        let form = form.unwrap_or_else(|| panic!("no form to {action} at {} {}\n{}", page.url, page.status, page.text));
        form.fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Where the form of a page whose address ends like this goes.
    pub fn action(page: &Page, end: &str) -> String {
        let action = forms(&page.text).into_iter().map(|form| form.action).find(|action| action.ends_with(end));
        action.unwrap_or_else(|| panic!("no form to {end} at {} {}\n{}", page.url, page.status, page.text))
    }

    /// The values that a page offers for a field.
    pub fn offered(page: &Page, field: &str) -> Vec<String> {
        let named = format!("name=\"{field}\"");
        let tags = page.text.split('<').map(tag).filter(|tag| tag.contains(&named));
        tags.filter_map(|tag| attribute(tag, "value")).collect()
    }

    fn keep(&mut self, host: &str, reply: &Reply) {
        let jar = self.cookies.entry(host.to_owned()).or_default();
        for set in reply.headers.get_all(SET_COOKIE) {
            let set = set.to_str().expect("ASCII");
            let (pair, attributes) = set.split_once(';').unwrap_or((set, ""));
            let (name, value) = pair.split_once('=').expect("a cookie");
            if !name.starts_with("__Host-poort-") {
                // A register's own.
                continue;
            }
            assert!(attributes.contains("Secure") && attributes.contains("HttpOnly"), "{set}");
            if attributes.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// A page of ours without what differs each time: references, the token of its forms, names of attempts.
pub fn without_nonces(html: &str) -> String {
    let mut text = html.to_owned();
    let nonces =
        [("name=\"csrf\" value=\"", '"'), ("/login/", '"'), ("poort-reference__number\">", '<'), ("?attempt=", '"')];
    for (before, after) in nonces {
        let mut at = 0;
        while let Some(start) = text[at..].find(before).map(|found| at + found + before.len()) {
            let end = text[start..].find(after).map_or(text.len(), |found| start + found);
            text.replace_range(start..end, "");
            at = start;
        }
    }
    text
}

/// A form of a page.
#[derive(Debug)]
struct Form {
    action: String,
    in_main: bool,
    /// Names, with the values that are sent when nobody changes them.
    fields: Vec<(String, Option<String>)>,
}

/// The forms of a page of ours, whose HTML has one way to write each thing.
fn forms(html: &str) -> Vec<Form> {
    let main = html.find("<main").unwrap_or(html.len());
    let mut forms = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find("<form").map(|found| at + found) {
        let end = html[start..].find("</form>").map_or(html.len(), |found| start + found);
        let form = &html[start..end];
        let head = tag(form);
        let mut fields = Vec::new();
        let mut buttons = 0;
        for element in form.split('<').skip(2) {
            let element = tag(element);
            let kind = element.split([' ', '>']).next().unwrap_or_default();
            // Without a press on another the first button is sent, as by the enter key.
            buttons += usize::from(kind == "button");
            let Some(name) = attribute(element, "name").filter(|_| matches!(kind, "input" | "button" | "select"))
            else {
                continue;
            };
            let value = attribute(element, "value").unwrap_or_default();
            let input = attribute(element, "type").unwrap_or_default();
            let chosen = match input.as_str() {
                "radio" | "checkbox" => element.contains(" checked"),
                _ if kind == "button" => buttons == 1,
                _ => kind == "input",
            };
            fields.push((name, chosen.then_some(value)));
        }
        forms.push(Form { action: attribute(head, "action").unwrap_or_default(), in_main: start > main, fields });
        at = end;
    }
    forms
}

/// The part of a text up to the end of its first tag.
fn tag(text: &str) -> &str {
    text.split('>').next().unwrap_or_default()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| unescaped(value))
}

/// Text of HTML without its character references.
fn unescaped(text: &str) -> String {
    [("&#38;", "&"), ("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">")]
        .iter()
        .fold(text.to_owned(), |text, (reference, character)| text.replace(reference, character))
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
