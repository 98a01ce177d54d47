//! What must hold of an operator's files, whatever stands in them.

use super::{Mistake, Mistakes, Placement, Scheme, Source, document::Document, gateway, tenants};
use crate::domain::tenant::Tenant;

/// A tenant's file is read whole, or refused with the place of every mistake.
pub fn tenant_file(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let source = Source::new("base.toml", text);
    match tenants(&[source], &Placement::public(Scheme::Https, 443)) {
        Ok(tenants) => {
            assert_eq!(tenants.len(), 1, "neither a tenant nor a mistake");
            assert_eq!(kept(&tenants[0]), written(text), "something was dropped without a word");
        }
        Err(mistakes) => placed(mistakes.as_slice(), text),
    }
}

/// A gateway's file is read, or refused with the place of every mistake.
pub fn gateway_file(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let source = Source::new("/etc/poort/gateway.toml", text);
    let mut mistakes = Vec::new();
    let read = Document::read(&source, &mut mistakes, gateway::read);
    if let Err(mistakes) = Mistakes::none_in(mistakes) {
        return placed(mistakes.as_slice(), text);
    }
    let (gateway, _) = read.expect("neither a gateway nor a mistake");
    assert!(gateway.folders.tenants.is_absolute(), "relative to the file");
    let mut mistakes = Vec::new();
    let again = Document::read(&source, &mut mistakes, gateway::read).map(|(gateway, _)| gateway);
    assert_eq!((again, mistakes), (Some(gateway), Vec::new()));
}

fn placed(mistakes: &[Mistake], text: &str) {
    assert!(!mistakes.is_empty());
    for mistake in mistakes {
        assert!((1..=text.lines().count() + 1).contains(&mistake.place.line), "{mistake}");
        assert!(mistake.place.column > 0 && !mistake.what.is_empty() && !mistake.right.is_empty(), "{mistake}");
    }
}

/// How many sections of each kind a text has, as another reader of TOML counts them.
fn written(text: &str) -> [usize; 5] {
    let file: toml::Table = text.parse().expect("TOML, since it was accepted");
    let length = |value: Option<&toml::Value>| match value {
        Some(toml::Value::Table(table)) => table.len(),
        Some(toml::Value::Array(items)) => items.len(),
        _ => 0,
    };
    let registers = file.get("registers").and_then(toml::Value::as_table);
    let routes = registers.map_or(0, |all| all.values().map(|register| length(register.get("routes"))).sum());
    [
        length(file.get("means")),
        length(file.get("backends")),
        length(file.get("registers")),
        routes,
        length(file.get("clients")),
    ]
}

fn kept(tenant: &Tenant) -> [usize; 5] {
    let routes = tenant.registers.iter().map(|register| register.routes.len()).sum();
    [tenant.means.len(), tenant.backends.len(), tenant.registers.len(), routes, tenant.clients.len()]
}
