//! Installs of the app are kept as they were written, each by the last who saw it.

use countersign::domain::member::Platform;
use countersign::ports::installs::{KeepsInstalls, KeptInstall};
use countersign::ports::store::StoreError;

use super::bench::{Bench, promises};
use super::values::at;

promises!(installs_come_back_as_they_were_kept, who_did_not_see_the_last_write_does_not_write);

fn install(workspace: &str, version: i64) -> KeptInstall {
    KeptInstall {
        platform: Platform::Slack,
        workspace: workspace.to_owned(),
        sealed: format!("00ff{version}"),
        version,
        since: at(1),
        gone: None,
    }
}

async fn installs_come_back_as_they_were_kept(bench: &Bench) {
    let keep = async |install: KeptInstall| bench.store.keep_install(&install).await;
    keep(install("T2", 0)).await.expect("kept");
    keep(install("T1", 0)).await.expect("kept");
    keep(KeptInstall { platform: Platform::Discord, ..install("T1", 0) }).await.expect("kept");
    let gone = KeptInstall { sealed: String::new(), gone: Some(at(9)), ..install("T2", 1) };
    keep(gone.clone()).await.expect("kept");

    let all = bench.another().await.installs(Platform::Slack).await.expect("read");

    let first = KeptInstall { version: 1, ..install("T1", 0) };
    assert_eq!(all, [first, KeptInstall { version: 2, ..gone }]);
}

async fn who_did_not_see_the_last_write_does_not_write(bench: &Bench) {
    let keep = async |version| bench.store.keep_install(&install("T1", version)).await;

    assert_eq!(keep(1).await, Err(StoreError::Conflict), "there is none");
    assert_eq!(keep(0).await, Ok(()));
    assert_eq!(keep(0).await, Err(StoreError::Conflict), "there is one");
    let both = tokio::join!(keep(1), keep(1));
    assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");

    let kept = bench.store.installs(Platform::Slack).await.expect("read");
    assert_eq!((kept.len(), kept[0].version), (1, 2));
}
