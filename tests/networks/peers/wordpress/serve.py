"""A WordPress of one's own on this machine alone, with a MariaDB that only it can reach.

It is given the folder where Debian's package `wordpress` and what belongs to it were unpacked,
prints one line of JSON, and serves until its input ends.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent


def main():
    os.environ["PATH"] += ":/usr/sbin"
    # Whoever ends this group ends also the workers that PHP leaves behind.
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with tempfile.TemporaryDirectory(prefix="wordpress-") as folder:
        try:
            print(json.dumps(start(Path(sys.argv[1]), Path(folder))), flush=True)
            sys.stdin.read()
        finally:
            end()


def start(packages, folder):
    site = folder / "site"
    build(packages / "usr/share/wordpress", site)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    os.environ.update(PEER_DATABASE=str(folder / "socket"), PEER_URL=url)
    start_database(folder)
    installed = php(HERE / "install.php", site)
    log = open(folder / "log", "w")
    os.environ["PHP_CLI_SERVER_WORKERS"] = "3"
    subprocess.Popen(
        ["php", "-S", f"127.0.0.1:{port}", "-t", site, HERE / "router.php"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    until(lambda: socket.create_connection(("127.0.0.1", port)).close())
    return {"url": url, "passwords": json.loads(installed)}


def build(program, site):
    """Debian links into other packages, which lie beside it, and into /etc, which nothing needs."""
    shutil.copytree(program, site, ignore_dangling_symlinks=True)
    shutil.copy(HERE / "wp-config.php", site)
    plugins = site / "wp-content/mu-plugins"
    plugins.mkdir(exist_ok=True)
    shutil.copy(HERE / "no-mail.php", plugins)


def start_database(folder):
    data = folder / "data"
    common = ["--no-defaults", f"--datadir={data}"] + (["--user=root"] if os.geteuid() == 0 else [])
    made = subprocess.run(
        ["mariadb-install-db", *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
        capture_output=True,
        text=True,
    )
    if made.returncode:
        sys.exit(made.stdout + made.stderr)
    log = open(folder / "database.log", "w")
    subprocess.Popen(
        [
            "mariadbd",
            *common,
            f"--socket={folder / 'socket'}",
            "--skip-networking",
            "--innodb-flush-log-at-trx-commit=0",
            "--skip-log-bin",
        ],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    until(lambda: connects(str(folder / "socket")))


def connects(path):
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(path)


def php(script, *arguments):
    return subprocess.run(
        ["php", script, *arguments], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


def until(attempt):
    for _ in range(2000):
        try:
            return attempt()
        except OSError:
            time.sleep(0.05)
    sys.exit("it does not come up")


def end():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main()
