"""Runs the commands of docs/start.md, in order, in an empty folder that holds only the program.

    python3 .ci/start.py PROGRAM

A command that says `# Ctrl-C ends it` stays; it is ended before the next such one, and at the end.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

HOUSE = "http://127.0.0.1:7420/healthz"
STAYS = "# Ctrl-C ends it"
PATIENCE = 20


def commands(page):
    for block in re.findall(r"```console\n(.*?)```", page, re.S):
        for line in block.splitlines():
            assert line.startswith("$ "), f"no command: {line}"
            yield line[2:]


def answers():
    try:
        return urllib.request.urlopen(HOUSE, timeout=1).status == 200
    except OSError:
        return False


def wait_for(what, happened):
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, f"not in {PATIENCE} s: {what}"
        time.sleep(0.05)


def end(staying):
    if staying:
        staying.send_signal(signal.SIGINT)
        code = staying.wait(PATIENCE)
        assert code == 0, f"it ended with {code}"


def main(program):
    page = pathlib.Path("docs/start.md").read_text()
    assert not answers(), f"something answers at {HOUSE} already"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(program, os.path.join(folder, "countersign"))
        os.chmod(os.path.join(folder, "countersign"), 0o600)
        home = {"PATH": os.environ["PATH"], "HOME": folder}
        staying, ran = None, 0
        for command in commands(page):
            print("$", command, flush=True)
            if STAYS in command:
                end(staying)
                words = "exec " + command.replace(STAYS, "")
                staying = subprocess.Popen(words, shell=True, cwd=folder, env=home)
                wait_for("it answers", answers)
            else:
                subprocess.run(command, shell=True, cwd=folder, env=home, check=True)
                print()
            ran += 1
        end(staying)
    assert ran >= 8, f"only {ran} commands were found"


main(os.path.abspath(sys.argv[1]))
