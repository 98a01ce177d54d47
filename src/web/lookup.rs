//! `/lookup`: anyone looks up whether somebody is registered (LOOKUP-1). Who is signed in here asks as anyone does, too.

use axum::response::Response;

use crate::{
    domain::{
        lookup::{LookedUp, LookupRefused, Registrant, RegistrantStatus},
        tenant::Tenant,
    },
    http::{frame, labels, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::views::lookup::{self, Answer, Asked, Lookup, LookupProblem, StatusName},
    service::lookup::{Found, LookupError, look_up},
};

/// The path of the page.
pub const PATH: &str = "/lookup";

/// The form, where a register is open to anyone.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    if visit.tenant().open_professions().is_empty() {
        return Err(Trouble::NotFound);
    }
    Ok(page::ok(&view(&visit, Asked::default(), None, None)))
}

/// Looks somebody up.
pub async fn answer(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let [name, given_name, number] = ["name", "given_name", "number"].map(|field| fields.text(field).to_owned());
    let asked = Asked { name, given_name, number };
    let who = match LookedUp::read(&visit.tenant().lookup, &asked.name, &asked.given_name, &asked.number) {
        Ok(who) => who,
        Err(why) => return Ok(page::mend(&view(&visit, asked, None, Some(problem(why))))),
    };
    let answer = match look_up(visit.core(), visit.tenant(), &who, visit.client().address).await? {
        Found::These(found) => Answer::Found(found.into_iter().map(|registrant| row(&visit, registrant)).collect()),
        Found::TooMany => Answer::TooMany,
    };
    Ok(page::ok(&view(&visit, asked, Some(answer), None)))
}

fn view(visit: &Visit, asked: Asked, answer: Option<Answer>, problem: Option<LookupProblem>) -> Lookup {
    let (tenant, language) = (visit.tenant(), visit.language());
    let open = tenant.registers.iter().filter(|register| !register.lookup.is_empty());
    let registers = open.map(|register| register.name.get(language).to_owned()).collect();
    Lookup { frame: frame::plain(visit), registers, asked, least_name: tenant.lookup.least_name, answer, problem }
}

fn row(visit: &Visit, found: Registrant) -> lookup::Registrant {
    let (tenant, language): (&Tenant, _) = (visit.tenant(), visit.language());
    let register = tenant.open_register(&found.profession);
    lookup::Registrant {
        name: found.name,
        number: labels::number(tenant, &found.number),
        register: register.map_or_else(String::new, |register| register.name.get(language).to_owned()),
        profession: labels::of(&tenant.professions, &found.profession, language).to_owned(),
        status: match found.status {
            RegistrantStatus::Registered => StatusName::Registered,
            RegistrantStatus::Certified => StatusName::Certified,
        },
    }
}

const fn problem(why: LookupRefused) -> LookupProblem {
    match why {
        LookupRefused::Nothing => LookupProblem::Nothing,
        LookupRefused::Both => LookupProblem::Both,
        LookupRefused::TooShort => LookupProblem::TooShort,
        LookupRefused::TooLong => LookupProblem::TooLong,
    }
}

impl From<LookupError> for Trouble {
    fn from(error: LookupError) -> Self {
        match error {
            // What is not open is not there.
            LookupError::Closed | LookupError::Denied(_) => Trouble::NotFound,
            LookupError::NotHeard(why) => why.into(),
            LookupError::Store(error) => error.into(),
        }
    }
}
