"""Rows of the hooks that look after the work itself: its form, its memory, who does it."""

from hooks_shared.formatting.table import LANGUAGES, NAMES
from hooks_shared.rows.shape import OPEN, Hook, number, options, words

_SUFFIX_OR_LANGUAGE = "^(\\.[a-z0-9]+|" + "|".join(sorted(set(LANGUAGES.values()))) + ")$"
_FORMATTER = {
    "oneOf": [
        {"enum": [*NAMES, "off"]},
        {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
    ]
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
)
