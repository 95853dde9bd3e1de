"""One command in many clothes: wrappers, quoting, nesting and files change no verdict."""

from __future__ import annotations

import pytest

from tests.guards.tree import none_of
from tests.hooks.safety_case import rows, verdict_of

_SYNTAX = frozenset("|&;\n<>(){}`#$'\"\\=~*?![]")


def quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def is_simple(command: str) -> bool:
    """A program with plain words, so that anything may stand before it."""
    return not _SYNTAX & set(command) and command.split(maxsplit=1)[0] not in _SHELL_WORDS


def is_one_line(command: str) -> bool:
    return "\n" not in command and "#" not in command


_NAMES = (
    "cd pushd if for while eval exec source . : true set alias export local declare read trap time "
    "builtin command until case function coproc hubctl"
)
_SHELL_WORDS = frozenset(_NAMES.split())

ANYWHERE = {
    "bash -c": lambda c: f"bash -c {quoted(c)}",
    "sudo sh -ec": lambda c: f"sudo -u x sh -ec {quoted(c)}",
    "eval": lambda c: f"eval {quoted(c)}",
    "after a list": lambda c: f"true && ls; {c}",
    "after a folder": lambda c: f"cd sub/x && cd - && {c}",
    "after a line": lambda c: f"ls -la\n{c}",
    "env -S": lambda c: f"env -i bash -c {quoted(c)}",
}
ONE_LINE = {
    "subshell": lambda c: f"( {c} )",
    "group": lambda c: f"{{ {c}; }} 2>&1",
    "branch": lambda c: f"if true; then {c}; fi",
    "case": lambda c: f"case x in x) {c} ;; esac",
    "here-document": lambda c: f"bash <<'EOF9'\n{c}\nEOF9",
    "piped": lambda c: f"printf '%s\\n' {quoted(c)} | bash",
    "a file": lambda c: f"echo {quoted(c)} > /tmp/x9.sh; sh /tmp/x9.sh",
    "substitution": lambda c: f'echo "$( {c} )"',
    "python": lambda c: "python3 -c " + quoted(f"import os; os.system({c!r})"),
}
SIMPLE = {
    "wrappers": lambda c: f"sudo -E env A=1 nice -n 5 timeout 9 nohup {c}",
    "assignment": lambda c: f"A=1 B='x y' {c}",
    "path": lambda c: f"/usr/bin/{c}" if "/" not in c.split()[0] else c,
    "escaped": lambda c: f"\\{c}",
    "quoted program": lambda c: f'"{c.split()[0]}"' + c[len(c.split()[0]) :],
    "quoted words": lambda c: " ".join(quoted(word) for word in c.split()),
    "split program": lambda c: f"{c[0]}''{c[1:]}",
    "ansi program": lambda c: f"$'\\x{ord(c[0]):02x}'{c[1:]}",
    "continued": lambda c: c.replace(" ", " \\\n   "),
    "spaced": lambda c: "  " + c.replace(" ", " \t ") + "  ",
    "variable": lambda c: f"Q={c.split()[0]}; $Q{c[len(c.split()[0]) :]}",
    "array": lambda c: f'a=({c}); "${{a[@]}}"',
    "function": lambda c: f"go9() {{ {c}; }}; go9",
    "background": lambda c: f"{c} &",
    "in a pipeline": lambda c: f"{c} | tee /tmp/log",
    "comment": lambda c: f"{c} # fine",
}


FORMS = [*ANYWHERE, *ONE_LINE, *SIMPLE]
SHARE = 3  # every row goes through a third of the forms, each form sees a third of the rows


def wrong(kind: str, name: str) -> list[str]:
    found = []
    for row in rows(kind)[FORMS.index(name) % SHARE :: SHARE]:
        command = row["command"]
        if (name in ONE_LINE and not is_one_line(command)) or "trap" in command:
            continue
        if name == "a file" and "$0" in command:
            continue  # another name
        if name in SIMPLE and not is_simple(command):
            continue
        make = {**ANYWHERE, **ONE_LINE, **SIMPLE}[name]
        varied = make(command)
        if (verdict_of(varied) == "none") != (row["verdict"] == "none"):
            found.append(varied)
    return found


@pytest.mark.parametrize("name", FORMS)
def test_danger_is_seen_in_every_form(name: str) -> None:
    none_of(wrong("dangerous", name))


@pytest.mark.parametrize("name", FORMS)
def test_harmless_commands_stay_so(name: str) -> None:
    none_of(wrong("harmless", name))


@pytest.mark.parametrize("row", [r for r in rows("dangerous") if is_one_line(r["command"])][::17],
                         ids=lambda row: row["command"][:40])  # fmt: skip
def test_talking_about_danger_is_harmless(row: dict[str, str]) -> None:
    command = row["command"]
    for told in (
        f"echo {quoted(command)}",
        f"git commit -m {quoted('Do not run ' + command)}",
        f"grep -rn {quoted(command)} docs",
        f"cat > notes.md <<'EOF9'\n{command}\nEOF9",
        f"# {command}",
        f"gh pr create --title x --body {quoted(command)}",
        "python3 -c " + quoted(f"print({command!r})"),
    ):
        assert verdict_of(told) == "none", told
