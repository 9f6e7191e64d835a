//! A practice's channels show its own things, and nobody else's.

use countersign::cli::sample_agency::DESK;
use countersign::domain::practice::Practice;

use crate::month::Month;
use crate::outside::{Outside, Stands};
use crate::words::tells_the_secret;

/// Looks at what is new in every channel since this change; the last change that was looked at.
pub async fn hold(month: &Month, outside: &mut Outside, after: i64) -> i64 {
    let mut last = after;
    for message in outside.messages(after).await {
        last = last.max(message.seq);
        assert!(!tells_the_secret(message.words.as_bytes()), "{message:?}");
        if message.channel != DESK {
            is_at_home(month, &message);
        }
    }
    last
}

fn is_at_home(month: &Month, message: &Stands) {
    let has = |practice: &&Practice| {
        practice.channels.iter().any(|(_, channel)| channel.channel == message.channel)
    };
    let practice = month.practices.iter().find(has).expect("a practice's channel");
    let stranger = month.texts.stranger(&message.words, &practice.id);
    assert_eq!(stranger, None, "words of others in {message:?}");
    for other in month.practices.iter().filter(|other| other.id != practice.id) {
        // The sample practice's page has the network's own name.
        let pages = other.accounts.iter().filter(|page| page.name != page.network.label());
        let mut pages = pages.map(|account| account.name.as_str());
        let shown = pages.find(|page| message.words.contains(page));
        assert_eq!(shown, None, "{} is shown in {message:?}", other.id);
    }
}
