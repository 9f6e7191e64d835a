//! A practice is made on the local workspace, in a channel that was let go of.

use serde_json::json;

use crate::workspace::Workspace;

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_free_becomes_another_practices() {
    let workspace = Workspace::open();
    let says = async |who: &str, text: &str| {
        let said = json!({ "as": who, "channel": "digest", "text": text });
        workspace.does("POST", "messages", &said).await
    };
    says("lena", "/post setup").await;
    let setup = workspace.newest("digest", "lena", "setup").await;
    workspace.presses("lena", &setup, "Channels", json!({ "purpose": "none" })).await;

    let refused = says("guest", "/post setup").await;
    let form = "/local/api/form?channel=digest&command=/post%20setup&as=";
    let of_guest = workspace.get(&format!("{form}guest")).await.json();
    let of_ana = workspace.get(&format!("{form}ana")).await.json();
    let fields = json!({
        "practice": "Lakeside Pediatrics", "zone": "America/Denver", "name": "Ana",
        "role": "compliance", "physicians": "Dr. Kim dr-kim",
    });
    let button = of_ana["form"]["button"].clone();
    let sent = json!({ "as": "ana", "channel": "digest", "button": button, "fields": fields });
    workspace.does("POST", "form", &sent).await;
    let code = workspace.newest("digest", "ana", "code").await["text"].to_string();
    let code = code.split("/post confirm ").nth(1).expect("a code").get(..11).expect("whole");
    says("dr-kim", &format!("/post confirm {code}")).await;
    says("dr-kim", "/post new Vaccines on Friday.").await;

    assert!(refused["note"].as_str().expect("a note").contains("/post setup"), "{refused}");
    assert_eq!(of_guest, json!({ "form": null }));
    let draft = workspace.newest("digest", "dr-kim", "draft").await["text"].to_string();
    assert!(draft.contains("post 1") && draft.contains("SAMPLE"), "{draft}");
    let ended = workspace.stops().await;
    assert!(ended.stderr().contains("The practice lakeside-pediatrics is made"));
}
