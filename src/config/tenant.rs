//! One tenant's file. Every key stands in the files of `deploy/tenants/`, with what it is for.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use toml::de::DeValue;

use super::{
    address,
    asked::Asked,
    backend, client, digid,
    document::Placed,
    eherkenning, eid, eidas, fas_saml, itsme,
    kind::{any_text, shown, slug, word},
    lookup,
    means::{self, Elsewhere, KnownMeans},
    near::nearest,
    openid, phone, purpose, register, self_registration,
    table::Table,
    terms, texts,
    wrong::Wrong,
};
use crate::{
    base::{Language, id::TenantId},
    domain::{
        assurance::Assurance,
        capacity::Capacity,
        tenant::{Factor, HelpLine, NationalNumberKind, PALETTES, Tenant, Texts, UserName},
        upstream::{Level, OpenIdProvider, SamlProvider},
    },
};

/// What the other sections of a tenant's file lean on. `None`, where that section has a mistake of its own: then nothing is
/// said about what leans on it.
pub(super) struct Around {
    pub languages: Option<Vec<Language>>,
    pub means: Option<KnownMeans>,
    pub backends: BTreeSet<String>,
    pub professions: BTreeSet<String>,
}

/// A tenant's file, read: what it shares with other files, and the tenant when nothing is wrong.
pub(super) struct TenantFile {
    pub id: Option<Placed<String>>,
    pub hosts: Vec<Placed<String>>,
    pub asked: Vec<Asked>,
    pub tenant: Option<Tenant>,
}

const KINDS: [(&str, NationalNumberKind); 2] =
    [("bsn", NationalNumberKind::Bsn), ("national_register", NationalNumberKind::NationalRegister)];

const USER_NAMES: [(&str, UserName); 2] =
    [("email", UserName::Email), ("registration_number", UserName::RegistrationNumber)];

pub(super) fn read(mut table: Table<'_>) -> TenantFile {
    let id = table.required("id", &format!("{:?}", table.document().stem()), host_label);
    let id = id.map(|value| Placed { value, place: table.place_of("id") });
    let host = table.required("host", "\"login.example.org\"", address::host);
    let host = host.map(|value| Placed { value, place: table.place_of("host") });
    let languages = languages(&mut table);
    let zone = table.required("time_zone", "\"Europe/Brussels\"", time_zone);
    let palette = table.required("palette", "\"ocean\"", word(&PALETTES.map(|palette| (palette, palette))));
    let national_number = table.required("national_number", "\"national_register\"", word(&KINDS));
    let user_name = table.optional("user_name", "\"email\"", word(&USER_NAMES)).unwrap_or_default();
    let name = texts::required(&mut table, "name", languages.as_deref());
    let help = help(&mut table, languages.as_deref());
    let itsme = itsme::read(&mut table, national_number);
    let (fas, other) = (openid::fas(&mut table, national_number), openid::other(&mut table));
    let openid_providers: Vec<OpenIdProvider> = [itsme, fas, other].into_iter().flatten().collect();
    let saml_providers = [
        digid::read(&mut table, national_number),
        eherkenning::read(&mut table, national_number),
        eidas::read(&mut table, national_number),
        fas_saml::read(&mut table, national_number),
    ];
    let saml_providers: Vec<SamlProvider> = saml_providers.into_iter().flatten().collect();
    let card = eid::read(&mut table, national_number);
    let most = |levels: &[Level]| levels.iter().map(|level| level.assurance).max();
    let of_oidc = openid_providers.iter().map(|known| Elsewhere { factor: known.factor, most: most(&known.levels) });
    let of_saml = saml_providers.iter().map(|known| Elsewhere { factor: known.factor, most: most(&known.levels) });
    let cards = [Factor::Eid, Factor::EidCertificate].map(|factor| Elsewhere { factor, most: Some(Assurance::High) });
    let of_cards = cards.into_iter().filter(|_| card.is_some());
    let means = means::read(&mut table, &of_oidc.chain(of_saml).chain(of_cards).collect::<Vec<_>>());
    let terms = terms::read(table.section("terms"));
    let lookup = lookup::read(&mut table);
    let phone = phone::read(&mut table, &means.all);
    let professions = codes(&mut table, "professions", languages.as_deref());
    let rights = codes(&mut table, "rights", languages.as_deref());
    let mandate_scopes = codes(&mut table, "mandate_scopes", languages.as_deref());
    let capacity_labels = capacity_labels(&mut table, languages.as_deref());
    let backends = backend::read(&mut table);
    let known_professions = professions.keys().cloned().collect();
    let around = Around { languages, means: means.known, backends: backends.known, professions: known_professions };
    let registers = register::read(&mut table, &around);
    let leads = purpose::Leads { rights: &rights, registers: &registers.all, whole: registers.whole };
    let purposes = purpose::read(&mut table, around.languages.as_deref(), &leads);
    let self_registration = self_registration::read(&mut table, &leads, &means.all);
    let clients = client::read(&mut table, &around, &leads);
    table.finish();

    let hosts = host.iter().cloned().chain(registers.hosts).collect();
    let assemble = || {
        Some(Tenant {
            id: id.as_ref()?.value.parse::<TenantId>().ok()?,
            name: name?,
            host: host?.value,
            // Until the tenant is placed.
            origin: String::new(),
            mutual_tls_origin: None,
            languages: around.languages?,
            zone: zone?,
            palette: palette?.to_owned(),
            help: help?,
            national_number: national_number?,
            user_name,
            means: means.all,
            terms,
            lookup,
            phone,
            professions,
            rights,
            mandate_scopes,
            purposes,
            self_registration,
            capacity_labels,
            registers: registers.all,
            backends: backends.all,
            clients,
            openid_providers,
            saml_providers,
            eid: card,
            card_origin: None,
        })
    };
    TenantFile { tenant: assemble(), id: id.clone(), hosts, asked: registers.asked }
}

/// An id that becomes part of a host name in a demo: a slug without `_`.
pub(super) fn host_label(value: &DeValue<'_>) -> Result<String, Wrong> {
    let id = slug(value)?;
    if id.contains('_') {
        return Err(Wrong::meant(
            format!("{} becomes part of a host name, which has no `_`", shown(&id)),
            Some(id.replace('_', "-")),
        ));
    }
    Ok(id)
}

fn languages(table: &mut Table<'_>) -> Option<Vec<Language>> {
    let words = Language::ALL.map(|language| (language.code(), language));
    let list = table.required_list("languages", "[\"nl\", \"fr\"]", word(&words))?;
    for (i, language) in list.iter().enumerate() {
        if list[..i].iter().any(|earlier| earlier.value == language.value) {
            table.wrong_at(
                &language.place,
                "this language stands here for the second time",
                "each language once; the first is the default",
            );
        }
    }
    Some(list.into_iter().map(|language| language.value).collect())
}

fn time_zone(value: &DeValue<'_>) -> Result<TimeZone, Wrong> {
    let text = any_text(value)?;
    // An IANA name, and not what the library reads besides.
    if let Ok(zone) = TimeZone::get(text)
        && zone.iana_name() == Some(text)
    {
        return Ok(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
    let what = format!("{} is no time zone", shown(text));
    let meant = names.iter().find(|name| name.rsplit('/').next() == Some(text)).map(String::as_str);
    match meant.or_else(|| nearest(text, names.iter().map(String::as_str))) {
        Some(meant) => Err(Wrong::but(what, format!("time_zone = \"{meant}\", if that was meant"))),
        None => Err(Wrong::but(what, "a name of the IANA time-zone database, as in time_zone = \"Europe/Brussels\"")),
    }
}

fn help(table: &mut Table<'_>, languages: Option<&[Language]>) -> Option<HelpLine> {
    let mut help =
        table.required_section("help", "a [help] section: it is shown on every page that says what went wrong")?;
    let phone = help.optional("phone", "\"+32 2 000 00 00\"", address::phone);
    let email = help.optional("email", "\"help@example.org\"", address::email);
    if !help.has("phone") && !help.has("email") {
        help.wrong_at(
            &help.place(),
            "nobody can be reached",
            "phone = \"+32 2 000 00 00\" or email = \"help@example.org\", or both",
        );
    }
    let hours = texts::required(&mut help, "hours", languages);
    help.finish();
    Some(HelpLine { phone, email, hours: hours? })
}

fn codes(table: &mut Table<'_>, key: &'static str, languages: Option<&[Language]>) -> BTreeMap<String, Texts> {
    let mut codes = BTreeMap::new();
    for (code, section) in table.named(key) {
        if let Err(Wrong { what, right }) = slug(&DeValue::String(code.value.as_str().into())) {
            section.wrong_at(&code.place, what, right.entry(&format!("[{key}.physician]")));
            continue;
        }
        if let Some(texts) = texts::read(section, languages) {
            codes.insert(code.value, texts);
        }
    }
    codes
}

fn capacity_labels(table: &mut Table<'_>, languages: Option<&[Language]>) -> BTreeMap<String, Texts> {
    // No profile is anyone's, so it is called nothing.
    let of_people = Capacity::ALL.into_iter().filter(|capacity| *capacity != Capacity::Anyone);
    let words: Vec<_> = of_people.map(|capacity| (capacity.word(), capacity)).collect();
    let mut labels = BTreeMap::new();
    for (capacity, section) in table.named("capacity_labels") {
        match word(&words)(&DeValue::String(capacity.value.as_str().into())) {
            Ok(known) => {
                if let Some(texts) = texts::read(section, languages) {
                    labels.insert(known.word().to_owned(), texts);
                }
            }
            Err(Wrong { what, right }) => {
                section.wrong_at(&capacity.place, what, right.entry("[capacity_labels.professional]"))
            }
        }
    }
    labels
}
