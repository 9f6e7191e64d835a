//! The instance's own chain: the stop for all, and the agencies.

use countersign::app::operator;
use countersign::cli::found::Found;
use countersign::cli::sample_agency;
use countersign::domain::agency::Agency;

use super::{Copy, verified};
use crate::support::TestPractice;

#[tokio::test]
async fn it_tells_the_agencies_and_the_stop_for_all() {
    let agency = TestPractice::open_agency().await;
    agency.binds(Agency { name: "Birch".to_owned(), ..sample_agency::agency() }).await;
    operator::stop_all(&agency.office, true).await.expect("stopped");

    let (found, said) = verified(agency.office.store.as_ref(), &[]).await;

    assert_eq!(found, Found::Intact, "{said}");
    assert!(said.starts_with("instance: intact; complete up to #8 "), "{said}");
    assert!(said.contains(" as far as this database knows; 1 agency\n"), "{said}");
}

#[tokio::test]
async fn what_was_changed_beside_it_is_found() {
    let agency = TestPractice::open_agency().await;
    let changes = [
        ("UPDATE agencies SET name = 'Oak'", "its name: not what"),
        ("DELETE FROM clients WHERE practice_id = 'lakeside'", "its practices: not"),
        ("DELETE FROM desks", "its desks: not what"),
        ("UPDATE practices SET stopped = TRUE WHERE id = 'instance'", "the stop for all is not"),
        ("DELETE FROM ledger WHERE practice_id = 'instance' AND seq = 2", "broken"),
    ];

    for (sql, expected) in changes {
        let copy = Copy::of(&agency).await;
        copy.tamper(sql).await;

        let (found, said) = verified(&copy.store, &[]).await;

        assert_eq!(found, Found::Broken, "{sql}");
        assert!(said.starts_with("instance: broken: ") && said.contains(expected), "{said}");
    }
}
