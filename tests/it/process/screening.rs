//! Texts are screened from the command line: findings or a report out, and nothing is kept.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::Value;

use crate::workspace::House;

/// Runs `countersign screen` on what is piped in; what it said, and its exit code.
fn screens(arguments: &[&str], piped: &str) -> String {
    let house = House::new();
    let mut command = house.command(&[&["screen"], arguments].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().expect("it starts");
    let mut stdin = program.stdin.take().expect("its input");
    stdin.write_all(piped.as_bytes()).expect("written");
    drop(stdin);
    let ended = program.wait_with_output().expect("it ends");
    assert!(!house.data().exists(), "it makes no data folder");
    let words = |bytes| String::from_utf8(bytes).expect("words");
    let (found, complaint) = (words(ended.stdout), words(ended.stderr));
    // The time before it is that of the log.
    let complaint = complaint.split_once("ERROR ").map_or(&*complaint, |(_, complaint)| complaint);
    let code = ended.status.code().expect("an exit code");
    format!("{found}{complaint}exit {code}")
}

/// The findings of lines of JSON: where each is, how grave, and which rule.
fn told(lines: &str) -> String {
    let mut told = String::new();
    for line in lines.lines().filter(|line| line.starts_with('{')) {
        let line: Value = serde_json::from_str(line).expect("JSON");
        writeln!(told, "{}", line["id"]).expect("written");
        for found in line["findings"].as_array().expect("findings") {
            let [start, end, severity, rule] =
                ["start", "end", "severity", "rule"].map(|key| &found[key]);
            writeln!(told, "  {start}..{end} {severity} {rule}").expect("written");
        }
    }
    told
}

#[test]
fn lines_of_json_become_findings_without_the_text() {
    let said = screens(
        &["-"],
        "{\"id\": \"a\", \"text\": \"Jos\u{e9}: SSN 748-78-8282\"}\n\n\
         {\"id\": \"b\", \"text\": \"See you at your surgery\", \"kind\": \"reply\"}\n\
         {\"id\": \"c\", \"text\": \"Flu shots are here\"}\n",
    );
    assert!(!said.contains("8282"), "{said}");
    assert_snapshot!(told(&said), @r#"
    "a"
      0..5 "info" "hint.who-is-this"
      11..22 "block" "phi.ssn"
    "b"
      0..10 "block" "reply.coming-in"
      11..23 "block" "reply.your-care"
    "c"
    "#);
}

#[test]
fn a_plain_text_gets_a_report_to_read() {
    assert_snapshot!(screens(&["-"], "Good news:\nour patient Gordon rang the bell\n"), @"
    line 2, block: Gordon (phi.patient-name)
      this names a patient: 45 CFR 164.514(b)(2)(i)(A)
      leave the name out, or get the patient's written authorization first (45 CFR 164.508)
    exit 0
    ");
    assert_snapshot!(screens(&["-"], "Flu shots are here\n"), @"
    Nothing was found. The screen finds much, not all: read it once more.
    exit 0
    ");
}

#[test]
fn a_text_can_be_a_reply_and_a_state_judges_by_its_own_law() {
    let review = "Our patients say it best: \"finally no more pain\"\n";
    assert!(screens(&["-"], review).contains("line 1, warn"));
    assert!(screens(&["--state", "NY", "-"], review).contains("line 1, block"));
    assert!(screens(&["--kind", "reply", "-"], "Your surgery went well\n").contains("reply."));
    assert_snapshot!(screens(&["--state", "ZZ", "-"], review), @"
    there is no pack of ZZ; there is ca, fl, ny, tx
    exit 1
    ");
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    let line = "{\"id\": \"a\", \"text\": \"fine\"}\n";
    let said = screens(&["-"], &format!("{line}{line}{{\"text\": \"SSN 748-78-8282\"}}\n{line}"));
    assert!(!said.contains("8282"), "{said}");
    assert_snapshot!(said, @r#"
    {"id":"a","findings":[]}
    {"id":"a","findings":[]}
    line 3 is not `{"id": .., "text": .., "kind": "post" or "reply"}` in JSON; nothing after it was screened
    exit 1
    "#);
    assert_snapshot!(screens(&["nowhere.jsonl"], ""), @"
    opening nowhere.jsonl: No such file or directory (os error 2)
    exit 1
    ");
}

#[test]
fn the_practices_own_people_are_nobodys_to_be_kept_from_sight() {
    let house = House::new();
    let file = house.data().with_file_name("practice.toml");
    std::fs::write(&file, PRACTICE).expect("written");
    let path = file.to_str().expect("a path");
    let text = "our patient Maya Lopez plays in the team photo\n";
    assert!(screens(&["-"], text).contains("phi.patient-name"));
    let said = screens(&["--practice", path, "-"], text);
    assert!(!said.contains("phi.") && said.ends_with("exit 0"), "{said}");
    std::fs::write(&file, "id = 7\n").expect("written");
    assert!(screens(&["--practice", path, "-"], text).contains("reading the practice"));
}

const PRACTICE: &str = r#"
id = "northside"
name = "Northside Clinic"
zone = "America/Chicago"

[[policy.normal]]
needed = 1

[[member]]
id = "maya"
name = "Maya Lopez"
role = "staff"
"#;
