"""Rows of the hooks that guard files: protected ones, production code, our own configuration."""

from hooks_shared.rows.shape import CLOSED, Hook, options, words
from hooks_shared.writes.families import ALLOW, ASK, DENY, FAMILIES

_TEXT = {"type": "string", "minLength": 1}
_WRITERS = ("Write", "Edit", "MultiEdit", "NotebookEdit", "Bash")


def _families() -> dict[str, object]:
    """Schema of the switches, each with what it covers and how it is answered by default."""
    answers = [DENY, ASK, ALLOW]
    each = {
        name: {"enum": answers, "default": family.severity, "description": family.covers}
        for name, family in FAMILIES.items()
    }
    told = "Families of files by name: `deny`, `ask` or `allow`."
    return {**options(**each), "description": told}


def _exceptions() -> dict[str, object]:
    fields = {
        "family": {"enum": list(FAMILIES)},
        "paths": {"type": "array", "minItems": 1, "items": _TEXT},
        "reason": _TEXT,
    }
    item = {**options(**fields), "required": list(fields)}
    told = (
        "Files that a family shall let through: `family`, `paths` (below the repository, absolute "
        "or with `~`; `*` for any text) and a `reason`."
    )
    return {"type": "array", "items": item, "description": told}


GUARDING = (
    Hook(
        id="protected-paths",
        description="Refuses or questions writes into secrets, lock files and files of others.",
        events=("PreToolUse", "DirectoryAdded"),
        tools=_WRITERS,
        module="hooks_shared.families.safety.protected_paths",
        order=30,
        deadline=2.0,
        on_error=CLOSED,
        observing=False,
        options={"families": {}, "exceptions": [], "directories": []},
        schema=options(
            families=_families(),
            exceptions=_exceptions(),
            directories=words("Folders beside the repository that a session may write to."),
        ),
    ),
)
