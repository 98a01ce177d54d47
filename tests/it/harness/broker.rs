//! eHerkenning whose every byte a test can change: what it posts, by whom and about whom. `tests/peers` does the same with Lasso.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use poort::{
    base::{Clock, tls::KeyFiles},
    domain::{
        assurance::Assurance,
        tenant::{Factor, Means, Tenant},
        upstream::{
            CatalogueService, EHERKENNING_CLASSES, Level, RequestBinding, ReturnBinding, SamlProvider, UnknownPeople,
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

    /// All of it, as attributes.
    pub fn attributes(&self) -> String {
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
    pub folder: Folder,
    clock: Mutex<Clock>,
}

/// A person who left for it.
pub struct Sent {
    pub state: String,
    pub request: String,
    recipe: Recipe,
}

impl Sent {
    /// What it answers.
    pub fn answer(&self, said: &Said, change: impl FnOnce(&mut Recipe)) -> String {
        let mut recipe = Recipe { attributes: said.attributes(), ..self.recipe.clone() };
        change(&mut recipe);
        recipe.build()
    }
}

impl Broker {
    pub fn start() -> Arc<Self> {
        let text = metadata("https://idp.example/resolve", "https://idp.example/sso", &[&EVERYBODY.provider]);
        Arc::new(Self { folder: Folder::new(&text), clock: Mutex::new(Clock::frozen(NOW)) })
    }

    /// A gateway with the tenants and people of the demo, of which Registerplein has this eHerkenning.
    pub async fn gateway(&self) -> Gateway {
        let gateway = Gateway::demo_with(|tenant| self.adopt(tenant)).await.about(EMPLOYERS);
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = gateway.clock.clone();
        gateway
    }

    fn adopt(&self, tenant: &mut Tenant) {
        if tenant.id.as_str() != EMPLOYERS {
            return;
        }
        let files = KeyFiles { certificate: self.folder.path("gateway.pem"), key: self.folder.path("gateway.key") };
        let worth = [Assurance::Low, Assurance::Substantial, Assurance::High];
        let levels = EHERKENNING_CLASSES.into_iter().skip(1).zip(worth);
        tenant.saml_providers = vec![SamlProvider {
            factor: Factor::Eherkenning,
            provider: ENTITY.to_owned(),
            metadata: self.folder.path("metadata.xml"),
            metadata_signer: None,
            entity: None,
            binding: RequestBinding::Post,
            returns: ReturnBinding::Post,
            service: Some(CatalogueService { index: 7, id: SERVICE.to_owned() }),
            signing: files.clone(),
            next_certificate: None,
            decryption: vec![files.clone()],
            tls: files,
            authorities: None,
            levels: levels.map(|(class, assurance)| Level { acr: class.to_owned(), assurance }).collect(),
            unknown_people: UnknownPeople::Refused,
        }];
        let means =
            Means { id: "eherkenning".to_owned(), factors: vec![Factor::Eherkenning], assurance: Assurance::High };
        tenant.means.retain(|known| known.id != means.id);
        tenant.means.insert(0, means);
    }
}

impl Browser<'_> {
    /// From a page with keys to eHerkenning.
    pub async fn leave_for_work(&mut self, page: &Page, broker: &Broker) -> Sent {
        let page = self.follow(page, "/with/eherkenning").await;
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
            door: Door::Post,
            now: broker.clock.lock().unwrap_or_else(PoisonError::into_inner).now(),
            audience: issuer,
            callback: self.gateway().tenant().provider_callback(Factor::Eherkenning),
            resolve: String::new(),
            request: value("ID"),
            id: value("ID").replacen('_', "_a", 1),
            name: "_transient".to_owned(),
            attributes: String::new(),
            class: EHERKENNING_CLASSES[2].to_owned(),
            status: success(),
            assertion: same,
            signature: same,
            signed: same,
            message: same,
            body: same,
            assertion_by: "provider",
            message_by: "provider",
        };
        Sent { state: field("RelayState"), request, recipe }
    }

    /// What the site of the provider has the browser post: by another site's form, so that no cookie of ours comes along.
    pub async fn posted(&self, answer: &str, state: &str) -> Reply {
        let address = self.gateway().tenant().provider_callback(Factor::Eherkenning);
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
    pub async fn bring_answer(&mut self, answer: &str, state: &str) -> Page {
        let reply = self.posted(answer, state).await;
        assert_eq!(reply.header("set-cookie"), "", "an answer to another site's form sets no cookie");
        let next = reply.header("location").to_owned();
        assert!(next.starts_with("/federated/eherkenning/callback?RelayState="), "{} {}", reply.status, reply.text());
        self.get(&next).await
    }

    /// The whole way, from the login page of the account.
    pub async fn by_eherkenning(&mut self, broker: &Broker, said: &Said) -> Page {
        let page = self.get("/").await;
        let sent = self.leave_for_work(&page, broker).await;
        self.bring_answer(&sent.answer(said, |_| {}), &sent.state).await
    }
}
