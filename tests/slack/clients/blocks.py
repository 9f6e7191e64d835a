"""Slack's own library looks at what we show: one list of blocks a line comes in."""

import json
import sys

from slack_sdk.models.blocks import Block

count = 0
for line in sys.stdin:
    given = json.loads(line)
    blocks = Block.parse_all(given)
    assert len(blocks) == len(given), f"unknown blocks in {line}"
    for block in blocks:
        assert type(block) is not Block, f"an unknown block in {line}"
        block.validate_json()
    count += 1
print(count)
