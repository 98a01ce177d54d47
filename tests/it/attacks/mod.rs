//! Flaws that really happened elsewhere, tried here. A test's name carries the advisory's id; each refused case has a valid
//! twin that passes. The bytes of the attackers and of the application are ours.

mod csrf;
mod federation;
mod headers;
mod index;
mod login;
mod login_flow;
mod oidc;
mod redirect_uri;
mod saml_content;
mod saml_flow;
mod saml_signature;
mod saml_wrapping;
mod session;
