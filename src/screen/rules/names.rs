//! Names of patients: a name right after a word for a patient, or an honorific beside a care event.

use std::ops::Range;

use crate::screen::name::{Name, Shape, name_at};
use crate::screen::reading::{Reading, has_word};
use crate::screen::rule::Rule;
use crate::screen::{Category, Severity};

const SOURCE: &str = "45 CFR 164.514(b)(2)(i)(A)";
const SUGGESTION: &str =
    "leave the name out, or get the patient's written authorization first (45 CFR 164.508)";

/// How far a care event may stand from a name.
const REACH: usize = 100;

/// What a person does after the name in a sentence, not in a headline.
const VERBS: &str = "has, had, was, is, came, just, got, underwent, rang, completed, finished, walked, called, \
     lost, beat, went, visited, received, presented, reports, said, says";

/// What happens to patients only.
const CARE: &str = "came in, came to us, came to see, comes in, coming in, was seen, went home, rang the bell, \
     kidney, liver, new heart, new hip, new knee, hip replaced, knee replaced, surgery, surgeries, operation, procedure, \
     chemo, chemotherapy, radiation, transplant, treatment, recovery, recovered, recovering, \
     healed, remission, appointment, appt, checkup, check-up, exam, labs, lab results, \
     test results, diagnosis, diagnosed, discharged, admitted, icu, emergency room, \
     prescription, meds, medication, braces, crutches, rehab, physical therapy, biopsy, mri, \
     ct scan, x-ray, x-rays, implants, filling, root canal, cleaning, colonoscopy, cataract, \
     rash, symptoms, infection, fracture, blood pressure, your tooth, your teeth, your file, \
     your chart, your visit, your bill, your copay, your records, your results, your knee, \
     your hip";

/// What stands right before the name of somebody who was treated.
const TREATED: &str = "treated, treating, saw, seeing, operated on, examined, diagnosed, discharged, admitted, \
     delivered, vaccinated, surgery on, procedure on, care for, cared for, caring for";

/// What stands after the name of somebody who treats.
const DEGREES: &str = "md, do, dds, dmd, od, dpt, rn, np, aprn, pa-c, phd, lvn, lcsw, rdh";

/// Whoever else is called by an honorific: donors, guests, people of the house.
const OTHERS: &str = "donation, donations, donated, donor, donors, scholarship, fund, foundation, gala, sponsor, \
     sponsors, principal, teacher, class, classroom, grade, speaker, speaks, author, book, \
     mayor, senator, governor, president, volunteer, volunteers, office manager, receptionist, reception, front desk, teddy bear, teddy bears, costume, \
     coordinator, manager, director, joins, joined our, our team, our staff, nurse, retires, \
     retirement, historic, history, novel, movie, episode, puppet, therapy dog, cat, dog, \
     pup, puppy, kitten, bunny, goldfish, mascot";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "phi.patient-name",
        category: Category::Name,
        severity: Severity::Block,
        reason: "this names a patient",
        source: SOURCE,
        suggestion: SUGGESTION,
        pattern: r"\b(?:patients?|pts?|pacientes?)(?:\.? |, |: ?| ?\()(?:(?:is )?(?:named|called) |name is )?",
        judge: after_patient,
        hits: &[
            "Happy birthday to our patient Gordon!",
            "our patient Jane Doe is back on the golf course",
            "Our pt. John made this card",
            "patient Mrs. Alvarez left a review",
            "One of our favorite patients, Mrs. Kowalczyk, dropped off tamales",
            "patient J.D. was discharged",
            "Patient Jane Doe came in on crutches",
            "Patient: Jane Doe, room 4",
            "Patient John Smith's surgery went well",
            "our patients Jane and Bob",
            "our brave little patient Bjo\u{308}rn",
            "Nuestro paciente Don Ernesto ya camina",
            "our \u{1D429}\u{1D41A}\u{1D42D}\u{1D422}\u{1D41E}\u{1D427}\u{1D42D} \u{1D409}\u{1D41A}\u{1D427}\u{1D41E}",
        ],
        misses: &[
            "Patient Portal is down",
            "We see new patients Saturday",
            "New patient Monday hours",
            "Patient Care Coordinator Will Rubio joins us",
            "Ask your patient advocate, Dr. Rao",
            "A patient recently asked us about Ozempic",
            "patient Medicare plans",
            "OUR PATIENT PORTAL IS OPEN",
            "Our PT Kevin is great",
            "our pt John Smith, DPT, joins us",
            "Please be patient Austin, the phones are down",
            "in-patient Wing B",
            "As a patient, Dallas residents can park free",
            "The Patient Promise Is Ours",
            "Welcome to patients Monday and Tuesday",
        ],
    },
    Rule {
        id: "phi.patient-spotlight",
        category: Category::Name,
        severity: Severity::Block,
        reason: "this presents a patient by name",
        source: SOURCE,
        suggestion: SUGGESTION,
        pattern: r"\bpatient ?(?:of ?the ?(?:month|week|day|year)|spotlight)\b[ :.,!#-]*(?:(?:goes to|is|award|winner|meet|introducing)\b[ :.,!-]*)*",
        judge: after_cue,
        hits: &[
            "#PatientSpotlight Gail Miller has been managing lupus with us",
            "patient of the month goes to.... Priya!",
            "Patient Spotlight: Mrs. Rubio",
        ],
        misses: &[
            "Patient Spotlight Wednesday",
            "Patient of the month: you, for reading this",
            "#PatientSpotlight Our team",
        ],
    },
    Rule {
        id: "phi.patient-honorific",
        category: Category::Name,
        severity: Severity::Block,
        reason: "this names a person and speaks of their care",
        source: SOURCE,
        suggestion: SUGGESTION,
        pattern: r"\b(?:mr|mrs|ms|miss|mx|mister)\b\.? ",
        judge: honorific_in_care,
        hits: &[
            "Mrs. Alvarez came in with a rash",
            "We treated Mr. Smith last week",
            "Today Mr. Jarvis celebrated one year with his new kidney",
            "Ms. Rubio, your tooth was already cracked",
        ],
        misses: &[
            "Thank you Mr. and Mrs. Rosario for the generous donation to our surgery center",
            "Mrs. Lee joins our team for physical therapy",
            "MS Walk: treatment has come a long way",
            "Mr. Clean would love our lobby",
        ],
    },
];

fn after_patient(reading: &Reading<'_>, cue: Range<usize>) -> Option<Range<usize>> {
    let name = name_at(reading, cue.end)?;
    let text = reading.text();
    let word = text[cue.clone()].split(|c: char| !c.is_ascii_lowercase()).next()?;
    let is_certain = matches!(name.shape, Shape::Honorific | Shape::Initials);
    let is_joined = text[..cue.start].ends_with(['-', '_', '/']) || ends_in_number(text, cue.start);
    let is_virtue = has_word(reading.before(cue.start, 12), "be, being, stay, staying");
    let is_capital = reading.shadow.is_capital(cue.start);
    let is_shouted = reading.shadow.is_capital(cue.start + 1);
    let fits = match &text[cue.start + word.len()..cue.end] {
        _ if is_certain => true,
        _ if is_shouted => false,
        _ if word.ends_with('s') => !is_capital && is_pair(reading, &name),
        ": " | ":" => name.shape == Shape::Words && !name.is_headline,
        _ if is_capital => !name.is_headline && starts_with_verb(reading, &name),
        ", " => has_word(reading.before(cue.start, 30), "our, my, nuestro, nuestra"),
        _ => true,
    };
    (fits && !is_joined && !is_virtue).then(|| not_of_the_house(reading, name))?
}

fn after_cue(reading: &Reading<'_>, cue: Range<usize>) -> Option<Range<usize>> {
    let name = name_at(reading, cue.end)?;
    not_of_the_house(reading, name)
}

fn honorific_in_care(reading: &Reading<'_>, cue: Range<usize>) -> Option<Range<usize>> {
    let name = name_at(reading, cue.start).filter(|name| name.shape == Shape::Honorific)?;
    let before = reading.before(cue.start, REACH).trim_end();
    let is_treated = TREATED.split(", ").any(|verb| before.ends_with(verb));
    let is_in_care = is_treated || has_word(reading.after(name.range.end, REACH), CARE);
    let is_other = reading.is_near(&name.range, REACH, OTHERS);
    (is_in_care && !is_other).then(|| not_of_the_house(reading, name))?
}

fn not_of_the_house(reading: &Reading<'_>, name: Name) -> Option<Range<usize>> {
    let folded = &reading.text()[name.range.clone()];
    let is_known = reading.roster.employs(folded) || reading.roster.is_called(folded);
    let has_degree = has_word(reading.after(name.range.end, 8), DEGREES);
    (!is_known && !has_degree).then_some(name.range)
}

/// "12 pt Arial" is a size of type.
fn ends_in_number(text: &str, at: usize) -> bool {
    text[..at].trim_end().ends_with(|c: char| c.is_ascii_digit()) && text[at..].starts_with("pt")
}

/// "Jane and Bob"
fn is_pair(reading: &Reading<'_>, name: &Name) -> bool {
    let end = name.range.end;
    let is_joined = reading.text()[end..].starts_with(" and ");
    is_joined && name_at(reading, end + " and ".len()).is_some()
}

/// "Jane came in", "Jane's surgery"
fn starts_with_verb(reading: &Reading<'_>, name: &Name) -> bool {
    let after = reading.after(name.range.end, 20);
    if after.starts_with("'s ") {
        return true;
    }
    let after = after.trim_start();
    let word = after.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
    has_word(word, VERBS)
}
