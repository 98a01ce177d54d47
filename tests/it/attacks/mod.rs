//! Flaws that really happened elsewhere, tried here. A test's name carries the advisory's id; each refused case has a valid
//! twin that passes. The bytes of the attackers and of the application are ours.

mod cards;
mod certificates;
mod cookies;
mod csrf;
mod factors;
mod federation;
mod forms;
mod headers;
mod identity;
mod index;
mod injection;
mod login;
mod limits;
mod lookup;
mod login_flow;
mod oidc;
mod openid;
mod pairing;
mod passkeys;
mod paths;
mod phones;
mod redirect_uri;
mod redirects;
mod saml_content;
mod saml_encryption;
mod saml_flow;
mod saml_post;
mod saml_signature;
mod saml_wrapping;
mod session;
mod smuggling;
mod tenants;
