//! The names of SAML 2.0, and of what it stands on.

/// SAML assertions (saml-core-2.0 section 2).
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// SAML protocol messages (saml-core-2.0 section 3).
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// SAML metadata (saml-metadata-2.0).
pub const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// XML signatures.
pub const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// What eIDAS adds to a request (eIDAS SAML message format 1.2 section 2.3.2).
pub const EIDAS: &str = "http://eidas.europa.eu/saml-extensions";
/// An attribute's name is a URI (saml-core-2.0 section 8.2.2).
pub const URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
/// SOAP 1.1.
pub const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// The query of an address (saml-bindings-2.0 section 3.4).
pub const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// An HTML form.
pub const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// A reference that is resolved behind the browser's back.
pub const ARTIFACT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact";
/// From program to program.
pub const SOAP_BINDING: &str = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP";

/// A subject is confirmed by who brings the assertion (saml-profiles-2.0 section 3.3).
pub const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// All went well.
pub const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// Who answers could not.
pub const RESPONDER: &str = "urn:oasis:names:tc:SAML:2.0:status:Responder";
/// The person did not prove who they are; at DigiD: went back.
pub const AUTHN_FAILED: &str = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed";
/// The provider, or who asked it, does not want to; at eIDAS: the person went back.
pub const REQUEST_DENIED: &str = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied";
/// The person cannot prove it as surely as was asked.
pub const NO_AUTHN_CONTEXT: &str = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext";

/// The signed element without its signature.
pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// Exclusive canonical XML, without comments.
pub const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// RSASSA-PKCS1-v1_5 with SHA-256: what we sign with.
pub const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
/// The same with SHA-384.
pub const RSA_SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384";
/// The same with SHA-512.
pub const RSA_SHA512: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512";
/// RSASSA-PSS with SHA-256 (RFC 9231 section 2.3.10).
pub const PSS_SHA256: &str = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1";
/// The same with SHA-384.
pub const PSS_SHA384: &str = "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1";
/// The same with SHA-512.
pub const PSS_SHA512: &str = "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1";
/// ECDSA with SHA-256.
pub const ECDSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
/// The same with SHA-384.
pub const ECDSA_SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";
/// The same with SHA-512.
pub const ECDSA_SHA512: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512";
/// SHA-256.
pub const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
/// SHA-384.
pub const SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#sha384";
/// SHA-512.
pub const SHA512: &str = "http://www.w3.org/2001/04/xmlenc#sha512";

/// XML encryption.
pub const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
/// XML encryption 1.1.
pub const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
/// A whole element is encrypted.
pub const XENC_ELEMENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";
/// Where the encrypted key stands, when not where it is needed.
pub const XENC_KEY: &str = "http://www.w3.org/2001/04/xmlenc#EncryptedKey";
/// RSAES-OAEP with MGF1 and SHA-1, whose collisions do not matter here.
pub const OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
/// RSAES-OAEP whose functions are named beside it.
pub const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
/// MGF1 with SHA-256.
pub const MGF1_SHA256: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha256";
/// SHA-1, within RSAES-OAEP alone.
pub const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
/// AES-128 in Galois/Counter mode.
pub const AES128_GCM: &str = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
/// AES-256 in Galois/Counter mode.
pub const AES256_GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
/// AES-256 in CBC mode: nothing in it tells a changed text.
pub const AES256_CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
