//! The network: the mail server, the programs behind registers, and the names that browsers ask for.

use futures_util::future::join_all;
use tokio::{net::lookup_host, time::timeout};

use super::{PATIENCE, Report};
use crate::{
    app::serve::smtp,
    base::{
        Timestamp,
        reach::{dial, is_localhost},
        tls::KeyFiles,
    },
    config::{Config, gateway::Mail},
    domain::{register::Backend, tenant::Tenant},
    http::tls::Outward,
    notify::smtp::Messenger,
};

/// Asks everything at the same time: the slowest decides how long it takes.
pub(super) async fn examine(config: &Config, now: Timestamp, report: &mut Report) {
    mail(&config.gateway.mail, report).await;
    telephone(config, report).await;
    for (tenant, backend) in
        config.tenants.iter().flat_map(|tenant| tenant.backends.iter().map(move |one| (tenant, one)))
    {
        if let Some(files) = own(backend) {
            let setting = format!("client certificate for backend {} of {}", backend.id, tenant.id);
            super::files::certificate(&setting, &files, now, report);
        }
    }
    let backends = config.tenants.iter().flat_map(|tenant| tenant.backends.iter().map(move |one| (tenant, one)));
    for (check, answer) in join_all(backends.map(|(tenant, one)| backend(tenant, one))).await {
        match answer {
            Ok(what) => report.ok(check, what),
            Err(what) => report.failure(check, what, "start it, or mend `url` of this backend in the tenant's file"),
        }
    }
    let hosts = config.tenants.iter().flat_map(|tenant| {
        std::iter::once(tenant.host.as_str()).chain(tenant.registers.iter().map(|register| register.host.as_str()))
    });
    for (host, found) in join_all(hosts.map(host)).await {
        let check = format!("host {host}");
        match found {
            true => report.ok(check, "has an address"),
            false => report.warning(
                check,
                "this machine finds no address for it",
                "add it to the DNS; if only browsers know the name, this is well",
            ),
        }
    }
}

/// The mail server takes the connection, with the TLS and the login of the settings. Nothing is sent.
async fn mail(settings: &Mail, report: &mut Report) {
    let check = format!("mail server {}:{}", settings.host, settings.port);
    let todo = "mend mail.host, mail.port, mail.tls, mail.user or mail.password_file";
    let messenger = smtp(settings).and_then(|settings| Ok(Messenger::new(&settings)?));
    let messenger = match messenger {
        Ok(messenger) => messenger,
        Err(error) => return report.failure(check, format!("{error:#}"), todo),
    };
    match timeout(PATIENCE, messenger.greet()).await {
        Ok(Ok(())) => report.ok(check, "answers, as the settings want it"),
        Ok(Err(error)) => report.failure(check, format!("does not take mail: {error}"), todo),
        Err(_) => report.failure(check, "no answer within 5 seconds", todo),
    }
}

/// The providers of telephony take connections. Nothing is sent, and no key is shown.
async fn telephone(config: &Config, report: &mut Report) {
    let Some(telephone) = &config.gateway.telephone else {
        for tenant in config.tenants.iter().filter(|tenant| tenant.phone.is_some()) {
            let check = format!("codes by telephone of {}", tenant.id);
            report.failure(
                check,
                "nobody sends them",
                "add [telephone] to gateway.toml, or take [phone] out of the tenant's file",
            );
        }
        return;
    };
    let named = [("telephone", Some(&telephone.first)), ("telephone.fallback", telephone.fallback.as_ref())];
    for (name, provider) in named.into_iter().filter_map(|(name, provider)| Some((name, provider?))) {
        let (url, check) = (&provider.url, format!("{name} {}", provider.url));
        let Some((host, port)) = url.host_str().zip(url.port_or_known_default()) else { continue };
        let connecting = async {
            if provider.key_file.read().is_err() {
                return Err(format!("{name}.key_file cannot be read"));
            }
            let name = host.trim_matches(['[', ']']);
            let stream = dial(name, port).await.map_err(|error| error.to_string())?;
            if url.scheme() == "https" {
                let tls = Outward::new(name, None, None).map_err(|error| error.to_string())?;
                tls.connect(stream).await.map_err(|error| error.to_string())?;
            }
            Ok(())
        };
        match timeout(PATIENCE, connecting).await.unwrap_or_else(|_| Err("no connection within 5 seconds".into())) {
            Ok(()) => report.ok(check, "takes connections"),
            Err(what) => report.failure(check, what, format!("mend {name}.url or {name}.key_file")),
        }
    }
}

/// Poort's own certificate for a backend that asks for one.
fn own(backend: &Backend) -> Option<KeyFiles> {
    backend.tls.own.clone().map(|(certificate, key)| KeyFiles { certificate, key })
}

/// Connects to a backend, by TLS where its address says so, and asks nothing.
async fn backend(tenant: &Tenant, backend: &Backend) -> (String, Result<String, String>) {
    let check = format!("backend {} of {}", backend.id, tenant.id);
    let (Some(host), Some(port)) = (backend.url.host_str(), backend.url.port_or_known_default()) else {
        return (check, Err("its url has no host".into()));
    };
    let name = host.trim_matches(['[', ']']);
    let connecting = async {
        let stream = dial(name, port).await.map_err(|error| error.to_string())?;
        if backend.url.scheme() != "https" {
            return Ok(format!("{name}:{port} takes connections"));
        }
        let own = own(backend);
        let tls =
            Outward::new(name, backend.tls.authorities.as_ref(), own.as_ref()).map_err(|error| error.to_string())?;
        tls.connect(stream).await.map_err(|error| error.to_string())?;
        Ok(format!("{name}:{port} takes connections, and its certificate is believed"))
    };
    let patience = backend.connect_timeout.min(PATIENCE);
    let late = || Err(format!("no connection within {patience:?}"));
    let answer = timeout(patience, connecting).await.unwrap_or_else(|_| late());
    (check, answer.map_err(|error| format!("{name}:{port}: {error}")))
}

async fn host(name: &str) -> (&str, bool) {
    let found = is_localhost(name)
        || timeout(PATIENCE, lookup_host((name, 443)))
            .await
            .is_ok_and(|found| found.is_ok_and(|mut found| found.next().is_some()));
    (name, found)
}
