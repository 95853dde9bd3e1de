"""How live proofs look: two tables for people, one object for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.cli.context import options, write
from hubctl.cli.show import shown_value
from hubctl.cli.tables import print_table
from hubctl.live import EntryState
from hubctl.model.address import parse_address
from hubctl.model.item import Item
from hubctl.model.state import Scope
from hubctl.output.cells import clip
from hubctl.output.shown import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.live import EntrySeen, FileSeen, Proof

_WIDEST = 48
_WORDS = {
    EntryState.FIRED: "fired",
    EntryState.REGISTERED: "registered",
    EntryState.NEVER: "never matches",
    EntryState.SILENT: "did not run",
    EntryState.IGNORED: "ignored",
}


def print_proofs(proofs: Sequence[Proof]) -> None:
    """Each proof with its files and its hooks."""
    for proof in proofs:
        _print_proof(proof)


def _print_proof(proof: Proof) -> None:
    seconds = proof.milliseconds / 1000
    write(f"{proof.target}  Claude Code {proof.client}, {seconds:.1f} s\n\n")
    files = [_file_row(file) for file in proof.files]
    print_table(("FILE", "STATE", "WHY"), files, empty="no settings file stands there")
    write("\n")
    if proof.entries:
        rows = [_entry_row(entry) for entry in proof.entries]
        print_table(("EVENT", "HOOK", "STATE", "WHY"), rows, empty="")
        write("\n")
    for command in proof.refused:
        write(f"refused, as it should be: {command}\n\n")


def _file_row(seen: FileSeen) -> tuple[str, str, str]:
    return options().place(seen.file.path), seen.state.value, seen.why


def _entry_row(seen: EntrySeen) -> tuple[str, str, str, str]:
    times = f" {seen.times}×" if seen.times > 1 else ""
    why = ", ".join(seen.hooks) or seen.why
    return seen.entry.event, clip(_shown(seen), _WIDEST), _WORDS[seen.state] + times, why


def _shown(seen: EntrySeen) -> str:
    """The handler on one line, masked like everything else that is shown."""
    item = Item(
        address=parse_address(seen.entry.address),
        value=seen.entry.handler,
        scope=Scope.LOCAL,
        renderer="",
        sensitive="headers" in seen.entry.handler.entry,
    )
    return one_line(shown_value(item))


def proof_json(proof: Proof) -> dict[str, object]:
    """One proof as part of the document."""
    return {
        "name": proof.target,
        "client": proof.client,
        "milliseconds": proof.milliseconds,
        "refused": list(proof.refused),
        "below": proof.below,
        "files": [
            {
                "address": seen.file.address,
                "path": seen.file.path,
                "state": seen.state.value,
                "why": seen.why,
            }
            for seen in proof.files
        ],
        "hooks": [_entry_json(seen) for seen in proof.entries],
    }


def _entry_json(seen: EntrySeen) -> dict[str, object]:
    return {
        "address": seen.entry.address,
        "event": seen.entry.event,
        "matcher": seen.entry.handler.matcher,
        "shown": _shown(seen),
        "own": seen.entry.own,
        "state": seen.state.value,
        "times": seen.times,
        "ran": list(seen.hooks),
        "why": seen.why,
    }
