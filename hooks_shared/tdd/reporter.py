"""Our own reporter, for whoever opts in: reads what a test command printed and keeps who failed.

Only a summary that a runner is known to print counts; what it does not say is not guessed.
"""

from hooks_shared import store
from hooks_shared.contract import Event
from hooks_shared.tdd.results import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.context import Context
    from hooks_shared.shell.state import Call

    Failed = list[tuple[str, str]]

NAME = "tests"
_WORDS = ("test", "jest", "tox", "nox")
_MOST = 50
_LONGEST = 400_000
_LAUNCHERS = (
    "npm",
    "yarn",
    "pnpm",
    "bun",
    "npx",
    "bunx",
    "uv",
    "poetry",
    "make",
    "just",
    "tox",
    "nox",
)


def note(event: Event, context: "Context") -> None:
    """Keep the outcome of a test command that a Bash call ran."""
    command = event.tool_input.get("command")
    if not isinstance(command, str) or not any(word in command for word in _WORDS):
        return
    from hooks_shared.safety.verdict import last_reading

    runner = next((name for name in map(_runner, last_reading(event, command).calls) if name), "")
    failed = _outcome(runner, _printed(event), event.name == "PostToolUseFailure")
    if not runner or failed is None:
        return
    at = context.now()

    def change(known: dict[str, object]) -> dict[str, object]:
        return {**known, runner: {"at": at, "cwd": event.cwd, "failed": failed[:_MOST]}}

    store.update_session(context.folder, NAME, context.hook, change)


def kept(context: "Context") -> list[Run]:
    """What was kept before; [] where nothing was."""
    known = store.update_session(context.folder, NAME, context.hook, lambda state: None) or {}
    runs = []
    for runner, one in known.items():
        at = one.get("at") if isinstance(one, dict) else None
        listed = one.get("failed") if isinstance(one, dict) else None
        if isinstance(at, (int, float)) and isinstance(listed, list):
            pairs = [tuple(pair) for pair in listed if isinstance(pair, list) and len(pair) == 2]
            runs.append(Run(runner, at, [(str(file), str(name)) for file, name in pairs]))
    return runs


def _runner(call: "Call") -> str:
    """Which runner a command starts, "" for any other command."""
    name, args = call.name, call.args
    if name in ("pytest", "py.test") or (name.startswith("python") and "pytest" in args[:3]):
        return "pytest"
    if name in ("vitest", "jest"):
        return name
    if name in ("cargo", "go") and args[:1] in (["test"], ["nextest"], ["t"]):
        return name
    if name in _LAUNCHERS:
        plain = " ".join(args)
        return next((one for one in ("pytest", "vitest", "jest", "test") if one in plain), "")
    return ""


def _printed(event: Event) -> str:
    response = event.data.get("tool_response")
    texts = [event.text("error")]
    if isinstance(response, dict):
        texts += [str(response.get(name) or "") for name in ("stdout", "stderr")]
    elif isinstance(response, str):
        texts.append(response)
    return "\n".join(texts)[-_LONGEST:]


def _outcome(runner: str, text: str, broke: bool) -> "Failed | None":
    """Tests that failed, [] where all passed, None where the text does not say."""
    failed: Failed = []
    passed = False
    for raw in text.split("\n"):
        line = _plain(raw)
        found = _failure(line)
        if found is not None:
            failed.append(found)
        passed = passed or _is_success(line)
    if failed:
        return list(dict.fromkeys(failed))
    if broke:
        return [("", "")] if runner else None
    return [] if passed else None


def _failure(line: str) -> tuple[str, str] | None:
    """(file, name) of the failed test that a line tells of."""
    first, _, rest = line.partition(" ")
    rest = rest.strip()
    if first in ("FAILED", "ERROR") and ".py" in rest:
        node = rest.partition(" - ")[0]
        return node.partition("::")[0], node.partition("::")[2]
    if line.startswith("--- FAIL: "):
        return "", line[10:].partition(" ")[0]
    if line.startswith("test ") and line.endswith("... FAILED"):
        return "", line[5:].partition(" ...")[0]
    if first in ("FAIL", "❯") and any(mark in rest for mark in (".test.", ".spec.")):
        return rest.partition(" ")[0], rest.partition(" > ")[2]
    counted = line.startswith(("Tests:", "Tests ", "="))
    return ("", "") if counted and _count(line, "failed") else None


def _is_success(line: str) -> bool:
    if line.startswith(("ok  \t", "ok \t", "ok\t", "PASS", "test result: ok")):
        return True
    return bool(_count(line, "passed")) and not _count(line, "failed")


def _count(line: str, word: str) -> int:
    """The number before `word`, as in `2 failed, 3 passed`."""
    words = line.replace(",", " ").replace("=", " ").replace("|", " ").split()
    for index, before in enumerate(words[:-1]):
        if words[index + 1] == word and before.isdigit():
            return int(before)
    return 0


def _plain(line: str) -> str:
    """A line without colours."""
    if "\x1b" not in line:
        return line.strip()
    pieces = line.split("\x1b[")
    return "".join([pieces[0], *(piece.partition("m")[2] for piece in pieces[1:])]).strip()
