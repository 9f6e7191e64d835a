//! The sample agency: three practices, and a desk where only Maya is.

use countersign::app::agency;
use countersign::cli::{sample, sample_agency};
use countersign::domain::agency::Agency;
use countersign::domain::canonical::hex;
use countersign::domain::ids::PracticeId;
use countersign::domain::member::Member;
use countersign::domain::post::Post;
use countersign::domain::practice::Practice;

use super::{Counted, TestPractice, ledger_key};

impl TestPractice {
    /// The sample agency at work; the practice that is asked about is Northside.
    pub async fn open_agency() -> Self {
        Self::open_agency_with(|_| {}).await
    }

    /// The sample agency on a file whatever the tests are told, for who looks into files.
    pub async fn open_agency_on_a_file() -> Self {
        Self::open_on_a_file(|_| {}).await.with_agency(|_| {}).await
    }

    /// The sample agency, its practices changed before they begin.
    pub async fn open_agency_with(change: impl Fn(&mut Practice)) -> Self {
        Self::open_with(|practice| change(practice)).await.with_agency(change).await
    }

    /// The sample agency at work on the simulated Slack.
    pub async fn open_agency_over_slack() -> Self {
        Self::open_over_slack().await.with_agency(|_| {}).await
    }

    /// The sample agency at work on the simulated Discord.
    pub async fn open_agency_over_discord() -> Self {
        Self::open_over_discord().await.with_agency(|_| {}).await
    }

    async fn with_agency(self, change: impl Fn(&mut Practice)) -> Self {
        let northside = self;
        for mut practice in sample_agency::practices() {
            change(&mut practice);
            if practice.id != northside.id() {
                northside.adds(&practice).await;
            }
        }
        northside.chat.are_in(sample_agency::DESK, &["maya"]);
        northside.binds(sample_agency::agency()).await;
        northside
    }

    /// Another practice begins.
    pub async fn adds(&self, practice: &Practice) {
        let key = hex::encode(ledger_key().verifying_key().as_bytes());
        let entries = sample::entries(practice, &key, &Counted::default());
        self.office.store.found(practice, self.office.now(), &entries).await.expect("founded");
    }

    /// The agency is as this.
    pub async fn binds(&self, agency: Agency) {
        let plan = agency::plan(&self.office, agency).await.expect("readable").expect("may be so");
        agency::apply(&self.office, plan).await.expect("applied");
    }

    /// A post of another of the practices.
    pub async fn post_of(&self, practice: &str, number: i64) -> Option<Post> {
        let practice = PracticeId::new(practice);
        self.office.store.post_by_number(&practice, number).await.expect("readable")
    }
}

/// Takes the agency's people out of a practice.
pub fn without_maya(practice: &mut Practice) {
    practice.members.retain(|member: &Member| !member.agency);
}
