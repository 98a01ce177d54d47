//! eHerkenning, eIDAS and FAS whose every byte a test can change: what they post, by whom and about whom. `tests/peers` does the same with
//! Lasso.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use poort::{
    base::{Clock, tls::KeyFiles},
    domain::{
        assurance::Assurance,
        tenant::{Factor, Means, Tenant},
        upstream::{
            CatalogueService, ClaimNames, EHERKENNING_CLASSES, EIDAS_CLASSES, European, FAS_CLASSES, Level,
            RequestBinding, ReturnBinding, SamlProvider, SamlSignature, Sector, UnknownPeople,
        },
    },
};

use super::{
    browser::{Browser, Page},
    encrypted::{Sealing, said, statement},
    gateway::{Gateway, NOW, Reply},
    saml::{Door, ENTITY, EVERYBODY, Folder, Recipe, cut, metadata, same, success},
};

/// The tenant that has it.
pub const EMPLOYERS: &str = "registerplein";
/// Our service in its catalogue.
pub const SERVICE: &str = "urn:etoegang:DV:00000003999999990000:services:1";
/// What identifies organizations and people.
pub const KVK: &str = "urn:etoegang:1.9:EntityConcernedID:KvKnr";
pub const PSEUDONYM: &str = "urn:etoegang:1.12:EntityConcernedID:PseudoID";
/// The number of an employer of the demo.
pub const LINDE: &str = "90000011";

/// Who stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Eherkenning,
    /// The node of Belgium.
    Eidas,
    Fas,
}

impl Scheme {
    pub const ALL: [Scheme; 3] = [Scheme::Eherkenning, Scheme::Eidas, Scheme::Fas];

    pub fn factor(self) -> Factor {
        match self {
            Scheme::Eherkenning => Factor::Eherkenning,
            Scheme::Eidas => Factor::Eidas,
            Scheme::Fas => Factor::Fas,
        }
    }

    /// The tenant that has it.
    pub fn tenant(self) -> &'static str {
        if self == Scheme::Eherkenning { EMPLOYERS } else { "progezondheid" }
    }

    fn door(self) -> Door {
        match self {
            Scheme::Eherkenning => Door::Post,
            Scheme::Eidas => Door::Eidas,
            Scheme::Fas => Door::Fas,
        }
    }

    /// The classes that are worth low, substantial and high here.
    pub fn classes(self) -> [&'static str; 3] {
        match self {
            Scheme::Eherkenning => [EHERKENNING_CLASSES[1], EHERKENNING_CLASSES[2], EHERKENNING_CLASSES[3]],
            Scheme::Eidas => EIDAS_CLASSES,
            Scheme::Fas => [FAS_CLASSES[1], FAS_CLASSES[3], FAS_CLASSES[5]],
        }
    }

    /// Who logs in when nothing else is said.
    pub fn somebody(self) -> Box<dyn Statement> {
        match self {
            Scheme::Eherkenning => Box::new(Said::of(LINDE, "9F2C5A00B7@eh")),
            Scheme::Eidas => Box::new(european("ES/BE/00000023T")),
            Scheme::Fas => Box::new(Clear::of(&[
                ("egovNRN", &super::provider::number_of("jan.claes@example.org")),
                ("surname", "Claes"),
                ("mail", ""),
            ])),
        }
    }

    fn describe(self, provider: &mut SamlProvider) {
        let worth = [Assurance::Low, Assurance::Substantial, Assurance::High];
        let levels = self.classes().into_iter().zip(worth);
        provider.levels = levels.map(|(class, assurance)| Level { acr: class.to_owned(), assurance }).collect();
        match self {
            Scheme::Eherkenning => {
                provider.service = Some(CatalogueService { index: 7, id: SERVICE.to_owned() });
            }
            Scheme::Eidas => {
                provider.european = Some(European { sector: Sector::Public, country: "BE" });
                provider.signature = SamlSignature::Pss;
                provider.unknown_people = UnknownPeople::Admitted;
            }
            Scheme::Fas => {
                provider.attributes = Some(ClaimNames {
                    national_number: "egovNRN".to_owned(),
                    given_name: "givenName".to_owned(),
                    family_name: "surname".to_owned(),
                });
            }
        }
    }
}

/// What is said of somebody.
pub trait Statement {
    /// As an `AttributeStatement`.
    fn attributes(&self) -> String;
}

/// What is said of somebody in the clear, attribute by attribute; a value may be an element with attributes of its own.
#[derive(Clone)]
pub struct Clear(pub Vec<String>);

impl Clear {
    pub fn of(all: &[(&str, &str)]) -> Self {
        Self(all.iter().map(|(name, value)| said(name, value)).collect())
    }

    pub fn and(mut self, more: Clear) -> Self {
        self.0.extend(more.0);
        self
    }
}

impl Statement for Clear {
    fn attributes(&self) -> String {
        statement(&self.0)
    }
}

/// A person of another country.
pub fn european(identifier: &str) -> Clear {
    const NATURAL: &str = "http://eidas.europa.eu/attributes/naturalperson";
    Clear::of(&[
        (&format!("{NATURAL}/PersonIdentifier"), identifier),
        (&format!("{NATURAL}/CurrentGivenName"), "Inés"),
        (&format!("{NATURAL}/CurrentFamilyName"), "García Blanco"),
        (&format!("{NATURAL}/DateOfBirth"), "1985-07-30"),
    ])
}

/// Whom it says somebody acts for.
#[derive(Clone)]
pub struct Said {
    pub sealing: Sealing,
    pub service: String,
    pub legal: (&'static str, String),
    pub acting: (&'static str, String),
    pub between: Option<(&'static str, String)>,
    pub branch: Option<String>,
}

impl Said {
    /// Somebody who acts for this company.
    pub fn of(company: &str, person: &str) -> Self {
        Self {
            sealing: Sealing::default(),
            service: SERVICE.to_owned(),
            legal: (KVK, company.to_owned()),
            acting: (PSEUDONYM, person.to_owned()),
            between: None,
            branch: None,
        }
    }
}

impl Statement for Said {
    fn attributes(&self) -> String {
        let identifier = |name: &str, (kind, value): &(&str, String)| {
            self.sealing.identifier(&format!("urn:etoegang:core:{name}"), kind, value)
        };
        let mut all = vec![
            said("urn:etoegang:core:ServiceID", &self.service),
            identifier("LegalSubjectID", &self.legal),
            identifier("ActingSubjectID", &self.acting),
        ];
        all.extend(self.between.iter().map(|between| identifier("IntermediateSubjectID", between)));
        all.extend(self.branch.iter().map(|number| said("urn:etoegang:1.9:ServiceRestriction:Vestigingsnr", number)));
        statement(&all)
    }
}

/// The provider.
pub struct Broker {
    pub scheme: Scheme,
    pub folder: Folder,
    clock: Mutex<Clock>,
}

/// A person who left for it.
pub struct Sent {
    pub scheme: Scheme,
    pub state: String,
    pub request: String,
    recipe: Recipe,
}

impl Sent {
    /// What it answers.
    pub fn answer(&self, said: &(impl Statement + ?Sized), change: impl FnOnce(&mut Recipe)) -> String {
        let mut recipe = Recipe { attributes: said.attributes(), ..self.recipe.clone() };
        change(&mut recipe);
        recipe.build()
    }
}

impl Broker {
    pub fn start() -> Arc<Self> {
        Self::of(Scheme::Eherkenning)
    }

    pub fn of(scheme: Scheme) -> Arc<Self> {
        let text = metadata("https://idp.example/resolve", "https://idp.example/sso", &[&EVERYBODY.provider]);
        Arc::new(Self { scheme, folder: Folder::new(&text), clock: Mutex::new(Clock::frozen(NOW)) })
    }

    /// A gateway with the tenants and people of the demo, of which one has this provider.
    pub async fn gateway(&self) -> Gateway {
        let gateway = Gateway::demo_with(|tenant| self.adopt(tenant)).await.about(self.scheme.tenant());
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = gateway.clock.clone();
        gateway
    }

    fn adopt(&self, tenant: &mut Tenant) {
        if tenant.id.as_str() != self.scheme.tenant() {
            return;
        }
        let files = KeyFiles { certificate: self.folder.path("gateway.pem"), key: self.folder.path("gateway.key") };
        let factor = self.scheme.factor();
        tenant.openid_providers.retain(|known| known.factor != factor);
        let mut provider = SamlProvider {
            factor,
            provider: ENTITY.to_owned(),
            metadata: self.folder.path("metadata.xml"),
            metadata_signer: None,
            entity: None,
            binding: RequestBinding::Post,
            returns: ReturnBinding::Post,
            service: None,
            signing: files.clone(),
            next_certificate: None,
            decryption: vec![files.clone()],
            tls: files,
            authorities: None,
            levels: Vec::new(),
            signature: SamlSignature::Pkcs1,
            attributes: None,
            european: None,
            unknown_people: UnknownPeople::Refused,
        };
        self.scheme.describe(&mut provider);
        tenant.saml_providers = vec![provider];
        let means = Means { id: factor.word().to_owned(), factors: vec![factor], assurance: Assurance::High };
        tenant.means.retain(|known| known.id != means.id);
        tenant.means.insert(0, means);
    }
}

impl Browser<'_> {
    /// From a page with keys to the provider.
    pub async fn leave_for_work(&mut self, page: &Page, broker: &Broker) -> Sent {
        let (scheme, factor) = (broker.scheme, broker.scheme.factor());
        let page = self.follow(page, &format!("/with/{}", factor.word())).await;
        let form = Browser::form(&page, "https://idp.example/sso/post");
        let field = |name: &str| form.iter().find(|(known, _)| known == name).expect("a field").1.clone();
        let request = String::from_utf8(STANDARD.decode(field("SAMLRequest")).expect("base64")).expect("text");
        let value = |name: &str| {
            let found = cut(&request, &format!(" {name}=\""), "\" ");
            found.split('"').nth(1).expect("a value").to_owned()
        };
        let issuer = cut(&request, "<saml:Issuer>", "</saml:Issuer>");
        let issuer = issuer.trim_start_matches("<saml:Issuer>").trim_end_matches("</saml:Issuer>").to_owned();
        let recipe = Recipe {
            door: scheme.door(),
            now: broker.clock.lock().unwrap_or_else(PoisonError::into_inner).now(),
            audience: issuer,
            callback: self.gateway().tenant().provider_callback(factor),
            resolve: String::new(),
            request: value("ID"),
            id: value("ID").replacen('_', "_a", 1),
            name: "_transient".to_owned(),
            attributes: String::new(),
            class: scheme.classes()[1].to_owned(),
            status: success(),
            assertion: same,
            signature: same,
            signed: same,
            message: same,
            body: same,
            assertion_by: "provider",
            message_by: "provider",
        };
        Sent { scheme, state: field("RelayState"), request, recipe }
    }

    /// What the site of the provider has the browser post: by another site's form, so that no cookie of ours comes along.
    pub async fn posted(&self, scheme: Scheme, answer: &str, state: &str) -> Reply {
        let address = self.gateway().tenant().provider_callback(scheme.factor());
        let fields = [("SAMLResponse", STANDARD.encode(answer)), ("RelayState", state.to_owned())];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", "https://idp.example"),
            ("sec-fetch-site", "cross-site"),
        ];
        self.gateway().send(Method::POST, &address, &headers, body).await
    }

    /// Back, with this: the form, and where it leads, with our cookies.
    pub async fn bring_answer(&mut self, sent: &Sent, answer: &str) -> Page {
        let reply = self.posted(sent.scheme, answer, &sent.state).await;
        assert_eq!(reply.header("set-cookie"), "", "an answer to another site's form sets no cookie");
        let next = reply.header("location").to_owned();
        let expected = format!("/federated/{}/callback?RelayState=", sent.scheme.factor().word());
        assert!(next.starts_with(&expected), "{} {}", reply.status, reply.text());
        self.get(&next).await
    }

    /// The whole way, from the login page of the account.
    pub async fn by_form(&mut self, broker: &Broker, said: &(impl Statement + ?Sized)) -> Page {
        let page = self.get("/").await;
        let sent = self.leave_for_work(&page, broker).await;
        self.bring_answer(&sent, &sent.answer(said, |_| {})).await
    }
}
