//! INSIGHT: a person lets an employer or an appraiser see something of them, and takes that back.

use http::Method;
use poort::base::id::{OrganizationId, PersonId};
use serde_json::{Value, json};

use super::facts::Register;
use crate::harness::{
    application::encoded,
    browser::{Browser, Page},
    gateway::{Gateway, Reply},
};

const PLEIN: &str = "registerplein";
const MILA: &str = "mila.hendriks@example.org";
const JONAS: &str = "jonas.brandt@example.org";
const SEM: &str = "sem.terpstra@example.org";
const KARIN: &str = "karin.prins@example.org";
const PAUL: &str = "paul.evers@example.org";

const IFMS: &str = "ifms";
const ANOUK: &str = "anouk.verhoeven@example.org";
const THIJS: &str = "thijs.vandam@example.org";
const LENA: &str = "lena.kok@example.org";
const WOUTER: &str = "wouter.blom@example.org";
const SASKIA: &str = "saskia.peters@example.org";
const ERIK: &str = "erik.mol@example.org";

/// Of what a registration holds, this alone is content.
const CONTENT: &str = "reflectieverslag";

/// Somebody at the register of a tenant, as themselves, with a choice of profile where there is one.
async fn at<'g>(gateway: &'g Gateway, tenant: &str, email: &str, choice: &str) -> Browser<'g> {
    enter(gateway, tenant, email, &[("as", choice)]).await
}

/// Somebody at the register, within the organization that they belong to.
async fn within<'g>(gateway: &'g Gateway, tenant: &str, email: &str) -> Browser<'g> {
    let organization = organization_of(gateway, tenant, email).await.to_string();
    enter(gateway, tenant, email, &[("as", "citizen"), ("organization", &organization)]).await
}

async fn enter<'g>(gateway: &'g Gateway, tenant: &str, email: &str, choice: &[(&str, &str)]) -> Browser<'g> {
    let mut browser = gateway.browser();
    let page = browser.get(&format!("{}/", gateway.register(tenant))).await;
    let page = browser.prove(&page, tenant, email).await;
    let page = if page.is_at("/profile") { browser.submit(&page, choice).await } else { page };
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/"), "{email}: {}", page.text);
    browser
}

async fn organization_of(gateway: &Gateway, tenant: &str, email: &str) -> OrganizationId {
    let person = gateway.person(tenant, email).await.id;
    let memberships = gateway.read_in(tenant).await.memberships(person).await.expect("reads");
    memberships.first().expect("a member").organization.id
}

/// Asks a path of a tenant's register, and goes nowhere from there.
async fn ask(browser: &Browser<'_>, tenant: &str, path: &str) -> Reply {
    let url = format!("{}{path}", browser.gateway().register(tenant));
    browser.once(Method::GET, &url, &[], None).await
}

/// A page of a tenant's login host.
async fn page(browser: &mut Browser<'_>, tenant: &str, path: &str) -> Page {
    let url = format!("{}{path}", browser.gateway().tenant_of(tenant).origin);
    browser.get(&url).await
}

/// Lets a recipient see something, by the page of the purpose.
async fn give(browser: &mut Browser<'_>, tenant: &str, purpose: &str, recipient: &str, until: [&str; 3]) -> Page {
    let path = format!("/consents/{purpose}");
    let form = page(browser, tenant, &path).await;
    assert_eq!(form.status, 200, "{}", form.text);
    let [day, month, year] = until;
    let fields = [("recipient", recipient), ("day", day), ("month", month), ("year", year)];
    browser.press(&form, &path, &fields).await
}

/// Takes back the first consent of the page.
async fn take_back(browser: &mut Browser<'_>, tenant: &str, purpose: &str) -> Page {
    let path = format!("/consents/{purpose}");
    let shown = page(browser, tenant, &path).await;
    browser.press(&shown, &format!("{path}/withdraw"), &[]).await
}

const ALWAYS: [&str; 3] = ["", "", ""];

async fn lines_of(gateway: &Gateway, tenant: &str, kind: &str) -> Vec<Value> {
    gateway.lines(tenant).await.into_iter().filter(|line| line["kind"] == kind).collect()
}

#[tokio::test]
async fn insight_1_an_employer_sees_progress_from_the_consent_on_and_nothing_once_it_is_taken_back() {
    for gateway in Gateway::demos().await {
        let number = gateway.number(PLEIN, MILA).await;
        let progress = format!("/registrations/{number}/progress");
        let mut karin = within(&gateway, PLEIN, KARIN).await;
        gateway.tick().await;
        let before = ask(&karin, PLEIN, &progress).await;
        let nobody = ask(&karin, PLEIN, "/registrations/99999999/progress").await;
        assert_eq!((before.status.as_u16(), nobody.status.as_u16()), (404, 404), "as a number that nobody has");
        assert!(!page(&mut karin, PLEIN, "/insight").await.text.contains("Mila"));

        let linde = organization_of(&gateway, PLEIN, KARIN).await.to_string();
        let mut mila = at(&gateway, PLEIN, MILA, "professional:social_worker").await;
        let given = give(&mut mila, PLEIN, "employer_insight", &linde, ALWAYS).await;
        assert!(given.status == 200 && given.text.contains("utrecht-alert--ok"), "{}", given.text);

        let seen = ask(&karin, PLEIN, &progress).await;
        assert_eq!(seen.status, 200, "{}: {}", gateway.name(), seen.text());
        assert!(seen.text().contains("id=\"progress\"") && seen.text().contains("Mila Hendriks"), "{}", seen.text());
        assert!(!seen.text().contains(CONTENT), "never content: {}", seen.text());
        let list = page(&mut karin, PLEIN, "/insight").await;
        assert!(list.text.contains("Mila Hendriks") && list.text.contains(&progress), "{}", list.text);

        let taken = take_back(&mut mila, PLEIN, "employer_insight").await;
        assert_eq!(taken.status, 200, "{}", taken.text);
        assert_eq!(ask(&karin, PLEIN, &progress).await.status, 404, "at the next request: {}", gateway.name());
        assert!(!page(&mut karin, PLEIN, "/insight").await.text.contains("Mila"));

        let own = gateway.person(PLEIN, MILA).await.id.to_string();
        for kind in ["consent.given", "consent.withdrawn"] {
            let lines = lines_of(&gateway, PLEIN, kind).await;
            assert_eq!(lines.len(), 1, "AUDIT-1");
            assert_eq!((&lines[0]["actor"], &lines[0]["subject"]), (&json!(own), &json!(own)));
            assert_eq!(lines[0]["organization"], json!(linde));
            assert_eq!(lines[0]["details"]["purpose"], "employer_insight");
        }
        let looks = lines_of(&gateway, PLEIN, "register.used").await;
        assert!(looks.iter().any(|line| line["subject"] == json!(own)), "AUDIT-1: who looked, and at whom: {looks:?}");
    }
}

#[tokio::test]
async fn insight_1_an_employer_never_sees_content() {
    for gateway in Gateway::demos().await {
        let number = gateway.number(PLEIN, MILA).await;
        let (linde, karin) = (organization_of(&gateway, PLEIN, KARIN).await, within(&gateway, PLEIN, KARIN).await);
        let mut mila = at(&gateway, PLEIN, MILA, "professional:social_worker").await;
        give(&mut mila, PLEIN, "employer_insight", &linde.to_string(), ALWAYS).await;
        let refused = ask(&karin, PLEIN, &format!("/registrations/{number}")).await;
        assert_eq!(refused.status, 403, "{}", gateway.name());
        assert!(!refused.text().contains(CONTENT));
        let own = ask(&mila, PLEIN, &format!("/registrations/{number}")).await;
        assert!(own.status == 200 && own.text().contains(CONTENT), "the twin: {}", own.text());
    }
}

#[tokio::test]
async fn insight_1_it_is_the_chosen_employers_within_its_own_profile_and_nobody_elses() {
    for gateway in Gateway::demos().await {
        let progress = format!("/registrations/{}/progress", gateway.number(PLEIN, MILA).await);
        let linde = organization_of(&gateway, PLEIN, KARIN).await.to_string();
        let mut mila = at(&gateway, PLEIN, MILA, "professional:social_worker").await;
        give(&mut mila, PLEIN, "employer_insight", &linde, ALWAYS).await;
        let mut paul = within(&gateway, PLEIN, PAUL).await;
        assert_eq!(ask(&paul, PLEIN, &progress).await.status, 404, "another employer: {}", gateway.name());
        assert!(!page(&mut paul, PLEIN, "/insight").await.text.contains("Mila"));
        let private = at(&gateway, PLEIN, KARIN, "citizen").await;
        assert_eq!(ask(&private, PLEIN, &progress).await.status, 404, "who is not within it");
        let colleague = at(&gateway, PLEIN, JONAS, "professional:client_supporter").await;
        assert_eq!(ask(&colleague, PLEIN, &progress).await.status, 404, "a colleague");
        let karin = within(&gateway, PLEIN, KARIN).await;
        assert_eq!(ask(&karin, PLEIN, &progress).await.status, 200, "the twin");
    }
}

#[tokio::test]
async fn insight_1_the_account_stays_the_persons_at_a_change_of_employer() {
    for gateway in Gateway::demos().await {
        let progress = format!("/registrations/{}/progress", gateway.number(PLEIN, JONAS).await);
        let [linde, noord] = [
            organization_of(&gateway, PLEIN, KARIN).await.to_string(),
            organization_of(&gateway, PLEIN, PAUL).await.to_string(),
        ];
        let mut jonas = at(&gateway, PLEIN, JONAS, "professional:client_supporter").await;
        give(&mut jonas, PLEIN, "employer_insight", &linde, ALWAYS).await;
        let (karin, paul) = (within(&gateway, PLEIN, KARIN).await, within(&gateway, PLEIN, PAUL).await);
        assert_eq!(ask(&karin, PLEIN, &progress).await.status, 200);
        // He leaves De Linde for Noord: nothing of his account is theirs, so he only picks another.
        take_back(&mut jonas, PLEIN, "employer_insight").await;
        give(&mut jonas, PLEIN, "employer_insight", &noord, ALWAYS).await;
        assert_eq!(ask(&karin, PLEIN, &progress).await.status, 404, "{}", gateway.name());
        assert_eq!(ask(&paul, PLEIN, &progress).await.status, 200);
        let number = gateway.number(PLEIN, JONAS).await;
        assert_eq!(ask(&jonas, PLEIN, &format!("/registrations/{number}")).await.status, 200, "in the same session");
        // And when the new employer is gone from the register, he still is not.
        let (organization, member) = (noord.parse().expect("an id"), gateway.person(PLEIN, PAUL).await.id);
        let mut transaction = gateway.begin_in(PLEIN).await;
        let (yesterday, now) = ("2026-11-21".parse().expect("a date"), gateway.core().now());
        transaction.end_membership(organization, member, yesterday, now).await.expect("ends");
        transaction.commit().await.expect("commits");
        assert_ne!(ask(&paul, PLEIN, &progress).await.status, 200, "who belongs to it no longer sees nothing");
        assert_eq!(ask(&jonas, PLEIN, &format!("/registrations/{number}")).await.status, 200);
    }
}

#[tokio::test]
async fn freshness_a_consent_that_was_taken_back_counts_on_no_other_replica_after_its_next_look() {
    for gateway in Gateway::demos().await {
        let other = gateway.again().await;
        let progress = format!("/registrations/{}/progress", gateway.number(PLEIN, MILA).await);
        let linde = organization_of(&gateway, PLEIN, KARIN).await.to_string();
        let mut mila = at(&gateway, PLEIN, MILA, "professional:social_worker").await;
        give(&mut mila, PLEIN, "employer_insight", &linde, ALWAYS).await;
        let karin = within(&gateway, PLEIN, KARIN).await;
        let there = karin.at(&other);
        other.tick().await;
        assert_eq!(ask(&there, PLEIN, &progress).await.status, 200, "the other has it in memory");
        take_back(&mut mila, PLEIN, "employer_insight").await;
        other.tick().await;
        assert_eq!(ask(&there, PLEIN, &progress).await.status, 404, "{}", gateway.name());
    }
}

#[tokio::test]
async fn insight_1_a_form_that_was_made_for_another_profile_gives_nothing() {
    let gateway = Gateway::demo().await;
    let linde = organization_of(&gateway, PLEIN, KARIN).await.to_string();
    let mut mila = at(&gateway, PLEIN, MILA, "professional:social_worker").await;
    let form = page(&mut mila, PLEIN, "/consents/employer_insight").await;
    // In another tab she becomes a citizen.
    let choice = page(&mut mila, PLEIN, "/profile").await;
    mila.submit(&choice, &[("as", "citizen")]).await;
    let sent = mila.press(&form, "/consents/employer_insight", &[("recipient", &linde)]).await;
    assert_eq!(sent.status, 409, "{}", sent.text);
    let still = page(&mut mila, PLEIN, "/consents/employer_insight").await;
    assert!(Browser::offered(&still, "consent").is_empty(), "{}", still.text);
}

#[tokio::test]
async fn insight_1_who_still_applies_gives_insight_in_the_application() {
    let gateway = Gateway::demo().await;
    let progress = format!("/registrations/{}/progress", gateway.number(PLEIN, SEM).await);
    let linde = organization_of(&gateway, PLEIN, KARIN).await.to_string();
    let mut sem = at(&gateway, PLEIN, SEM, "citizen").await;
    let given = give(&mut sem, PLEIN, "employer_insight", &linde, ALWAYS).await;
    assert_eq!(given.status, 200, "{}", given.text);
    let karin = within(&gateway, PLEIN, KARIN).await;
    let seen = ask(&karin, PLEIN, &progress).await;
    assert!(seen.status == 200 && seen.text().contains("in behandeling"), "{}", seen.text());
}

#[tokio::test]
async fn insight_1_insight_with_a_last_day_ends_with_that_day() {
    for gateway in Gateway::demos().await {
        let progress = format!("/registrations/{}/progress", gateway.number(PLEIN, MILA).await);
        let linde = organization_of(&gateway, PLEIN, KARIN).await.to_string();
        let mut mila = at(&gateway, PLEIN, MILA, "professional:social_worker").await;
        for wrong in [["21", "11", "2026"], ["31", "2", "2027"], ["1", "", ""]] {
            let page = give(&mut mila, PLEIN, "employer_insight", &linde, wrong).await;
            assert!(page.status == 422 && page.text.contains("id=\"problems\""), "{wrong:?}: {}", page.text);
        }
        assert_eq!(give(&mut mila, PLEIN, "employer_insight", "", ALWAYS).await.status, 422, "nobody chosen");
        // Today is 22 November.
        let today = give(&mut mila, PLEIN, "employer_insight", &linde, ["22", "11", "2026"]).await;
        assert_eq!(today.status, 200, "{}", today.text);
        let twice = give(&mut mila, PLEIN, "employer_insight", &linde, ALWAYS).await;
        assert_eq!(twice.status, 422, "it stands: {}", gateway.name());
        let karin = within(&gateway, PLEIN, KARIN).await;
        assert_eq!(ask(&karin, PLEIN, &progress).await.status, 200, "that day included");
        gateway.advance(std::time::Duration::from_secs(24 * 3600));
        let karin = within(&gateway, PLEIN, KARIN).await;
        assert_eq!(ask(&karin, PLEIN, &progress).await.status, 404, "{}", gateway.name());
        let mut mila = at(&gateway, PLEIN, MILA, "professional:social_worker").await;
        let anew = give(&mut mila, PLEIN, "employer_insight", &linde, ALWAYS).await;
        assert_eq!(anew.status, 200, "and can be given anew: {}", anew.text);
    }
}

#[tokio::test]
async fn insight_1_nobody_gives_or_takes_back_for_another() {
    for gateway in Gateway::demos().await {
        let linde = organization_of(&gateway, PLEIN, KARIN).await.to_string();
        let mut mila = at(&gateway, PLEIN, MILA, "professional:social_worker").await;
        let given = give(&mut mila, PLEIN, "employer_insight", &linde, ALWAYS).await;
        let handle = Browser::offered(&given, "consent").remove(0);
        // Jonas, with the tokens of a form of his own.
        let mut jonas = at(&gateway, PLEIN, JONAS, "professional:client_supporter").await;
        let own = page(&mut jonas, PLEIN, "/consents/employer_insight").await;
        let post = async |browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]| {
            let form = Browser::form(&own, "/consents/employer_insight");
            let mut all: Vec<(&str, &str)> = form
                .iter()
                .filter(|(name, _)| ["csrf", "poort_profile"].contains(&name.as_str()))
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            all.extend_from_slice(fields);
            let url = format!("{}{path}", gateway.tenant_of(PLEIN).origin);
            browser.once(Method::POST, &url, &[], Some(encoded(&all))).await
        };
        let taken = post(&jonas, "/consents/employer_insight/withdraw", &[("consent", &handle)]).await;
        assert_eq!(taken.status, 404, "another's consent is not there: {}", gateway.name());
        let stranger = PersonId::from_u128(1).to_string();
        let unknown = post(&jonas, "/consents/employer_insight", &[("recipient", &stranger)]).await;
        assert_eq!(unknown.status, 422, "a recipient who cannot be chosen");
        // Within an organization one is not oneself.
        let mut karin = within(&gateway, PLEIN, KARIN).await;
        assert!(
            page(&mut karin, PLEIN, "/consents/employer_insight").await.is_at("/profile"),
            "she is led to a choice"
        );
        let still = page(&mut mila, PLEIN, "/consents/employer_insight").await;
        assert_eq!(Browser::offered(&still, "consent"), [handle]);
    }
}

#[tokio::test]
async fn insight_2_an_appraiser_sees_a_portfolio_with_its_owners_consent_and_not_without() {
    for gateway in Gateway::demos().await {
        let portfolio = format!("/portfolios/{}", gateway.number(IFMS, ANOUK).await);
        let mut wouter = at(&gateway, IFMS, WOUTER, "role:appraiser").await;
        gateway.tick().await;
        assert_eq!(
            ask(&wouter, IFMS, &portfolio).await.status,
            403,
            "he is her appraiser, and she consented to nothing"
        );
        let mut anouk = at(&gateway, IFMS, ANOUK, "professional:psychiatrist").await;
        assert_eq!(ask(&anouk, IFMS, &portfolio).await.status, 200, "a portfolio is its owner's");
        let appraiser = gateway.person(IFMS, WOUTER).await.id.to_string();
        let given = give(&mut anouk, IFMS, "appraisal", &appraiser, ALWAYS).await;
        assert_eq!(given.status, 200, "{}", given.text);
        let seen = ask(&wouter, IFMS, &portfolio).await;
        assert!(seen.status == 200 && seen.text().contains("id=\"content\""), "{}: {}", gateway.name(), seen.text());
        let list = page(&mut wouter, IFMS, "/insight").await;
        assert!(list.text.contains("Anouk Verhoeven") && !list.text.contains("Thijs"), "{}", list.text);
        assert_eq!(ask(&wouter, IFMS, &format!("/portfolios/{}", gateway.number(IFMS, THIJS).await)).await.status, 403);
        // For that purpose: as himself, and not as an appraiser, he sees nothing.
        let citizen = at(&gateway, IFMS, WOUTER, "citizen").await;
        assert_eq!(ask(&citizen, IFMS, &portfolio).await.status, 403);
        take_back(&mut anouk, IFMS, "appraisal").await;
        let wouter = at(&gateway, IFMS, WOUTER, "role:appraiser").await;
        assert_eq!(ask(&wouter, IFMS, &portfolio).await.status, 403, "{}", gateway.name());
    }
}

#[tokio::test]
async fn insight_2_only_ones_own_appraiser_can_be_chosen() {
    let gateway = Gateway::demo().await;
    let mut lena = at(&gateway, IFMS, LENA, "professional:psychiatrist").await;
    let form = page(&mut lena, IFMS, "/consents/appraisal").await;
    assert!(form.status == 200 && !form.text.contains("Wouter"), "her cycle is over: {}", form.text);
    let mut anouk = at(&gateway, IFMS, ANOUK, "professional:psychiatrist").await;
    let employer = organization_of(&gateway, IFMS, ERIK).await.to_string();
    assert_eq!(give(&mut anouk, IFMS, "appraisal", &employer, ALWAYS).await.status, 422, "never her employer");
}

#[tokio::test]
async fn insight_2_the_contact_person_sees_who_completed_the_cycle_and_no_more() {
    for gateway in Gateway::demos().await {
        let erik = within(&gateway, IFMS, ERIK).await;
        gateway.tick().await;
        assert_eq!(ask(&erik, IFMS, "/completed").await.status, 403, "he is not the contact person yet");
        let mut saskia = within(&gateway, IFMS, SASKIA).await;
        let form = page(&mut saskia, IFMS, "/organization").await;
        let member = gateway.person(IFMS, ERIK).await.id.to_string();
        let fields =
            [("member", member.as_str()), ("right", "completion"), ("day", "30"), ("month", "6"), ("year", "2027")];
        let granted = saskia.press(&form, "/organization/grant", &fields).await;
        assert_eq!(granted.status, 200, "{}", granted.text);
        let seen = ask(&erik, IFMS, "/completed").await;
        assert_eq!(seen.status, 200, "{}", gateway.name());
        assert!(seen.text().contains("Lena Kok"), "{}", seen.text());
        assert!(!seen.text().contains("Anouk") && !seen.text().contains("Thijs"), "who has not: {}", seen.text());
        for email in [LENA, ANOUK] {
            let portfolio = format!("/portfolios/{}", gateway.number(IFMS, email).await);
            assert_eq!(ask(&erik, IFMS, &portfolio).await.status, 404, "nothing of it: {}", gateway.name());
        }
    }
}

#[tokio::test]
async fn insight_3_when_the_cycle_is_ended_the_appraisers_access_ends_with_it() {
    for gateway in Gateway::demos().await {
        let portfolio = format!("/portfolios/{}", gateway.number(IFMS, THIJS).await);
        let appraiser = gateway.person(IFMS, WOUTER).await.id.to_string();
        let mut thijs = at(&gateway, IFMS, THIJS, "professional:psychiatrist").await;
        give(&mut thijs, IFMS, "appraisal", &appraiser, ALWAYS).await;
        let wouter = at(&gateway, IFMS, WOUTER, "role:appraiser").await;
        gateway.tick().await;
        assert_eq!(ask(&wouter, IFMS, &portfolio).await.status, 200);

        let bureau = Register::at(&gateway, IFMS, "demo-register").await;
        bureau.take_away("/people/wouter.blom/ties/appraises/thijs.vandam").await;
        assert_eq!(ask(&wouter, IFMS, &portfolio).await.status, 404, "at his next request: {}", gateway.name());
        assert_eq!(ask(&thijs, IFMS, &portfolio).await.status, 200, "it stays its owner's");
        let ended = lines_of(&gateway, IFMS, "consent.ended").await;
        assert_eq!(ended.len(), 1, "AUDIT-1");
        assert_eq!(ended[0]["subject"], json!(gateway.person(IFMS, THIJS).await.id.to_string()));
        let shown = page(&mut thijs, IFMS, "/consents/appraisal").await;
        assert!(shown.status == 200 && !shown.text.contains("Wouter"), "{}", shown.text);

        // A new cycle with the same appraiser: the old consent was for the old one.
        bureau.say("/people/wouter.blom/ties/appraises/thijs.vandam", json!({})).await;
        assert_eq!(ask(&wouter, IFMS, &portfolio).await.status, 403, "{}", gateway.name());
    }
}

#[tokio::test]
async fn insight_3_a_cycle_that_ended_by_its_date_and_a_new_one_have_no_consent_in_common() {
    const CYCLE: &str = "/people/wouter.blom/ties/appraises/thijs.vandam";
    for gateway in Gateway::demos().await {
        let portfolio = format!("/portfolios/{}", gateway.number(IFMS, THIJS).await);
        let appraiser = gateway.person(IFMS, WOUTER).await.id.to_string();
        for (until, passes) in [("2026-11-20", 0), ("2026-11-23", 3)] {
            let mut thijs = at(&gateway, IFMS, THIJS, "professional:psychiatrist").await;
            give(&mut thijs, IFMS, "appraisal", &appraiser, ALWAYS).await;
            let wouter = at(&gateway, IFMS, WOUTER, "role:appraiser").await;
            gateway.tick().await;
            assert_eq!(ask(&wouter, IFMS, &portfolio).await.status, 200, "the twin: {}", gateway.name());
            // It ended some days ago, or ends in some days that then pass.
            let bureau = Register::at(&gateway, IFMS, "demo-register").await;
            bureau.say(CYCLE, json!({ "until": until })).await;
            gateway.advance(std::time::Duration::from_secs(passes * 24 * 3600));
            Register::at(&gateway, IFMS, "demo-register").await.say(CYCLE, json!({})).await;
            gateway.tick().await;
            let wouter = at(&gateway, IFMS, WOUTER, "role:appraiser").await;
            assert_eq!(ask(&wouter, IFMS, &portfolio).await.status, 403, "{until}: {}", gateway.name());
        }
        assert_eq!(lines_of(&gateway, IFMS, "consent.ended").await.len(), 2, "AUDIT-1");
    }
}

#[tokio::test]
async fn insight_1_cve_2026_55670_an_organization_under_the_name_of_another_inherits_no_consent() {
    for gateway in Gateway::demos().await {
        let mila = gateway.person(PLEIN, MILA).await.id;
        let register = Register::at(&gateway, PLEIN, "demo-register").await;
        register.say("/organizations/praktijk", json!({ "name": "Praktijk A" })).await;
        let known = gateway.read_in(PLEIN).await.organizations().await.expect("reads");
        let praktijk = known.into_iter().find(|organization| organization.name == "Praktijk A").expect("it is there");
        let mut browser = at(&gateway, PLEIN, MILA, "professional:social_worker").await;
        give(&mut browser, PLEIN, "employer_insight", &praktijk.id.to_string(), ALWAYS).await;
        let stands = async || gateway.read_in(PLEIN).await.consents_of(mila).await.expect("reads").len();
        let before = stands().await;
        register.take_away("/organizations/praktijk").await;
        register.say("/organizations/praktijk", json!({ "name": "Kliniek B" })).await;
        assert_eq!(stands().await + 1, before, "{}", gateway.name());
        assert_eq!(lines_of(&gateway, PLEIN, "consent.ended").await.len(), 1, "AUDIT-1");
    }
}

#[tokio::test]
async fn insight_3_what_is_in_a_portfolio_goes_nowhere_without_consent() {
    let gateway = Gateway::demo().await;
    let portfolio = format!("/portfolios/{}", gateway.number(IFMS, THIJS).await);
    let bureau = Register::at(&gateway, IFMS, "demo-register").await;
    bureau.take_away("/people/wouter.blom/ties/appraises/thijs.vandam").await;
    for browser in [
        at(&gateway, IFMS, WOUTER, "role:appraiser").await,
        at(&gateway, IFMS, ANOUK, "professional:psychiatrist").await,
        within(&gateway, IFMS, SASKIA).await,
        within(&gateway, IFMS, ERIK).await,
    ] {
        assert_eq!(ask(&browser, IFMS, &portfolio).await.status, 404);
    }
    let thijs = at(&gateway, IFMS, THIJS, "professional:psychiatrist").await;
    assert_eq!(ask(&thijs, IFMS, &portfolio).await.status, 200, "the twin");
}

const MARIJE: &str = "marije.bos@example.org";
const HUGO: &str = "hugo.sanders@example.org";

#[tokio::test]
async fn insight_4_the_bureau_gets_a_name_and_an_address_by_consent_and_nothing_else() {
    for gateway in Gateway::demos().await {
        let bureau = organization_of(&gateway, IFMS, HUGO).await.to_string();
        let number = gateway.number(IFMS, MARIJE).await;
        let mut hugo = within(&gateway, IFMS, HUGO).await;
        assert!(!page(&mut hugo, IFMS, "/insight").await.text.contains("Marije"), "before the consent");
        let mut marije = at(&gateway, IFMS, MARIJE, "professional:psychiatrist").await;
        let given = give(&mut marije, IFMS, "pass_on_contact", &bureau, ALWAYS).await;
        assert!(given.status == 200 && given.text.contains("utrecht-alert--ok"), "{}", given.text);

        let list = page(&mut hugo, IFMS, "/insight").await;
        assert!(list.text.contains("Marije Bos") && list.text.contains(MARIJE), "{}: {}", gateway.name(), list.text);
        assert!(!list.text.contains(&number) && !list.text.contains("/portfolios/"), "nothing else: {}", list.text);
        for path in [format!("/portfolios/{number}"), "/completed".to_owned()] {
            let refused = ask(&hugo, IFMS, &path).await;
            assert!(matches!(refused.status.as_u16(), 403 | 404), "{path}: {}", refused.status);
        }
        // AUDIT-1: whose address it was, and who got it.
        let own = gateway.person(IFMS, MARIJE).await.id.to_string();
        let passed = lines_of(&gateway, IFMS, "contact.passed_on").await;
        assert_eq!((passed.len(), &passed[0]["subject"], &passed[0]["organization"]), (1, &json!(own), &json!(bureau)));

        take_back(&mut marije, IFMS, "pass_on_contact").await;
        let list = page(&mut hugo, IFMS, "/insight").await;
        assert!(!list.text.contains("Marije") && !list.text.contains(MARIJE), "at once: {}", list.text);
    }
}

#[tokio::test]
async fn insight_4_only_who_comes_from_outside_can_choose_and_only_the_bureau_that_runs_the_cycle() {
    for gateway in Gateway::demos().await {
        let (bureau, employer) =
            (organization_of(&gateway, IFMS, HUGO).await, organization_of(&gateway, IFMS, SASKIA).await);
        let mut marije = at(&gateway, IFMS, MARIJE, "professional:psychiatrist").await;
        let form = page(&mut marije, IFMS, "/consents/pass_on_contact").await;
        assert!(form.text.contains(&bureau.to_string()) && !form.text.contains(&employer.to_string()), "{}", form.text);
        let forged = give(&mut marije, IFMS, "pass_on_contact", &employer.to_string(), ALWAYS).await;
        assert_eq!(forged.status, 422, "another organization: {}", gateway.name());
        // The employer knows its own people.
        let mut anouk = at(&gateway, IFMS, ANOUK, "professional:psychiatrist").await;
        let form = page(&mut anouk, IFMS, "/consents/pass_on_contact").await;
        assert!(!form.text.contains(&bureau.to_string()), "who belongs to the institution: {}", form.text);
        // Whom the employer's people see: nobody, before and after.
        give(&mut marije, IFMS, "pass_on_contact", &bureau.to_string(), ALWAYS).await;
        let mut erik = within(&gateway, IFMS, ERIK).await;
        assert!(!page(&mut erik, IFMS, "/insight").await.text.contains("Marije"));
        let mut hugo = within(&gateway, IFMS, HUGO).await;
        assert!(page(&mut hugo, IFMS, "/insight").await.text.contains(MARIJE), "the twin");
        // Once the bureau runs the cycle no longer, it has nobody's address.
        let register = Register::at(&gateway, IFMS, "demo-register").await;
        register.take_away("/organizations/bureau-samenspraak/rights/cycle").await;
        let list = page(&mut hugo, IFMS, "/insight").await;
        assert!(!list.text.contains(MARIJE), "{}: {}", gateway.name(), list.text);
    }
}
