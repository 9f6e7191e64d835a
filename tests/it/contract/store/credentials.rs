//! Sign-ins are kept as they were written, each by the last who saw it, and inside one practice.

use countersign::domain::expiry::Expiry;
use countersign::domain::ids::{AccountId, PracticeId};
use countersign::ports::credentials::{KeepsCredentials, KeptCredentials};
use countersign::ports::store::StoreError;

use super::bench::{Bench, promises};
use super::values::at;

promises!(
    sign_ins_come_back_as_they_were_kept,
    who_did_not_see_the_last_write_of_a_sign_in_does_not_write,
);

fn kept(practice: &PracticeId, version: i64) -> KeptCredentials {
    KeptCredentials {
        practice: practice.clone(),
        account: AccountId::new("page"),
        identity: Some(format!("local {practice}")),
        sealed: format!("{practice}{version}"),
        version,
        since: at(1),
        expiry: Expiry::Never,
        out: None,
        not_before: None,
    }
}

async fn sign_ins_come_back_as_they_were_kept(bench: &Bench) {
    let (store, page) = (&bench.store, AccountId::new("page"));
    assert_eq!(store.has_credentials().await, Ok(false));
    let first = kept(&bench.northside, 0);
    store.keep_credentials(&first).await.expect("kept");
    store.keep_credentials(&kept(&bench.harbor, 0)).await.expect("kept");
    let next = KeptCredentials {
        expiry: Expiry::At(at(9)),
        out: Some((at(5), "revoked".to_owned())),
        not_before: Some(at(7)),
        ..kept(&bench.northside, 1)
    };
    store.keep_credentials(&next).await.expect("kept");

    let another = bench.another().await;
    let read = async |practice| another.credentials(practice, &page).await.expect("read");

    assert_eq!(read(&bench.northside).await, Some(KeptCredentials { version: 2, ..next }));
    assert_eq!(
        read(&bench.harbor).await,
        Some(KeptCredentials { version: 1, ..kept(&bench.harbor, 0) })
    );
    assert_eq!(another.has_credentials().await, Ok(true));
    let holder = another.holder(&format!("local {}", bench.harbor)).await.expect("read");
    assert_eq!(holder, Some((bench.harbor.clone(), page.clone())));
    assert_eq!(another.holder("local other").await, Ok(None));
    for _ in 0..2 {
        store.forget_credentials(&bench.northside, &page).await.expect("forgotten");
    }
    assert_eq!(read(&bench.northside).await, None);
    assert!(read(&bench.harbor).await.is_some());
}

async fn who_did_not_see_the_last_write_of_a_sign_in_does_not_write(bench: &Bench) {
    let keep = async |version| bench.store.keep_credentials(&kept(&bench.northside, version)).await;

    assert_eq!(keep(1).await, Err(StoreError::Conflict), "there is none");
    assert_eq!(keep(0).await, Ok(()));
    assert_eq!(keep(0).await, Err(StoreError::Conflict), "there is one");
    let both = tokio::join!(keep(1), keep(1));
    assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
}
