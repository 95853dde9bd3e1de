"""Letting owned blocks go: the markers leave, what stood between them stays."""

from __future__ import annotations

from hubctl.documents.text_document import TextDocument, decode_text


def unwrap_blocks(path: str, data: bytes) -> bytes:
    """The file without any marker line of ours; every other byte stays.

    Raises:
        DocumentError: its markers do not pair up.
    """
    document = TextDocument(path, decode_text(data))
    markers = {line for block in document.blocks for line in (block.begin, block.end)}
    kept = [text for number, text in enumerate(document.lines) if number not in markers]
    return "\n".join(kept).encode("utf-8", "surrogateescape") if markers else data
