"""A Mastodon of one's own on this machine alone: mastodon_mock, in memory.

It prints one line of JSON, and serves until its input ends. What it is to do wrong is said to
`/api/v1/_mock/faults`.
"""

import json
import socket
import sys
import tempfile
import threading

import uvicorn
from mastodon_mock import config
from mastodon_mock.app import create_app

TOKENS = {"practice": "practice-token", "patient": "patient-token"}


def main():
    with tempfile.TemporaryDirectory(prefix="mastodon-") as folder:
        door = socket.create_server(("127.0.0.1", 0))
        here = f"127.0.0.1:{door.getsockname()[1]}"
        server = uvicorn.Server(
            uvicorn.Config(app(here, folder), log_level="warning", server_header=False)
        )
        threading.Thread(target=ends_with_its_input, args=[server], daemon=True).start()
        print(json.dumps({"url": f"http://{here}", "tokens": TOKENS}), flush=True)
        server.run(sockets=[door])


def app(here, folder):
    accounts = [
        config.SeedAccount(username=name, access_token=token) for name, token in TOKENS.items()
    ]
    return create_app(
        config.MastodonMockConfig(
            domain=here,
            url_scheme="http",
            database=config.DatabaseConfig(path=":memory:"),
            auth=config.AuthConfig(enforce_scopes=True),
            media_storage_path=folder,
            seed=config.SeedConfig(accounts=accounts),
        )
    )


def ends_with_its_input(server):
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main()
