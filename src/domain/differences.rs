//! What has to be set in one practice so that it becomes another: all of it, where it begins with
//! nothing.

use super::consent::Consent;
use super::listing::List;
use super::member::Member;
use super::policy::ALWAYS;
use super::practice::{Pack, Practice};
use super::setting::{Named, Setting};

/// What has to be set, in an order in which it can be. What is wanted says what counts from when;
/// its former people and accounts, and whether it is stopped, are left out of account.
pub fn differences(now: &Practice, wanted: &Practice) -> Vec<Named> {
    let mut all = Vec::new();
    itself(now, wanted, &mut all);
    removals(now, wanted, &mut all);
    people(now, wanted, &mut all);
    places(now, wanted, &mut all);
    policies(now, wanted, &mut all);
    packs(now, wanted, &mut all);
    lists(now, wanted, &mut all);
    consents(now, wanted, &mut all);
    for left in now.members.iter().filter(|member| wanted.member(&member.id).is_none()) {
        all.push(called("", Setting::MemberLeft { member: left.id.clone() }));
    }
    all
}

fn called(name: &str, setting: Setting) -> Named {
    Named { setting, called: name.to_owned() }
}

fn itself(now: &Practice, wanted: &Practice, all: &mut Vec<Named>) {
    if now.name != wanted.name {
        all.push(called(&wanted.name, Setting::PracticeNamed));
    }
    let zone = wanted.zone.iana_name().unwrap_or("UTC");
    if now.zone.iana_name() != Some(zone) {
        all.push(called("", Setting::ZoneSet { zone: zone.to_owned() }));
    }
    if now.quiet != wanted.quiet {
        all.push(called("", Setting::QuietSet { quiet: wanted.quiet }));
    }
    if now.digest != wanted.digest {
        all.push(called("", Setting::DigestSet { hour: wanted.digest }));
    }
}

/// What moves from one to another goes before it comes.
fn removals(now: &Practice, wanted: &Practice, all: &mut Vec<Named>) {
    for member in &now.members {
        let kept = wanted.member(&member.id).map_or(&[][..], |member| &member.identities);
        for identity in member.identities.iter().filter(|is| !kept.contains(is)) {
            let (member, identity) = (member.id.clone(), identity.clone());
            all.push(called("", Setting::IdentityRemoved { member, identity }));
        }
    }
    for account in now.accounts.iter().filter(|account| wanted.account(&account.id).is_none()) {
        all.push(called("", Setting::AccountRemoved { account: account.id.clone() }));
    }
    for (purpose, channel) in now.channels.iter().filter(|bound| !wanted.channels.contains(bound)) {
        let (purpose, channel) = (*purpose, channel.clone());
        all.push(called("", Setting::ChannelUnbound { purpose, channel }));
    }
}

fn people(now: &Practice, wanted: &Practice, all: &mut Vec<Named>) {
    for member in &wanted.members {
        let known = now.member(&member.id);
        let (id, role, agency) = (member.id.clone(), member.role, member.agency);
        let from = member.signs_from;
        match known {
            None => {
                let joined = Setting::MemberJoined { member: id, role, agency, from };
                all.push(called(&member.name, joined));
            }
            Some(known) => {
                if known.name != member.name {
                    let named = Setting::MemberNamed { member: id.clone() };
                    all.push(called(&member.name, named));
                }
                if (known.role, known.agency) != (role, agency) {
                    all.push(called("", Setting::RoleSet { member: id, role, agency, from }));
                }
            }
        }
        let acts_from = known.map_or(&[][..], |known| &known.identities);
        all.extend(identities(member, acts_from));
    }
}

fn identities(wanted: &Member, known: &[super::member::Identity]) -> Vec<Named> {
    let new = wanted.identities.iter().filter(|identity| !known.contains(identity));
    let added = new.map(|identity| Setting::IdentityAdded {
        member: wanted.id.clone(),
        identity: identity.clone(),
        confirmed: !wanted.unconfirmed.contains(identity),
        from: wanted.counts_from(identity).unwrap_or(ALWAYS),
    });
    added.map(|setting| called("", setting)).collect()
}

fn places(now: &Practice, wanted: &Practice, all: &mut Vec<Named>) {
    for account in &wanted.accounts {
        match now.account(&account.id) {
            None => {
                let connected = Setting::AccountConnected {
                    account: account.id.clone(),
                    network: account.network,
                    server: account.server.clone(),
                    remote: account.remote_id.clone(),
                };
                all.push(called(&account.name, connected));
            }
            Some(known) if known.name != account.name => {
                let named = Setting::AccountNamed { account: account.id.clone() };
                all.push(called(&account.name, named));
            }
            Some(_) => {}
        }
    }
    for (purpose, channel) in wanted.channels.iter().filter(|bound| !now.channels.contains(bound)) {
        let (purpose, channel) = (*purpose, channel.clone());
        all.push(called("", Setting::ChannelBound { purpose, channel }));
    }
}

fn policies(now: &Practice, wanted: &Practice, all: &mut Vec<Named>) {
    if now.latest_policy() != wanted.latest_policy() {
        let fresh = now.policies.is_empty();
        let first = if fresh { 0 } else { wanted.policies.len().saturating_sub(1) };
        for dated in wanted.policies.iter().skip(first) {
            let (policy, from) = (dated.policy.clone(), dated.from);
            all.push(called("", Setting::PolicySet { policy, from }));
        }
    }
    match (now.own_words, wanted.own_words) {
        (None, Some(from)) => all.push(called("", Setting::OwnWordsAllowed { from })),
        (Some(_), None) => all.push(called("", Setting::OwnWordsForbidden)),
        (None, None) | (Some(_), Some(_)) => {}
    }
}

/// A practice's pack that somebody took away is none any more, though it may count still.
fn packs(now: &Practice, wanted: &Practice, all: &mut Vec<Named>) {
    let kept = |of: &Practice, state: &str| {
        of.packs.iter().any(|pack| pack.state == state && pack.until.is_none())
    };
    for Pack { state, until } in wanted.packs.iter().filter(|pack| !now.packs.contains(pack)) {
        if !kept(now, state) {
            all.push(called("", Setting::PackAdded { state: state.clone() }));
        }
        if let Some(from) = *until {
            all.push(called("", Setting::PackRemoved { state: state.clone(), from }));
        }
    }
    for Pack { state, .. } in now.packs.iter().filter(|pack| kept(now, &pack.state)) {
        if !wanted.packs.iter().any(|pack| pack.state == *state) {
            let (state, from) = (state.clone(), ALWAYS);
            all.push(called("", Setting::PackRemoved { state, from }));
        }
    }
}

fn lists(now: &Practice, wanted: &Practice, all: &mut Vec<Named>) {
    let others = List::ALL.iter().filter(|list| now.listed(**list) != wanted.listed(**list));
    all.extend(
        others
            .map(|list| called(&wanted.listed(*list).join("\n"), Setting::ListSet { list: *list })),
    );
}

/// A consent is never forgotten: one that is not wanted stays as it is.
fn consents(now: &Practice, wanted: &Practice, all: &mut Vec<Named>) {
    for Consent { code, networks, purpose, until, revoked } in &wanted.consents {
        let known = now.consent(code);
        let consent = code.clone();
        if known.is_none() {
            let (networks, until) = (networks.clone(), *until);
            let given = Setting::ConsentGiven { consent: consent.clone(), networks, until };
            all.push(called(purpose, given));
        }
        if revoked.is_some() && known.is_none_or(|known| known.revoked.is_none()) {
            all.push(called("", Setting::ConsentRevoked { consent }));
        }
    }
}

/// What founds a practice: everything that is set in it. What counts later in it counts later here.
pub fn founding(practice: &Practice) -> Vec<Named> {
    let nothing = Practice::new(practice.id.clone(), practice.sample);
    let mut all = differences(&nothing, practice);
    if practice.zone.iana_name() == Some("UTC") {
        // Said, though it is what nothing is: the ledger should not depend on a default.
        all.push(called("", Setting::ZoneSet { zone: "UTC".to_owned() }));
    }
    all
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::ids::PracticeId;

    // What came from another installation with rules that were about to go kept them for ever in
    // the ledger, and not in the table.
    #[test]
    fn rules_that_are_about_to_go_are_about_to_go_in_what_is_founded() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let pack = |state: &str, until| Pack { state: state.to_owned(), until };
        let packs = vec![pack("ny", None), pack("tx", Some(at(100)))];
        let wanted = Practice { packs, ..Practice::new(PracticeId::new("northside"), false) };

        let mut made = Practice::new(PracticeId::new("northside"), false);
        for Named { setting, called } in founding(&wanted) {
            made.apply(&setting, &called, (at(50), None));
        }

        assert_eq!(made.packs, wanted.packs);
        assert_eq!(differences(&made, &wanted), []);
    }
}
