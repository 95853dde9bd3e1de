"""Rows of the hooks that guard files: protected ones, production code, our own configuration."""

from hooks_shared.rows.shape import CLOSED, OPEN, Hook, number, one_of, options, words
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
    Hook(
        id="config-guard",
        description="Notes who changes what hubctl renders, and warns or refuses by policy.",
        events=("ConfigChange", "PreToolUse", "PostToolUse"),
        tools=_WRITERS,
        module="hooks_shared.families.safety.config_guard",
        order=50,
        deadline=2.0,
        on_error=OPEN,
        observing=False,
        options={
            "policy": "warn",
            "guarded": [
                "hook:*",
                "/disableAllHooks",
                "/env/HUBCTL_HOOKS*",
                "/permissions/deny*",
                "/permissions/ask*",
                "/permissions/defaultMode",
                "/sandbox*",
            ],
        },
        schema=options(
            policy=one_of(
                ("note", "warn", "refuse"),
                "What a change of a guarded field meets: `note` only keeps who it was, `warn` also "
                "says so, `refuse` keeps it out of the session, or the tool from making it.",
            ),
            guarded=words(
                "Guarded fields, as addresses name them behind `#` (`*` for any text). Switches "
                "that disarm hooks are always guarded."
            ),
        ),
    ),
    Hook(
        id="tdd-guard-check",
        description="Lets production code be written for a test that fails or is new.",
        events=("PreToolUse", "PostToolUse", "PostToolUseFailure", "UserPromptSubmit"),
        tools=("Write", "Edit", "MultiEdit", "Bash"),
        module="hooks_shared.families.testing.tdd_guard_check",
        order=40,
        deadline=2.0,
        on_error=OPEN,
        observing=False,
        options={
            "strictness": "normal",
            "tests": [],
            "exempt": [],
            "results": [],
            "green_minutes": 120,
        },
        schema=options(
            strictness=one_of(
                ("strict", "normal", "gentle"),
                "`strict` refuses without a failing test about the file, `normal` without a "
                "failing one or a new one about the file, `gentle` asks where `normal` refuses.",
            ),
            tests=words("Further files that are tests (`*` for any text)."),
            exempt=words("Files that need no test (`*` for any text)."),
            results=words(
                "Further reports that test runs leave, below the folder of the tests: JSON of "
                "jest or vitest, JUnit XML, `go test -json`."
            ),
            green_minutes=number("Minutes for which green tests cover a refactoring.", 1, 10_080),
        ),
    ),
)
