"""Hidden characters in what a model reads of a target; hubctl's own part is checked at its source.

What counts as hidden is `config.hidden`. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hubctl.config.hidden import hidden_characters
from hubctl.documents import DocumentError
from hubctl.documents.text_document import decode_text, find_blocks, is_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.check.fleet.seen import Seen
    from hubctl.model.finding import Finding

_MOST: Final = 3


def hidden_text(seen: Seen) -> Iterator[Finding]:
    """At most three findings for a file, the last of which counts the others."""
    for path, data in seen.texts.items():
        if data.isascii() or not is_markdown(path):
            continue
        found = hidden_characters(_without_blocks(data), seen.absolute(path))
        for number, finding in enumerate(found[:_MOST], 1):
            left = len(found) - _MOST if number == _MOST else 0
            more = f"; so have {left} more lines" if left > 0 else ""
            yield replace(
                finding,
                message=finding.message + more,
                address=seen.address(path),
                exit_code=1,
            )


def _without_blocks(data: bytes) -> str:
    """The text with every line of a block of ours emptied, so that line numbers stay."""
    try:
        lines = decode_text(data).split("\n")
        blocks = find_blocks(lines, markdown=True) if b"hubctl:" in data else ()
    except DocumentError:
        return data.decode("utf-8", "replace")
    for block in blocks:
        lines[block.begin : block.end + 1] = [""] * (block.end + 1 - block.begin)
    return "\n".join(lines)
