"""A small bot on Slack's own library for Python; only its base URL is not Slack's.

`bolt.py socket` uses Socket Mode, `bolt.py http PORT` signed requests and an install by OAuth.
"""

import logging
import os
import sys
import tempfile
import urllib.request

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.oauth.oauth_flow import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, SectionBlock
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore

logging.basicConfig(level=logging.WARNING)
BASE = os.environ["SLACK_URL"]
MODE = sys.argv[1]


def web_client(token=None):
    return WebClient(token=token, base_url=f"{BASE}/api/")


def oauth_flow():
    folder = tempfile.mkdtemp()
    return OAuthFlow(
        client=web_client(),
        settings=OAuthSettings(
            client_id=os.environ["OAUTH_ID"],
            client_secret=os.environ["OAUTH_SECRET"],
            scopes=os.environ["OAUTH_SCOPES"].split(","),
            authorization_url=f"{BASE}/oauth/v2/authorize",
            redirect_uri=f"http://127.0.0.1:{sys.argv[2]}/slack/oauth_redirect",
            install_page_rendering_enabled=False,
            installation_store=FileInstallationStore(base_dir=folder),
            state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=folder),
        ),
    )


if MODE == "socket":
    app = App(client=web_client(os.environ["BOT_TOKEN"]))
else:
    app = App(
        client=web_client(),
        signing_secret=os.environ["SIGNING_SECRET"],
        oauth_flow=oauth_flow(),
    )


def modal():
    return {
        "type": "modal",
        "callback_id": "draft",
        "title": {"type": "plain_text", "text": "New post"},
        "submit": {"type": "plain_text", "text": "Send for signature"},
        "blocks": [
            {
                "type": "input",
                "block_id": "text",
                "label": {"type": "plain_text", "text": "Text"},
                "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
            }
        ],
    }


def card(text, pressable):
    blocks = [SectionBlock(text=text)]
    if pressable:
        blocks.append(ActionsBlock(elements=[ButtonElement(text="Sign", action_id="sign", value="1")]))
    for block in blocks:
        block.validate_json()
    return [block.to_dict() for block in blocks]


@app.command("/post")
def command(ack, body, client):
    if body["text"] == "new":
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())
    else:
        ack("Write `/post new`.")


@app.shortcut("make_post")
def shortcut(ack, shortcut, client):
    ack()
    view = modal()
    view["blocks"][0]["element"]["initial_value"] = shortcut["message"]["text"]
    client.views_open(trigger_id=shortcut["trigger_id"], view=view)


@app.view("draft")
def submitted(ack, view, client):
    text = view["state"]["values"]["text"]["text"]["value"]
    if len(text) > 40:
        ack(response_action="errors", errors={"text": "At most 40 characters."})
        return
    ack()
    client.chat_postMessage(channel="CAPPROVALS", text=text, blocks=card(text, True))


@app.action("sign")
def pressed(ack, body, client, respond):
    ack()
    text = body["message"]["text"]
    client.chat_update(
        channel=body["channel"]["id"],
        ts=body["message"]["ts"],
        text=text,
        blocks=card(f"{text} (signed)", False),
    )
    respond("Thank you.", replace_original=False)


@app.event("reaction_added")
def reacted(event, client):
    item = event["item"]
    found = client.reactions_get(channel=item["channel"], timestamp=item["ts"], full=True)
    marks = [f"{r['name']} {r['count']}" for r in found["message"]["reactions"]]
    name = client.users_info(user=event["user"])["user"]["name"]
    client.chat_postMessage(
        channel=item["channel"], thread_ts=item["ts"], text=f"{name}: {', '.join(marks)}"
    )


@app.event("reaction_removed")
def taken_back(event, client):
    item = event["item"]
    client.chat_postMessage(
        channel=item["channel"], thread_ts=item["ts"], text=f"{event['reaction']} is gone"
    )


@app.event({"type": "message", "subtype": "file_share"})
def shared(event, client):
    file = event["files"][0]
    request = urllib.request.Request(
        file["url_private"], headers={"Authorization": f"Bearer {client.token}"}
    )
    content = urllib.request.urlopen(request).read()
    client.files_upload_v2(
        channel=event["channel"],
        thread_ts=event["ts"],
        initial_comment="Here it is again.",
        filename="again.png",
        content=content,
    )


@app.event({"type": "message", "subtype": None})
def idea(event, client):
    if event["channel"] != "CIDEAS":
        return
    if "thread_ts" in event:
        client.reactions_add(channel=event["channel"], timestamp=event["ts"], name="memo")
        return
    client.chat_postEphemeral(channel=event["channel"], user=event["user"], text="Noted.")
    client.reactions_add(channel=event["channel"], timestamp=event["ts"], name="eyes")
    count = 0
    for page in client.conversations_history(channel=event["channel"], limit=1):
        count += len(page["messages"])
    client.chat_postMessage(
        channel=event["channel"], thread_ts=event["ts"], text=f"{count} in the channel"
    )


@app.event({"type": "message", "subtype": "message_changed"})
def edited(event, client):
    if event["message"].get("subtype") == "tombstone":
        deleted(event, client)
    elif "edited" in event["message"] and "bot_id" not in event["message"]:
        ts = event["message"]["ts"]
        client.chat_postMessage(channel=event["channel"], thread_ts=ts, text="It was edited.")


@app.event({"type": "message", "subtype": "message_deleted"})
def deleted(event, client):
    client.chat_postMessage(channel=event["channel"], text="One is gone.")


def home_tab(text):
    button = ButtonElement(text="Look again", action_id="again")
    return {"type": "home", "blocks": [SectionBlock(text=text, accessory=button).to_dict()]}


@app.event("app_home_opened")
def home(event, client):
    client.views_publish(user_id=event["user"], view=home_tab("Nothing waits for you."))


@app.action("again")
def again(ack, body, client):
    ack()
    view = home_tab("Still nothing.")
    client.views_publish(user_id=body["user"]["id"], hash=body["view"]["hash"], view=view)


if MODE == "socket":
    # It looks after a lost socket once in so many seconds.
    SocketModeHandler(app, os.environ["APP_TOKEN"], ping_interval=1).start()
else:
    app.start(port=int(sys.argv[2]))
