"""The rules that this layer itself tells by, each with what it means and what resolves it.

Rules of other layers bring their own words; a format that needs a table falls back on their id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Rule(NamedTuple):
    """Short: a noun phrase; help: what it means and what to do."""

    short: str
    help: str


RULES: Final[Mapping[str, Rule]] = {
    "drift/drifted": Rule(
        "A value that hubctl wrote was changed",
        "Somebody changed what hubctl wrote. Run hubctl drift --fix to put it back, or change"
        " canonical.yaml to keep it.",
    ),
    "drift/missing": Rule(
        "Something that hubctl wrote was removed",
        "Somebody removed what hubctl wrote. Run hubctl drift --fix to put it back, or drop it"
        " from canonical.yaml.",
    ),
    "drift/pending": Rule(
        "A change of canonical.yaml is not applied yet",
        "canonical.yaml wants something that was not applied here. Run hubctl apply.",
    ),
    "drift/orphan": Rule(
        "Something is left that canonical.yaml no longer wants",
        "hubctl wrote it, nobody touched it since and canonical.yaml no longer wants it. Run hubctl"
        " apply to remove it.",
    ),
    "drift/conflict": Rule(
        "A value that hubctl would have to overwrite",
        "A value stands there that hubctl did not write, or both sides changed. Run hubctl apply"
        " --take ADDRESS to overwrite it, or make canonical.yaml agree with it.",
    ),
    "drift/unmanaged": Rule(
        "A value that canonical.yaml does not mention",
        "Somebody added it; hubctl leaves it alone. Add it to canonical.yaml to manage it.",
    ),
    "drift/shadowed": Rule(
        "A value that a higher scope overrides",
        "The file is right, but another file of higher precedence sets the same key. hubctl explain"
        " ADDRESS says which one.",
    ),
    "drift/unreadable": Rule(
        "Something that could not be read",
        "It could not be read or parsed, so nothing is written there. Repair it and run hubctl"
        " plan.",
    ),
    "drift/in-sync": Rule(
        "A record that is out of date",
        "What stands there is right; only the record of it is new. Run hubctl apply.",
    ),
    "apply/failed": Rule(
        "A target where not everything was carried out",
        "An operation failed; nothing was lost. Resolve what the message names and run hubctl"
        " apply again.",
    ),
    "apply/interrupted": Rule(
        "An apply that was interrupted",
        "The next hubctl apply finishes or undoes it before it does anything else.",
    ),
}


def rule_of(name: str) -> Rule:
    """The rule's words; for another layer's rule its id in words."""
    family, _, rest = name.partition("/")
    words = rest.replace("-", " ")
    return RULES.get(name) or Rule(
        f"{family}: {words}",
        f"See the message: {words} ({family}). Its hint says what resolves it.",
    )
