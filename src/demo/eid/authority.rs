//! The authority that gives out the demo's cards, and answers whether they were revoked.

use std::time::Duration;

use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use der::{
    DateTime, Decode, Encode,
    asn1::{BitString, Ia5String, Null, ObjectIdentifier, OctetString},
};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P384_SHA384, SerialNumber, date_time_ymd,
};
use serde::Deserialize;
use serde_json::{Value, json};
use x509_cert::{
    ext::pkix::AccessDescription,
    ext::pkix::{AuthorityInfoAccessSyntax, CertificatePolicies, certpolicy::PolicyInformation, name::GeneralName},
    spki::AlgorithmIdentifierOwned,
};
use x509_ocsp::{
    BasicOcspResponse, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse, ResponderId, ResponseData,
    RevokedInfo, SingleResponse, Version,
};

use crate::base::{Random, Timestamp};

const ECDSA_WITH_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
const ACCESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");
const RESPONDER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
/// The policy of the newest cards of citizens.
const CITIZEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.56.12.1.1.2.2");
/// How long an answer of the responder counts.
const FRESH: Duration = Duration::from_secs(60);

/// Somebody who has a card.
pub(super) struct Holder {
    pub(super) key: String,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) number: String,
}

/// How a card is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Standing {
    #[default]
    Good,
    Revoked,
    Expired,
    /// Good, and nobody says so.
    Unanswered,
}

impl Standing {
    /// How the numbers of such cards begin.
    const fn first(self) -> u8 {
        match self {
            Standing::Good => 0x10,
            Standing::Revoked => 0x20,
            Standing::Expired => 0x30,
            Standing::Unanswered => 0x40,
        }
    }
}

pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// Where the responder is.
    at: String,
}

/// A card: its certificate in DER, and its key.
pub(super) struct Card {
    certificate: Vec<u8>,
    key: KeyPair,
}

impl Authority {
    /// A new one, whose responder is at `own`.
    pub(super) fn make(own: &str) -> Option<Self> {
        let mut params = CertificateParams::new(vec![]).ok()?;
        params.distinguished_name.push(DnType::CountryName, "BE");
        params.distinguished_name.push(DnType::CommonName, "Not a Citizen CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).ok()?;
        Some(Self { issuer: CertifiedIssuer::self_signed(params, key).ok()?, at: format!("{own}/ocsp") })
    }

    /// Its certificate.
    pub(super) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A card of somebody.
    pub(super) fn card(&self, holder: &Holder, standing: Standing, now: Timestamp, random: &Random) -> Option<Card> {
        let mut params = CertificateParams::new(vec![]).ok()?;
        let name = &mut params.distinguished_name;
        name.push(DnType::CountryName, "BE");
        name.push(DnType::CommonName, format!("{} {} (Authentication)", holder.given, holder.family));
        for (kind, value) in [(4, &holder.family), (42, &holder.given), (5, &holder.number)] {
            name.push(DnType::CustomDnType(vec![2, 5, 4, kind]), value.as_str());
        }
        let mut number = random.bytes::<16>();
        number[0] = standing.first();
        params.serial_number = Some(SerialNumber::from_slice(&number));
        let today = now.date_in(&jiff::tz::TimeZone::UTC);
        let (year, month, day) =
            (i32::from(today.year()), today.month().unsigned_abs(), 1.max(today.day().unsigned_abs().min(28)));
        let ends = if standing == Standing::Expired { year - 1 } else { year + 5 };
        (params.not_before, params.not_after) = (date_time_ymd(year - 5, month, day), date_time_ymd(ends, month, day));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let policy = PolicyInformation { policy_identifier: CITIZEN, policy_qualifiers: None };
        let access = AccessDescription {
            access_method: RESPONDER,
            access_location: GeneralName::UniformResourceIdentifier(Ia5String::new(&self.at).ok()?),
        };
        params.custom_extensions = vec![
            extension(&POLICIES, CertificatePolicies(vec![policy]).to_der().ok()?),
            extension(&ACCESS, AuthorityInfoAccessSyntax(vec![access]).to_der().ok()?),
        ];
        let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).ok()?;
        Some(Card { certificate: params.signed_by(&key, &self.issuer).ok()?.der().to_vec(), key })
    }

    /// What the responder answers. `None` when it does not.
    pub(super) fn answer(&self, asked: &[u8], now: Timestamp) -> Option<Vec<u8>> {
        let asked = OcspRequest::from_der(asked).ok()?.tbs_request;
        let [one] = asked.request_list.as_slice() else { return None };
        let first = one.req_cert.serial_number.as_bytes().first()?;
        let moment = |at: Timestamp| {
            let since_1970 = Duration::from_secs(u64::try_from(at.seconds()).ok()?);
            DateTime::from_unix_duration(since_1970).ok().map(OcspGeneralizedTime::from)
        };
        let status = match first >> 4 {
            1 | 3 => CertStatus::Good(Null),
            2 => CertStatus::Revoked(RevokedInfo { revocation_time: moment(now)?, revocation_reason: None }),
            _ => return None,
        };
        let said = SingleResponse {
            cert_id: one.req_cert.clone(),
            cert_status: status,
            this_update: moment(now)?,
            next_update: Some(moment(now.plus(FRESH))?),
            single_extensions: None,
        };
        let own = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, self.issuer.key().public_key_raw());
        let data = ResponseData {
            version: Version::V1,
            responder_id: ResponderId::ByKey(OctetString::new(own.as_ref()).ok()?),
            produced_at: moment(now)?,
            responses: vec![said],
            // The nonce of the question, when it has one.
            response_extensions: asked.request_extensions,
        };
        let signature = sign(&ECDSA_P384_SHA384_ASN1_SIGNING, self.issuer.key(), &data.to_der().ok()?)?;
        let basic = BasicOcspResponse {
            tbs_response_data: data,
            signature_algorithm: AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA384, parameters: None },
            signature: BitString::from_bytes(&signature).ok()?,
            certs: None,
        };
        OcspResponse::successful(basic).ok()?.to_der().ok()
    }
}

impl Card {
    /// The token of Web eID for a challenge, asked by a page of `origin`.
    pub(super) fn token(&self, origin: &str, challenge: &str) -> Option<Value> {
        let hash = |text: &str| digest::digest(&digest::SHA384, text.as_bytes());
        let signed = [hash(origin).as_ref(), hash(challenge).as_ref()].concat();
        let signature = sign(&ECDSA_P384_SHA384_FIXED_SIGNING, &self.key, &signed)?;
        Some(json!({
            "unverifiedCertificate": STANDARD.encode(&self.certificate),
            "algorithm": "ES384",
            "signature": STANDARD.encode(signature),
            "format": "web-eid:1.0",
            "appVersion": "https://web-eid.eu/web-eid-app/releases/0.0.0+demo",
        }))
    }
}

fn extension(kind: &ObjectIdentifier, content: Vec<u8>) -> CustomExtension {
    CustomExtension::from_oid_content(&kind.arcs().map(u64::from).collect::<Vec<_>>(), content)
}

fn sign(algorithm: &'static EcdsaSigningAlgorithm, key: &KeyPair, message: &[u8]) -> Option<Vec<u8>> {
    let key = EcdsaKeyPair::from_pkcs8(algorithm, &key.serialize_der()).ok()?;
    Some(key.sign(&SystemRandom::new(), message).ok()?.as_ref().to_vec())
}
