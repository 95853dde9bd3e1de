"""From an event to a verdict: both guards ask here, and share one reading of the command."""

import os

from hooks_shared import places
from hooks_shared.contract import Event, Verdict, ask, deny
from hooks_shared.repair import is_repair
from hooks_shared.safety.quick import is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.context import Context
    from hooks_shared.safety.judge import Judge

LONGEST = 200_000  # characters; nobody writes such a command, and reading it takes too long
_KNOWN = ("USER", "LOGNAME", "CLAUDE_PROJECT_DIR")


class _Last:
    """The command read last: the second guard of the same event need not read it again."""

    key: tuple[object, ...] = ()
    judge: "Judge | None" = None


def verdict(event: Event, context: "Context", families: str) -> Verdict | None:
    """The verdict of one guard; `families` names the table in hooks_shared.rules."""
    command = event.tool_input.get("command")
    if not isinstance(command, str) or is_plain(command) or _is_repair(event, command):
        return None
    judge = reading(event, command, _names(context.options.get("disposable")))
    if not judge.hits and not context.options.get("rules_added"):
        return None
    from hooks_shared import rules
    from hooks_shared.safety.options import decide

    severity, reason = decide(judge, getattr(rules, families), context.options)
    if severity == rules.DENY:
        return deny(reason)
    return ask(reason) if severity == rules.ASK else None


def _is_repair(event: Event, command: str) -> bool:
    return "hubctl" in command and is_repair(event) and " disable" not in command


def _names(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def last_reading(event: Event, command: str) -> "Judge":
    """What the command would do, for whoever does not mind which folders are disposable."""
    if _Last.judge is not None and _Last.key[:2] == (command, event.cwd):
        return _Last.judge
    return reading(event, command, ())


def reading(event: Event, command: str, disposable: tuple[str, ...]) -> "Judge":
    """What the command would do; read once per event, whoever asks first."""
    key = (command, event.cwd, disposable)
    if _Last.key != key or _Last.judge is None:
        from hooks_shared.safety.judge import Hit, Judge, judge_line

        environ = dict(os.environ)
        home = places.home_folder(environ)
        cwd = event.cwd or "/"
        project = environ.get("CLAUDE_PROJECT_DIR", "").rstrip("/") or cwd
        known = {name: environ[name] for name in _KNOWN if name in environ}
        known["TMPDIR"] = "/tmp"  # noqa: S108 - what stands for it, nothing is written there
        judge = Judge(home, project, known, disposable)
        if len(command) > LONGEST:
            judge.hits.append(Hit("too-complex", command[:80], "", []))
        else:
            judge_line(command, cwd, judge)
        _Last.judge = judge
        _Last.key = key
    return _Last.judge
