//! The commands as an operator gives them: what they print, and how they end.

use std::process::{Command, Output};

use super::installation::Installation;

fn poort(installation: &Installation, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_poort"));
    command.args(arguments).current_dir(installation.folder()).env_remove("POORT_CONFIG");
    let Output { status, stdout, stderr } = command.output().expect("runs");
    let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.code().unwrap_or(-1), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_lists_exchanges_copies_and_restores() {
    let all = Installation::new(1).await;
    let store = all.start(&all.sqlite()).await;
    let run = |arguments: &[&str]| poort(&all, arguments);

    // Beside the process that serves: what only reads.
    let (code, text) = run(&["keys", "list"]);
    assert!(code == 0 && text.contains("signing ES256") && text.contains("active, for what is new"), "{text}");
    let (code, text) = run(&["keys", "rotate", "sealing", "--dry-run"]);
    assert!(code == 0 && text.contains("would make key 2"), "{text}");
    let (code, text) = run(&["backup", "first.backup"]);
    assert!(code == 0 && text.contains("tenant_key"), "{text}");
    // What changes keys is refused there, and says why.
    let (code, text) = run(&["keys", "rotate", "sealing"]);
    assert!(code == 1 && text.contains("in use by another Poort; stop it"), "{text}");
    store.close().await;
    drop(store);

    for which in ["sealing", "index"] {
        let (code, text) = run(&["keys", "rotate", which, "--tenant", "base"]);
        assert!(code == 0 && text.contains("is deleted and opens nothing") && text.contains("left to do"), "{text}");
    }
    let (code, text) = run(&["keys", "rotate", "signing"]);
    assert!(code == 0 && text.contains("it signs from"), "{text}");
    let (code, text) = run(&["keys", "rotate", "relying"]);
    assert!(code == 0 && (text.contains("in use from") || text.contains("shows no keys")), "{text}");
    let (code, text) = run(&["keys", "rotate", "signing", "--tenant", "nobody"]);
    assert!(code == 1 && text.contains("the configuration has base"), "{text}");

    assert!(run(&["keys", "rotate", "master"]).1.contains("--new"));
    assert_eq!(run(&["new-master-key", "new.key"]).0, 0);
    let (code, text) = run(&["keys", "rotate", "master", "--new", "new.key"]);
    assert!(code == 0 && text.contains("base: 3 keys are wrapped anew, 0 were before"), "{text}");
    let (code, text) = run(&["keys", "list"]);
    assert!(code == 0 && text.contains("WRAPPED BY ANOTHER MASTER KEY"), "{text}");
    std::fs::rename(all.path("master.key"), all.path("old.key")).expect("moved");
    std::fs::rename(all.path("new.key"), all.path("master.key")).expect("moved");
    assert_eq!(run(&["backup", "second.backup"]).0, 0);

    let (code, text) = run(&["restore", "second.backup", "--verify"]);
    assert!(code == 0 && text.contains("is whole, and the master key opens its keys"), "{text}");
    let (code, text) = run(&["restore", "first.backup", "--verify"]);
    assert!(code == 1 && text.contains("keys.master_key_file"), "the old copy wants the old key: {text}");
    let (code, text) = run(&["restore", "second.backup"]);
    assert!(code == 1 && text.contains("not empty"), "{text}");
    std::fs::rename(all.path("data"), all.path("lost")).expect("moved");
    let (code, text) = run(&["restore", "second.backup"]);
    assert!(code == 0 && text.contains("counted again"), "{text}");

    // The mail server is not there: 2. A configuration with mistakes: 2, too.
    let (code, text) = run(&["doctor"]);
    assert!(code == 2 && text.contains("FAILURE  mail server localhost:1"), "{text}");
    assert_eq!(text.matches("FAILURE").count(), 1, "{text}");
    std::fs::write(all.path("gateway.toml"), "[server]\nlisten = \"somewhere\"\n").expect("written");
    let (code, text) = run(&["doctor"]);
    assert!(code == 2 && text.contains("listen") && text.contains("1 failures"), "{text}");
}
