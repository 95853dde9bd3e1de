"""What hubctl once wrote and no ledger knows any more: blocks, files, hook entries, the link. Pure.

They came with a copied file, a restored backup or another hub. hubctl never touches them: without
a record nothing says that they are still as it wrote them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.check.fleet.rule import Hit
from hubctl.documents import DocumentError, read_document
from hubctl.documents.hook_groups import own_id
from hubctl.render.origin import has_origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.check.fleet.seen import Seen

_BEGINS = b"hubctl:begin"
_ORIGIN = b"hubctl: from"
_RELEASE = "/hubctl/hooks/"


def blocks(seen: Seen) -> Iterator[Hit]:
    """Blocks between our markers."""
    for path, data in seen.texts.items():
        if _BEGINS not in data:
            continue
        try:
            parts = read_document(path, data).parts()
        except DocumentError:
            continue
        for fragment, _ in parts:
            if f"{path}#{fragment}" not in seen.owned:
                yield Hit(address=seen.address(path, fragment), what="a block with hubctl's marks")


def files(seen: Seen) -> Iterator[Hit]:
    """Whole files that say where hubctl made them from."""
    for path, data in seen.texts.items():
        if _ORIGIN in data and path not in seen.owned and has_origin(_text(data)):
            yield Hit(address=seen.address(path), what="a file that hubctl made")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def handlers(seen: Seen) -> Iterator[Hit]:
    """Entries that run our dispatcher."""
    for path, case in seen.cases():
        found = {(handler.event, own_id(handler.entry)) for handler in case.handlers()}
        for event, name in sorted(found):
            fragment = f"hook:{event}/{name}"
            if name and f"{path}#{fragment}" not in seen.owned:
                what = f"an entry for {event} that runs hubctl's hooks"
                yield Hit(address=seen.address(path, fragment), what=what)


def links(seen: Seen) -> Iterator[Hit]:
    """Links to a release of our hooks."""
    for link in seen.links:
        if _RELEASE in link.destination and not link.owned:
            what = "a link to hubctl's hooks"
            yield Hit(address=seen.address(link.path), what=what)


def leftovers(seen: Seen) -> Iterator[Hit]:
    """All of them."""
    for find in (blocks, files, handlers, links):
        yield from find(seen)
