//! DigiD, as far as a gateway sees it: where people are sent, and a resolver that answers who shows the gateway's certificate. What it
//! answers is a [`Recipe`] that a test changes.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::read::DeflateDecoder;
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use poort::{
    base::{Clock, tls::KeyFiles},
    domain::{
        assurance::Assurance,
        tenant::{Factor, Means, Tenant},
        upstream::{DIGID_CLASSES, Level, RequestBinding, ReturnBinding, SamlProvider, SamlSignature, UnknownPeople},
    },
    login::wire::saml::{
        names::{ASSERTION, DSIG, PROTOCOL},
        signature::{Trusted, verify},
        xml::{Comments, Tree},
    },
};
use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::WebPkiClientVerifier,
    },
};

use super::{
    browser::{Browser, Page},
    gateway::{Gateway, NOW, RGS},
    saml::{Door, ENTITY, EVERYBODY, Folder, MIDDEN, Pair, Recipe, artifact, cut, metadata, same, success},
};

/// How the resolver answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Well,
    /// With this status, and a page.
    Status(u16),
    /// HTML with status 200.
    Html,
    Fault,
    /// Nothing, for longer than anybody waits.
    Silent,
    /// More than anybody reads.
    Endless,
    /// No UTF-8.
    Bytes,
}

type Change = Arc<dyn Fn(&mut Recipe) + Send + Sync>;

struct Mind {
    clock: Clock,
    manner: Manner,
    change: Change,
    /// What was asked, as it came.
    asked: Vec<String>,
    /// Whom the last person was sent by, and for what.
    recipe: Option<Recipe>,
    next: u64,
}

/// The provider.
pub struct Digid {
    pub folder: Folder,
    resolver: String,
    mind: Mutex<Mind>,
}

impl Digid {
    /// Listens on a free port of this machine, with TLS.
    pub async fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let resolver = format!("https://localhost:{}/resolve", listener.local_addr().expect("an address").port());
        let folder = Folder::new(&metadata(&resolver, "https://idp.example/sso", &[&EVERYBODY.provider]));
        let mind = Mind {
            clock: Clock::frozen(NOW),
            manner: Manner::Well,
            change: Arc::new(|_| {}),
            asked: Vec::new(),
            recipe: None,
            next: 0,
        };
        let this = Arc::new(Self { folder, resolver, mind: Mutex::new(mind) });
        let acceptor = TlsAcceptor::from(Arc::new(tls()));
        let here = this.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, here) = (acceptor.clone(), here.clone());
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = service_fn(move |request| {
                        let here = here.clone();
                        async move { here.resolve(request).await }
                    });
                    let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        this
    }

    fn mind(&self) -> std::sync::MutexGuard<'_, Mind> {
        self.mind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A gateway with the tenants and people of the demo, of which MijnRGS has this DigiD.
    pub async fn gateway(self: &Arc<Self>) -> Gateway {
        self.gateway_with(|_| {}).await
    }

    /// The same, with changes to how the tenant's file describes it.
    pub async fn gateway_with(self: &Arc<Self>, change: impl Fn(&mut SamlProvider)) -> Gateway {
        let gateway = Gateway::demo_with(|tenant| self.adopt(tenant, &change)).await.about(RGS);
        self.mind().clock = gateway.clock.clone();
        gateway
    }

    /// The same, with changes to the tenant.
    pub async fn gateway_where(self: &Arc<Self>, change: impl Fn(&mut Tenant)) -> Gateway {
        let gateway = Gateway::demo_with(|tenant| {
            self.adopt(tenant, &|_| {});
            if tenant.id.as_str() == RGS {
                change(tenant);
            }
        });
        let gateway = gateway.await.about(RGS);
        self.mind().clock = gateway.clock.clone();
        gateway
    }

    fn adopt(&self, tenant: &mut Tenant, change: &impl Fn(&mut SamlProvider)) {
        if tenant.id.as_str() != RGS {
            return;
        }
        let files = KeyFiles { certificate: self.folder.path("gateway.pem"), key: self.folder.path("gateway.key") };
        let worth = [Assurance::Low, Assurance::Low, Assurance::Substantial, Assurance::High];
        let levels = DIGID_CLASSES.into_iter().zip(worth).skip(1);
        let mut provider = SamlProvider {
            factor: Factor::Digid,
            provider: ENTITY.to_owned(),
            metadata: self.folder.path("metadata.xml"),
            metadata_signer: None,
            entity: None,
            binding: RequestBinding::Redirect,
            returns: ReturnBinding::Artifact,
            service: None,
            decryption: Vec::new(),
            signing: files.clone(),
            next_certificate: None,
            tls: files,
            authorities: Some(self.folder.path("authority.pem")),
            levels: levels.map(|(class, assurance)| Level { acr: class.to_owned(), assurance }).collect(),
            signature: SamlSignature::Pkcs1,
            attributes: None,
            european: None,
            unknown_people: UnknownPeople::Admitted,
        };
        change(&mut provider);
        tenant.saml_providers = vec![provider];
        let means = Means { id: "digid".to_owned(), factors: vec![Factor::Digid], assurance: Assurance::High };
        tenant.means.retain(|known| known.id != means.id);
        for register in tenant.registers.iter_mut().filter(|register| register.id == "specialisten") {
            register.means = vec![means.id.clone()];
        }
        tenant.means.insert(0, means);
    }

    /// From now on it publishes these certificates.
    pub fn publishes(&self, certificates: &[&Pair]) {
        self.folder.write("metadata.xml", &metadata(&self.resolver, "https://idp.example/sso", certificates));
    }

    /// From now on it answers like this.
    pub fn answers(&self, change: impl Fn(&mut Recipe) + Send + Sync + 'static) {
        self.mind().change = Arc::new(change);
    }

    /// Somebody with this BSN logs in here.
    pub fn as_person(&self, number: &str) {
        let name = format!("s00000000:{number}");
        self.answers(move |recipe| recipe.name.clone_from(&name));
    }

    pub fn manner(&self, manner: Manner) {
        self.mind().manner = manner;
    }

    /// What its resolver was asked so far.
    pub fn asked(&self) -> Vec<String> {
        self.mind().asked.clone()
    }

    async fn resolve(
        &self,
        request: http::Request<Incoming>,
    ) -> Result<http::Response<Full<bytes::Bytes>>, hyper::Error> {
        let body = request.into_body().collect().await?.to_bytes();
        let body = String::from_utf8(body.to_vec()).expect("text");
        let (manner, answer) = {
            let mut mind = self.mind();
            mind.asked.push(body.clone());
            let mut recipe = mind.recipe.clone().expect("somebody left");
            recipe.now = mind.clock.now();
            recipe.resolve = resolves(&body);
            (mind.change)(&mut recipe);
            (mind.manner, recipe)
        };
        let fault = "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><soap:Fault/></soap:Body></soap:Envelope>";
        let (status, body): (u16, Vec<u8>) = match manner {
            Manner::Well => (200, answer.build().into()),
            Manner::Status(status) => (status, "<h1>Sorry</h1>".into()),
            Manner::Html => (200, "<!doctype html><h1>Sorry</h1>".into()),
            Manner::Fault => (200, fault.into()),
            Manner::Silent => std::future::pending().await,
            Manner::Endless => (200, vec![b' '; 10 << 20]),
            Manner::Bytes => (200, vec![0xff, 0xfe, 0, 1]),
        };
        let mut response = http::Response::new(Full::new(bytes::Bytes::from(body)));
        *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
        Ok(response)
    }
}

/// The `ID` of a question to the resolver, whose signature must be the gateway's.
fn resolves(body: &str) -> String {
    let tree = Tree::parse(body, Comments::Refused).expect("XML");
    let keys = [poort::base::tls::Certificate::parse(&EVERYBODY.gateway.der).expect("a certificate")];
    let soap = tree.root().children().next().expect("a body");
    let question = soap.one(PROTOCOL, "ArtifactResolve").expect("a question");
    let signed = verify(question, &Trusted::new(&keys).expect("keys")).expect("signed by the gateway");
    assert!(signed.element().one(ASSERTION, "Issuer").is_ok() && signed.element().one(DSIG, "Signature").is_ok());
    signed.element().required("ID").expect("an ID").to_owned()
}

fn tls() -> ServerConfig {
    let all = &*EVERYBODY;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(all.authority.der.clone())).expect("an authority");
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build();
    let chain = vec![CertificateDer::from(all.resolver.der.clone())];
    let key = PrivateKeyDer::from_pem_slice(all.resolver.key.as_bytes()).expect("a key");
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(verifier.expect("a verifier"))
        .with_single_cert(chain, key)
        .expect("a certificate")
}

/// A person who left for the provider, with what their browser took along.
pub struct Left {
    pub state: String,
    pub request: String,
    pub to: url::Url,
}

impl Browser<'_> {
    /// From a page with keys to the provider, which learns what it was asked.
    pub async fn leave_for(&mut self, page: &Page, digid: &Digid) -> Left {
        let page = self.follow(page, "/with/digid").await;
        let field = |name: &str| {
            page.parameter(name).unwrap_or_else(|| panic!("no {name}: {} {}\n{}", page.url, page.status, page.text))
        };
        let packed = STANDARD.decode(field("SAMLRequest")).expect("base64");
        let request = std::io::read_to_string(DeflateDecoder::new(&packed[..])).expect("deflated");
        self.learn(digid, &request);
        Left { state: field("RelayState"), request, to: page.url.clone() }
    }

    /// Tells the provider what it was asked.
    pub fn learn(&self, digid: &Digid, request: &str) {
        let value =
            |name: &str| cut(request, &format!(" {name}=\""), "\" ").split('"').nth(1).expect("a value").to_owned();
        let text = |name: &str| {
            cut(request, &format!("{name}>"), "<")
                .trim_start_matches(&format!("{name}>"))
                .trim_end_matches('<')
                .to_owned()
        };
        let tenant = self.gateway().tenant();
        let recipe = Recipe {
            door: Door::Artifact,
            now: self.gateway().clock.now(),
            audience: text("saml:Issuer"),
            callback: tenant.provider_callback(Factor::Digid),
            resolve: String::new(),
            request: value("ID"),
            id: value("ID").replacen('_', "_a", 1),
            name: String::new(),
            attributes: String::new(),
            class: MIDDEN.to_owned(),
            status: success(),
            assertion: same,
            signature: same,
            signed: same,
            message: same,
            body: same,
            assertion_by: "provider",
            message_by: "provider",
        };
        digid.mind().recipe = Some(recipe);
    }

    /// Back from the provider, with an artifact of its own.
    pub async fn come_back_to(&mut self, digid: &Digid, state: &str) -> Page {
        let number = {
            let mut mind = digid.mind();
            mind.next += 1;
            mind.next
        };
        self.bring(&artifact(number), state).await
    }

    /// Back, with this.
    pub async fn bring(&mut self, artifact: &str, state: &str) -> Page {
        let query = [("SAMLart", artifact), ("RelayState", state)];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        self.get(&format!("/federated/digid/callback?{query}")).await
    }

    /// The whole way, from the login page of the account.
    pub async fn by_digid(&mut self, digid: &Digid) -> Page {
        let page = self.get("/").await;
        let left = self.leave_for(&page, digid).await;
        self.come_back_to(digid, &left.state).await
    }
}
