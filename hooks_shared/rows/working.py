"""Rows of the hooks that look after the work itself: its form, its memory, who does it."""

from hooks_shared.formatting.table import LANGUAGES, NAMES
from hooks_shared.rows.shape import OPEN, Hook, number, one_of, options, words

_SUFFIX_OR_LANGUAGE = "^(\\.[a-z0-9]+|" + "|".join(sorted(set(LANGUAGES.values()))) + ")$"
_FORMATTER = {
    "oneOf": [
        {"enum": [*NAMES, "off"]},
        {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
    ]
}
_CODE = [
    ".py", ".pyi", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue",
    ".svelte", ".go", ".rs", ".java", ".kt", ".kts", ".scala", ".c", ".h", ".cc", ".cpp", ".cxx",
    ".hpp", ".cs", ".m", ".mm", ".swift", ".rb", ".php", ".pl", ".lua", ".dart", ".ex", ".exs",
    ".erl", ".hs", ".ml", ".clj", ".cljs", ".zig", ".nim", ".jl", ".r", ".sql", ".sh", ".bash",
    ".ps1", ".ipynb",
]  # fmt: skip
_WHITELIST = [
    "*.config.js", "*.config.cjs", "*.config.mjs", "*.config.ts", "*.config.mts", ".*rc.js",
    ".*rc.cjs", ".*rc.ts", "*.d.ts", "setup.py", "conftest.py", "noxfile.py", "__init__.py",
    "conf.py", "settings.py", "gulpfile.js", "build.rs", "build.sbt", "mix.exs", "config/*.exs",
    ".claude/*", ".github/*", "migrations/*",
]  # fmt: skip
_POLICIES = ("advise", "ask", "deny", "off")
_WRITES = {
    "code": _CODE,
    "whitelist": _WHITELIST,
    "delegate_to": "an agent (the Agent tool)",
}
_WRITES_SCHEMA = {
    "code": words("Endings of files that are code."),
    "whitelist": words(
        "Names (`*.config.js`) or ends of paths (`migrations/*`) that are configuration and never "
        "looked at."
    ),
    "delegate_to": {
        "type": "string",
        "minLength": 1,
        "description": "Who work is to be handed to, as the advice names it.",
    },
}

WORKING = (
    Hook(
        id="auto-format",
        description="Runs the repository's own formatter over the file that was just written.",
        events=("PostToolUse",),
        tools=("Write", "Edit"),
        module="hooks_shared.families.formatting.auto_format",
        order=100,
        deadline=20.0,
        on_error=OPEN,
        observing=False,
        options={"formatters": {}, "skip": [], "seconds": 8, "max_kb": 512},
        schema=options(
            formatters={
                "type": "object",
                "propertyNames": {"pattern": _SUFFIX_OR_LANGUAGE},
                "additionalProperties": _FORMATTER,
                "description": (
                    "By language (`python`) or ending (`.vue`): a formatter's name, `off`, or a "
                    "command that reads stdin and writes stdout, with `{path}` where it wants the "
                    "file's path. Without one, what the nearest folder's files tell is used."
                ),
            },
            skip=words(
                "Files to leave alone: a name (`*.gen.ts`), a path (`src/old/*.py`) or a folder "
                "(`legacy/`), from the repository's root."
            ),
            seconds=number("Seconds that one run of a formatter may take.", 0.1, 9),
            max_kb=number("Kilobytes from which a file is left alone.", 1, 8192),
        ),
    ),
    Hook(
        id="delegation-check",
        description="Before code is written: asks for a search first, and for agents if wanted.",
        events=("PreToolUse",),
        tools=("Write", "Edit", "NotebookEdit"),
        module="hooks_shared.families.delegation.delegation_check",
        order=500,
        deadline=1.0,
        on_error=OPEN,
        observing=False,
        options={
            "search_first": "advise",
            "large_writes": "off",
            "lines": 15,
            "large_lines": 300,
            "repeat_minutes": 30,
            "search_tools": ["mcp__claude-context__*", "mcp__serena__*"],
            **_WRITES,
        },
        schema=options(
            search_first=one_of(
                _POLICIES,
                "What happens where a session writes new code without having searched.",
            ),
            large_writes=one_of(_POLICIES, "What happens where one call brings many new lines."),
            lines=number("New lines below which a write is never looked at.", 1, 10_000),
            large_lines=number("New lines from which `large_writes` applies.", 10, 100_000),
            repeat_minutes=number("Minutes until the same advice may be given again.", 1, 1440),
            search_tools=words(
                "Further tools that count as a search; `mcp__server__*` for all of a server. Grep, "
                "Glob, agents and the shell's rg, grep, find, fd, git grep always count."
            ),
            **_WRITES_SCHEMA,
        ),
    ),
    Hook(
        id="delegation-warning",
        description="Counts the code a session writes itself instead of an agent, and says so.",
        events=("PostToolUse",),
        tools=("Write", "Edit", "NotebookEdit", "Agent", "Task"),
        module="hooks_shared.families.delegation.delegation_warning",
        order=820,
        deadline=0.5,
        on_error=OPEN,
        observing=False,
        options={"tokens": 8000, "repeat_minutes": 20, **_WRITES},
        schema=options(
            tokens=number("Tokens of code that are worth a note; then twice that.", 100, 1_000_000),
            repeat_minutes=number("Minutes until the next note may be given.", 1, 1440),
            **_WRITES_SCHEMA,
        ),
    ),
    Hook(
        id="context-preservation",
        description="Keeps task, decisions, changes and todos over a compaction, and tells them.",
        events=("SessionStart", "Stop", "PreCompact", "SessionEnd"),
        tools=(),
        module="hooks_shared.families.context.context_preservation",
        order=920,
        deadline=1.2,
        on_error=OPEN,
        observing=True,
        options={},
        schema=options(),
    ),
    Hook(
        id="context-bundle-builder",
        description="Keeps which files a session read, wrote and searched, and tells them again.",
        events=("SessionStart", "Stop", "PreCompact", "SessionEnd"),
        tools=(),
        module="hooks_shared.families.context.context_bundle_builder",
        order=930,
        deadline=1.2,
        on_error=OPEN,
        observing=True,
        options={"tokens": 600},
        schema=options(
            tokens=number("Tokens that the list may take when it is told again.", 50, 4000),
        ),
    ),
)
