"""Reads the tables of services' command lines, one program's part at a time.

A head `[names, options that take a value]` begins the part of programs that are spelt alike; each
row is `words ; needs ; unless ; rule`: the words of the subcommand (`a|b`, `*`, `…` for any number
of others), options or operands of which one has to be there (`-o=glob`, `<many>` for what another
program or a glob names), those that excuse it, and the rule it breaks, `-` for none.
"""

from hooks_shared.safety import (
    rows_clouds,
    rows_clusters,
    rows_databases,
    rows_devices,
    rows_packages,
)

Row = tuple[tuple[str, ...], str, str, str]


class Service:
    """Rows of one program, in order; `valued`: options that take the next argument."""

    __slots__ = ("rows", "valued")

    def __init__(self, rows: list[Row], valued: frozenset[str]) -> None:
        self.rows = rows
        self.valued = valued


def service_of(program: str) -> Service | None:
    """What the tables say of a program; None where they do not know it."""
    part = _PARTS.get(program)
    if part is None:
        return None
    head, _, body = part.partition("]\n")
    rows = [_row(line) for line in body.strip().split("\n")]
    valued = head.partition("\n")[2].split()
    return Service(rows, frozenset(valued))


def _row(line: str) -> Row:
    verb, needs, unless, rule = (field.strip() for field in line.split(";"))
    return tuple(verb.split()), needs, unless, rule


def _parts() -> dict[str, str]:
    found: dict[str, str] = {}
    for module in (rows_clusters, rows_clouds, rows_packages, rows_databases, rows_devices):
        for part in module.TABLE.strip()[1:].split("\n["):
            names = part.partition("]\n")[0].partition("\n")[0]
            found.update(dict.fromkeys(names.split(), part))
    return found


_PARTS = _parts()
PROGRAMS = tuple(_PARTS)
