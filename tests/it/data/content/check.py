#!/usr/bin/env python3
"""Recomputes what is signed, from the inputs of each vector, with nothing but Python's library.

A vector has `given` (what people typed, and where it goes), `content` (what is fixed as a
revision), `canonical` (the bytes that are hashed, after the label) and `hash`. The form is
described in src/domain/content.rs and src/domain/canonical.rs.
"""

import hashlib
import json
import pathlib
import sys
import unicodedata

LABEL = "countersign.content.v1"
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def normalized(text):
    """NFC, one kind of line end, no control characters, no blank edges."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", kept).strip()


def canonical(value):
    """RFC 8785 for objects with ASCII keys, arrays, strings, booleans and small integers."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        assert abs(value) < 2**53, value
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(escaped(c) for c in value) + '"'
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, dict):
        assert all(key.isascii() for key in value), value
        members = (canonical(key) + ":" + canonical(value[key]) for key in sorted(value))
        return "{" + ",".join(members) + "}"
    raise AssertionError(f"not in the subset: {value!r}")


def escaped(c):
    return ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c)


def content(given):
    """What is fixed as a revision: the same words and pictures for each account, sorted."""
    media = [dict(picture, alt=normalized(picture["alt"])) for picture in given["pictures"]]
    parts = [
        dict(
            account,
            text=normalized(given["text"]),
            links=[],
            media=media,
            disclosure=normalized(given["disclosure"]),
        )
        for account in given["accounts"]
    ]
    parts.sort(key=lambda part: [part[key].encode() for key in ("network", "server", "remote")])
    fixed = {key: given[key] for key in ("practice", "post", "revision", "salt", "window")}
    return dict(fixed, accounts=parts)


def faults(vector):
    fixed = content(vector["given"])
    text = canonical(fixed)
    if fixed != vector["content"]:
        yield "content"
    if text != vector["canonical"]:
        yield "canonical"
    if hashlib.sha256(f"{LABEL}\n{text}".encode()).hexdigest() != vector["hash"]:
        yield "hash"


def main():
    files = sorted(pathlib.Path(__file__).parent.glob("*.json"))
    wrong = [
        f"{file.name}: another {fault}"
        for file in files
        for fault in faults(json.loads(file.read_text(encoding="utf-8")))
    ]
    print("\n".join(wrong) if wrong else f"{len(files)} vectors of the signed content agree")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
