"""Which part of canonical.yaml decides what may stand at an address, whether it says so or not.

For findings about things that canonical does not name: the place where it would. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubctl.errors import UsageError
from hubctl.model.address import Part, parse_address
from hubctl.model.source_names import KINDS

if TYPE_CHECKING:
    from hubctl.model.address import Address
    from hubctl.model.finding import Finding

_SETTINGS: Final = {".claude/settings.json": "settings", ".claude/settings.local.json": "local"}
_FOLDERS: Final = ("agents", "commands", "hooks", "output-styles", "rules", "skills")
_OWN_LINE: Final = ("path",)


def deciding_path(finding: Finding) -> tuple[str, ...]:
    """The path in a target's resolved spec that a finding about the target is about; () for none.

    Findings about hooks and sources that do not exist have no file: their `path` names them.
    """
    family, _, rule = finding.rule.partition("/")
    if family == "hooks":
        return ("hooks", finding.path.partition(".")[2].partition("[")[0])
    kind, _, name = finding.path.partition("/")
    if (family, rule) == ("sources", "not-found") and kind in KINDS:
        section = ("instructions", kind) if kind == "fragments" else (kind.replace("-", "_"),)
        return (*section, f"={name}")
    try:
        return spec_path(parse_address(finding.address))
    except UsageError:
        return ()


def spec_path(address: Address) -> tuple[str, ...]:
    """The path in a target's resolved spec; of what no key of the spec is about that of `path`."""
    section = _SETTINGS.get(address.path)
    if section and address.part is Part.HANDLER:
        return ("hooks", address.name.partition("/")[0])
    if section and address.pointer:
        element = (f"={address.element}",) if address.part is Part.ELEMENT else ()
        return (section, *address.pointer, *element)
    if address.path == ".mcp.json" and len(address.pointer) > 1:
        return ("mcp", address.pointer[1])
    if address.path.rpartition("/")[2] in ("CLAUDE.md", "CLAUDE.local.md"):
        return ("instructions",)
    folder = address.path.split("/")[1:2]
    return (folder[0].replace("-", "_"),) if folder and folder[0] in _FOLDERS else _OWN_LINE
