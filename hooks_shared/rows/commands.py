"""Rows of the hooks that guard shell commands, and the form of their options."""

from hooks_shared import rules
from hooks_shared.rows.shape import CLOSED, Hook, options


def _guard(families: dict[str, str]) -> dict[str, object]:
    """Schema of a guard's options: its families and rules, users' rules, exceptions."""
    severity = {"enum": [rules.DENY, rules.ASK, rules.OFF]}
    names = {"type": "array", "items": _TEXT}
    own = sorted(rule.id for rule in rules.RULES.values() if rule.family in families)
    added = {
        "id": _TEXT,
        "command": _TEXT,
        "with": names,
        "unless": names,
        "severity": {"enum": [rules.DENY, rules.ASK]},
        "reason": _TEXT,
        "safer": {"type": "string"},
    }
    excepted = {"rule": {"enum": own}, "command": _TEXT, "paths": names, "reason": _TEXT}
    return options(
        families={**options(**dict.fromkeys(families, severity)), "description": _FAMILIES},
        rules={**options(**dict.fromkeys(own, severity)), "description": _RULES},
        rules_added=_rows_of(added, ("id", "command", "reason"), _ADDED),
        exceptions=_rows_of(excepted, ("rule", "reason"), _EXCEPTIONS),
        disposable={**names, "description": _DISPOSABLE},
    )


def _rows_of(
    fields: dict[str, object], required: tuple[str, ...], description: str
) -> dict[str, object]:
    item = {**options(**fields), "required": list(required)}
    return {"type": "array", "items": item, "description": description}


_TEXT = {"type": "string", "minLength": 1}
_FAMILIES = "Families of rules by name: `deny`, `ask` or `off` for all rules of one."
_RULES = "Single rules by id: `deny`, `ask` or `off`; goes before its family."
_ADDED = (
    "Rules of your own: `id`, `command` (the program and words that follow it in order, `*` for "
    "any text), `with` and `unless` (words of which one has to be there, or none may), `severity` "
    "(`deny` unless it says `ask`), `reason`, `safer`."
)
_EXCEPTIONS = (
    "What a rule shall let through: `rule`, `reason`, and to narrow it `command` and `paths` "
    "(`*` for any text)."
)
_DISPOSABLE = "Names of further folders and files that can be made again, as `node_modules` can."
_GUARD_DEFAULTS: dict[str, object] = {
    "families": {},
    "rules": {},
    "rules_added": [],
    "exceptions": [],
    "disposable": [],
}

COMMANDS = (
    Hook(
        id="smart-safety-check",
        description="Refuses or questions shell commands that destroy, leak or run unread code.",
        events=("PreToolUse",),
        tools=("Bash",),
        module="hooks_shared.families.safety.smart_safety_check",
        order=10,
        deadline=2.0,
        on_error=CLOSED,
        observing=False,
        options=_GUARD_DEFAULTS,
        schema=_guard(rules.SMART_FAMILIES),
    ),
    Hook(
        id="git-safety-check",
        description="Refuses or questions git commands that lose work, history or remote branches.",
        events=("PreToolUse",),
        tools=("Bash",),
        module="hooks_shared.families.safety.git_safety_check",
        order=20,
        deadline=2.0,
        on_error=CLOSED,
        observing=False,
        options=_GUARD_DEFAULTS,
        schema=_guard(rules.GIT_FAMILIES),
    ),
)
