"""Which files a command line cannot do without, and where they lie."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.check.fleet.command_line import needed_paths, resolved

ROOT, HOME = "/r", "/h"


def files(command: str, args: list[str] | None = None, root: str = ROOT) -> list[str]:
    found = (resolved(word, root, HOME) for word in needed_paths(command, args))
    return [path for path in found if path]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ('"$CLAUDE_PROJECT_DIR"/.claude/hooks/x.sh', ["/r/.claude/hooks/x.sh"]),
        ("${CLAUDE_PROJECT_DIR}/x.sh --flag a/b", ["/r/x.sh"]),
        ('"${CLAUDE_PROJECT_DIR:-.}"/x.sh', ["/r/x.sh"]),
        ("python3 -u .claude/hooks/a.py in/put", ["/r/.claude/hooks/a.py"]),
        ("uv run --quiet ./b.py", ["/r/b.py"]),
        ("uv run python scripts/c.py", ["/r/scripts/c.py"]),
        ("npx -y tsx scripts/z.ts", ["/r/scripts/z.ts"]),
        ("FOO=1 timeout 5s /opt/y.py; node tools/h.mjs", ["/opt/y.py", "/r/tools/h.mjs"]),
        ("~/.claude/line.sh", ["/h/.claude/line.sh"]),
        ('sh "$HOME/my hooks/x y.sh"', ["/h/my hooks/x y.sh"]),
        ("cat | ./a.sh\n./b.sh", ["/r/a.sh", "/r/b.sh"]),
        ('cd "$CLAUDE_PROJECT_DIR" && ./t.sh', ["/r/t.sh"]),
        ("if true; then sh a/c; fi", ["/r/a/c"]),
    ],
)
def test_programs_and_scripts_are_needed(command, expected):
    assert files(command) == expected


@pytest.mark.parametrize(
    "command",
    [
        "",
        "date +%H:%M",
        "jq -r .x | tee -a ~/.log/x",
        "echo hi > out/log.txt 2>> err/log.txt",
        'bash -c "./x.sh"',
        "python -m package/module",
        "[ -x ./x.sh ] && ./x.sh || true",
        "if [ -f a/b ]; then sh a/b; fi",
        "test -r a/b && . a/b",
        "cd sub && ./t.sh",
        "./$NAME.sh; sh hooks/*.sh; `which x`/y",
        "$OTHER/x.sh; ${OTHER}/x.sh",
        "echo 'unclosed ./x.sh",
        "cat some/file",
    ],
)
def test_what_is_not_sure_is_not_named(command):
    assert files(command) == []


def test_the_exec_form_has_no_shell():
    assert files("${CLAUDE_PROJECT_DIR}/x y.py", ["a/b"]) == ["/r/x y.py"]
    assert files("python3", ["${CLAUDE_PROJECT_DIR}/x;y.py", "z/z"]) == ["/r/x;y.py"]


def test_without_a_repository_only_absolute_paths_are_known():
    command = '"$CLAUDE_PROJECT_DIR"/x.sh; ./y.sh; ~/z.sh; /opt/a.sh'
    assert files(command, root="") == ["/h/z.sh", "/opt/a.sh"]


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(command):
    assert all(path.startswith(("/", HOME)) for path in files(command))
