//! Numbers of licenses, vehicles, devices, accounts and requests: the cue says whose they are.
//!
//! The practice has numbers of its own, and so have its physicians, and a recall names lots: what
//! speaks of one of these spares a number, unless the same words speak of one person.

use std::ops::Range;

use crate::screen::code::code_after;
use crate::screen::reading::{Reading, has_word};
use crate::screen::rule::Rule;
use crate::screen::{Category, Severity};

const SUGGESTION: &str = "leave it out; reach the person by telephone or portal";
/// How far the words stand that say whose a number is.
const REACH: usize = 120;

/// Words that speak of one person.
const ONE: &str = "his, her, hers, he, she, him, she's, he's, their, patient, patient's, pt, pt's, paciente, \
     mom, mom's, dad, dad's, wife, wife's, husband, husband's, daughter, son, grandpa, grandma, \
     lady, gentleman, guy, kid, kid's, baby, baby's, twins, man, woman, driver, found, lost, left, \
     whoever, whose, forgot, belongs";

/// A license that anybody may read on the wall.
const OF_THE_HOUSE: &str = "board, boards, holds, held by, dr, doctor, physician, physicians, our pharmacy, pharmacy \
     license, facility, clinic license, hospital license, accredited, certified lab, clia, npi, \
     licensed, our license, our lab, md, do, npdb, dea registration, renewal, renew, verify";

/// What is recalled, sold or explained.
const IN_GENERAL: &str = "recall, recalls, recalled, recalling, fda, if your, check your, your device, expire, expires, \
     our new, now have, we now, model year, vaccine, vaccines, eye drops, sale, for sale, raffle, \
     giveaway, how to, where to find, medic, our ambulance, our van, our bus, our truck, food truck, \
     webinar, icd-10, icd 10, cpt, hcpcs, order form, ext, extension, nct, doi, isbn, price, starting at, \
     calories, steps, miles, cases of, study, trial";

/// Words that stand before many numbers that are nobody's.
const LOOSE: &str =
    "unit, biopsy, path, culture, swab, vial, tube, label, bottle, requisition, sample, case";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "phi.license",
        category: Category::License,
        severity: Severity::Block,
        reason: "this looks like the number of somebody's license or certificate",
        source: "45 CFR 164.514(b)(2)(i)(K)",
        suggestion: SUGGESTION,
        pattern: r"\b(?:licen[sc]es?|lic|dl|cdl|state id|id cards?|photo id|passports?|green card|visa|certificate|certification|permit|placard|military id|badge)\b(?: is (?:this|it)\?)?",
        judge: license,
        hits: &[
            "her driver's license no. 22018846 is at our desk",
            "whose license is this? D4471-8890-2216",
            "CDL # WDL8X22041, physical done",
            "Passport L88203316 was in the lost purse",
        ],
        misses: &[
            "license since 2019",
            "Dr. Moreno holds license J4471 in Texas",
            "Facility license 008812, accredited",
            "Bring your photo ID and insurance card at 1030",
        ],
    },
    Rule {
        id: "phi.vehicle",
        category: Category::Vehicle,
        severity: Severity::Block,
        reason: "this looks like the plate or the number of a vehicle",
        source: "45 CFR 164.514(b)(2)(i)(L)",
        suggestion: SUGGESTION,
        pattern: r"\b(?:plates?|pltae|tags?|lp|vin|registration)\b(?: (?:says|reads))?",
        judge: vehicle,
        hits: &[
            "plate JGJ-9784",
            "VIN 1HGCM82633A004352 is on the accident form",
            "motorcycle, plate ends 77K",
        ],
        misses: &[
            "License plates: 2024 designs are out",
            "The tag says 20 dollars",
            "plate LIFE 1 on our ambulance",
        ],
    },
    Rule {
        id: "phi.car-and-plate",
        category: Category::Vehicle,
        severity: Severity::Block,
        reason: "this looks like the plate of somebody's vehicle",
        source: "45 CFR 164.514(b)(2)(i)(L)",
        suggestion: SUGGESTION,
        pattern: r"\b(?:tahoe|f-?150|f-?250|camry|civic|accord|corolla|jeep|wrangler|truck|suv|honda|toyota|ford|chevy|nissan|kia|hyundai|subaru|outback|tesla|bmw|lexus|mazda|dodge|ram|gmc|silverado|tacoma|tundra|odyssey|minivan|van|sedan|motorcycle|harley|trailer|car|prius|pilot|explorer|escape|rav4|altima|mustang|suburban|cr-?v|vehicle|pickup)\b,?",
        judge: car,
        hits: &[
            "whoever drives the white Tahoe KTR 4471, she is ready",
            "silver Odyssey PLT 5K22, your dome light is on",
        ],
        misses: &["a 1967 Mustang in our lot", "Honda CRV 2019 for sale", "our van 24 7"],
    },
    Rule {
        id: "phi.device",
        category: Category::Device,
        severity: Severity::Block,
        reason: "this looks like the number of somebody's device",
        source: "45 CFR 164.514(b)(2)(i)(M)",
        suggestion: SUGGESTION,
        pattern: r"\b(?:serial|sn|s/n|ser no|udi|imei|device id|device|asset tag)\b(?: #)?",
        judge: device,
        hits: &[
            "pacemaker serial PJN444501S",
            "Device ID BSX-99120417 failed last night",
            "her concentrator, S/N 4HT20-1188",
        ],
        misses: &[
            "If your CPAP serial number starts with 23192 check the recall page",
            "Serial 5 K runner Dr. Lee",
            "Medical device act of 1976",
        ],
    },
    Rule {
        id: "phi.part-of-somebody",
        category: Category::Device,
        severity: Severity::Warn,
        reason: "this looks like the number of a device that somebody wears or was given",
        source: "45 CFR 164.514(b)(2)(i)(M)",
        suggestion: SUGGESTION,
        pattern: r"\b(?:lots?|ref|model|pacemaker|pump|cpap|bipap|defib|defibrillator|icd|transmitter|sensor|implants?|processor|hearing aids?|glucometer|meter|stent|concentrator|machine|wound vac|prosthesis|prosthetic|monitor|loaner|knee|hip|valve|lead)\b",
        judge: part,
        hits: &[
            "implant lot MJ0X41 went into our 2pm, he is fine",
            "his loaner glucometer #GT-448120 never came back",
        ],
        misses: &[
            "FDA recalls eye drops lot 23K1108",
            "We now have the X.cite scanner, model 2024A",
            "Pump 10000 steps into your day",
        ],
    },
    Rule {
        id: "phi.cued-number",
        category: Category::Account,
        severity: Severity::Block,
        reason: "this number leads to one person",
        source: "45 CFR 164.514(b)(2)(i)(J)",
        suggestion: SUGGESTION,
        pattern: r"\b(?:acct|account|acc|invoice|inv|claim|guarantor|statement|superbill|billing ref|bill|payment plan|card|check no|routing)\b",
        judge: account,
        hits: &[
            "whoever owns acct #150880, you overpaid",
            "billing ref INV-204418, he says he paid",
            "card ending in 4471 declined for her crown",
        ],
        misses: &["Account managers 2024", "Statement of 12 May 2024", "bill 10 of 12"],
    },
    Rule {
        id: "phi.request",
        category: Category::OtherId,
        severity: Severity::Warn,
        reason: "the number of a request, a specimen or a case leads to one person",
        source: "45 CFR 164.514(b)(2)(i)(R)",
        suggestion: SUGGESTION,
        pattern: r"\b(?:authorization|auth|prior auth|pa|referral|accession|specimen|tissue block|block|slide|tracking|confirmation|appeal|lab order|order|ticket|case|script|encounter|wristband|locker|match id|donor id|sample|rx|prescription|unit|biopsy|path|culture|swab|vial|tube|label|bottle|requisition)\b",
        judge: request,
        hits: &[
            "Authorization A0229981 came thru for his scan",
            "appeal number A-2204-99 won, her chemo is covered",
        ],
        misses: &[
            "Order form 1095-A is on its way",
            "Case 1 in our free webinar",
            "PA numbers are up 20400 in our state",
        ],
    },
];

fn license(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let code = code_after(reading, found.end)?;
    let is_of_the_house = reading.is_near(&found, REACH, OF_THE_HOUSE);
    let is_spared = is_of_the_house && !speaks_of_one(reading, &code.range);
    (!is_spared && !is_general(reading, &code.range)).then_some(found.start..code.range.end)
}

fn vehicle(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let code = code_after(reading, found.end)?;
    let is_fitting = code.range.len() <= 20 && (code.has_letters || code.is_end);
    (is_fitting && !is_general(reading, &code.range)).then_some(found.start..code.range.end)
}

/// Three letters and four digits, or the like, in capitals; never a year.
fn car(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let code = code_after(reading, found.end)?;
    let is_plate = code.has_letters && (3..=6).contains(&code.digits) && code.range.len() <= 9;
    let begins = reading.shadow.is_capital(code.range.start)
        || reading.text().as_bytes()[code.range.start].is_ascii_digit();
    (is_plate && begins && !is_general(reading, &code.range)).then_some(code.range)
}

fn device(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let code = code_after(reading, found.end)?;
    (!is_general(reading, &code.range)).then_some(found.start..code.range.end)
}

fn part(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let code = code_after(reading, found.end)?;
    let is_told = speaks_of_one(reading, &code.range) || has_word(around(reading, &found), "into");
    (is_told && !is_general(reading, &code.range)).then_some(found.start..code.range.end)
}

fn account(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let code = code_after(reading, found.end)?;
    (!is_general(reading, &code.range)).then_some(found.start..code.range.end)
}

fn request(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let code = code_after(reading, found.end).filter(|code| code.digits >= 4)?;
    let is_wide = has_word(&reading.text()[found.clone()], LOOSE);
    let is_long = code.has_letters && code.digits >= 5;
    let is_told = !is_wide || is_long || speaks_of_one(reading, &code.range);
    (is_told && !is_general(reading, &code.range)).then_some(found.start..code.range.end)
}

fn is_general(reading: &Reading<'_>, place: &Range<usize>) -> bool {
    has_word(around(reading, place), IN_GENERAL) && !speaks_of_one(reading, place)
}

fn speaks_of_one(reading: &Reading<'_>, place: &Range<usize>) -> bool {
    has_word(around(reading, place), ONE)
}

/// The words around a place, whatever sentence they stand in.
fn around<'a>(reading: &'a Reading<'_>, place: &Range<usize>) -> &'a str {
    let text = reading.text();
    let start = text.ceil_char_boundary(place.start.saturating_sub(REACH));
    &text[start..text.floor_char_boundary(place.end.saturating_add(REACH).min(text.len()))]
}
