//! What the step of a login costs that proves a password, beside the bare argon2id hash in it.

use argon2::{Argon2, PasswordVerifier, password_hash::phc::PasswordHash};

use super::{
    client::Connection,
    figures::Figures,
    house::{House, LOGIN_HOST, PASSWORD},
    process::{free_address, own_processor_time},
};

const ROUNDS: usize = 7;
/// Logins a round.
const EACH: usize = 60;

/// A page for the password, and what goes with its form.
struct Asked {
    attempt: String,
    cookie: String,
    csrf: String,
}

/// Measures and prints.
pub async fn measure() {
    let house = House::new(free_address(), None);
    let (people, hash) = house.passwords(EACH).await;
    let gateway = house.start();
    let hash = PasswordHash::new(&hash).expect("a PHC string");
    let (mut bare, mut pages, mut step) = (Figures::default(), Figures::default(), Figures::default());
    let mut connection = Connection::open(gateway.address, LOGIN_HOST);
    for round in 0..=ROUNDS {
        let begun = own_processor_time();
        for _ in 0..EACH {
            Argon2::default().verify_password(PASSWORD.as_bytes(), &hash).expect("the password is the one");
        }
        let hashed = own_processor_time() - begun;
        let begun = gateway.process.processor_time();
        let asked: Vec<Asked> = people.iter().map(|_| ask(&mut connection)).collect();
        let shown = gateway.process.processor_time();
        for (person, asked) in people.iter().zip(&asked) {
            prove(&mut connection, person, asked);
        }
        let proved = gateway.process.processor_time();
        if round > 0 {
            bare.push(hashed * 1e3 / EACH as f64);
            pages.push((shown - begun) * 1e3 / EACH as f64);
            step.push((proved - shown) * 1e3 / EACH as f64);
        }
    }
    println!("{:<44} {:>8} {:>8}", "ms of processor", "median", "least");
    for (name, figures) in [
        ("argon2id alone, m=19456 t=2 p=1", &bare),
        ("the password's step, from form to next page", &step),
        ("the two pages before it, with the attempt", &pages),
    ] {
        println!("{name:<44} {:>8.3} {:>8.3}", figures.median(), figures.least());
    }
    println!("{:<44} {:>7.1}%", "the step over the bare hash", (step.ratio_to(&bare) - 1.0) * 100.0);
}

/// Begins a login and opens the page for the password.
fn ask(connection: &mut Connection) -> Asked {
    let state = "A".repeat(43);
    let begun = connection.get(&format!("/start?register=dossier&return=%2F&state={state}"), "");
    assert_eq!(begun.status, 303, "{}", begun.body);
    let cookie = format!("Cookie: {}\r\n", begun.header("set-cookie").split(';').next().unwrap_or_default());
    let attempt =
        begun.header("location").trim_start_matches("/login/").split('?').next().unwrap_or_default().to_owned();
    let page = connection.get(&format!("/login/{attempt}/password?second=totp"), &cookie);
    assert_eq!(page.status, 200, "{}", page.body);
    let csrf = page.quoted_after("name=\"csrf\" value=\"").to_owned();
    Asked { attempt, cookie, csrf }
}

fn prove(connection: &mut Connection, user_name: &str, asked: &Asked) {
    let headers = format!("{}Origin: https://{LOGIN_HOST}\r\n", asked.cookie);
    let form = [("csrf", asked.csrf.as_str()), ("second", "totp"), ("user_name", user_name), ("password", PASSWORD)];
    let answer = connection.post(&format!("/login/{}/password", asked.attempt), &headers, &form);
    assert_eq!(answer.status, 303, "{}", answer.body);
}
