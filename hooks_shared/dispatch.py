"""One event from stdin to answer: run its hooks, each alone, merge, print once, record once.

The only place where a hook's failure becomes a decision, by the policy its row declares. Lanes:
`closed` and `open` are an event's blocking handler, named after what it says where hooks cannot
run; `async` only observes; `project…` are the same in committed settings, never closed.
"""

import os
import sys
import time

from hooks_shared import compiled, contract, isolate, places, repair, store
from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Json = dict[str, object]

INPUT_BYTES = 32 << 20
SAMPLES = 50
# Fields of events that hold an id or one of the client's own words.
_FACTS = ("agent_id", "agent_type", "tool_use_id", "task_id", "prompt_id")
_FACTS_OF = {
    "SessionStart": ("source",),
    "SessionEnd": ("reason",),
    "PostCompact": ("trigger",),
    "StopFailure": ("error",),
}
READ_SECONDS, PICK_SECONDS, RECORD_SECONDS = 20.0, 2.0, 1.0


class Run:
    """One event on its way; what it has gathered is enough to answer at any moment."""

    def __init__(self, name: str, lane: str, state: str) -> None:
        self.name = name
        self.lane = lane
        self.state = state
        self.relayed = bool(state)
        self.started = time.perf_counter()
        self.told: Callable[[Json], None] | None = None
        self.event = Event({})
        self.folder = ""
        self.waiting: list[Json] = []
        self.verdicts: list[Verdict] = []
        self.hooks: list[Json] = []
        self.samples: list[Json] = []
        self.incidents: list[str] = []


def main(arguments: list[str], told: "Callable[[Json], None] | None" = None) -> int:
    """Answer the event on stdin: EVENT [LANE [STATE]]; `told` gets what is recorded of it.

    Returns:
        The exit code: the client's 0 or 2; with STATE given the contract's PASSED or BLOCKED.
    """
    name, lane, state = (*arguments, "", "", "")[:3]
    run = Run(name, lane, state)
    run.told = told
    stdout, stderr = _take_outputs(run.relayed)
    isolate.at_last_resort(lambda: _give_up(run, stdout, stderr))
    try:
        _handle(run)
        return _finish(run, stdout, stderr)
    except BaseException:
        # Half a dispatcher, such as an interrupted copy: the launcher answers for it. It cannot
        # read the event again, so what it would let through has to pass here.
        if repair.is_repair(run.event):
            return contract.PASSED if run.relayed else 0
        raise


def _take_outputs(relayed: bool) -> tuple[int, int]:
    """Private descriptors for the answer; 1 and 2, which a hook could reach, lead nowhere.

    A launcher hands us the real stderr as 3, so that an interpreter's noise is never a reason.
    """
    stdout, stderr = _duplicate(1), _duplicate(3 if relayed else 2)
    nowhere = os.open("/dev/null", os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return stdout, stderr


def _duplicate(number: int) -> int:
    try:
        return os.dup(number)
    except OSError:
        return -1


def _handle(run: Run) -> None:
    problem = isolate.call(lambda: _read(run), READ_SECONDS).problem
    if problem:
        _fail(run, f"the event could not be read, {problem}")
    elif os.environ.get("HUBCTL_HOOKS") == "off":
        run.incidents.append("all hooks switched off by HUBCTL_HOOKS")
        run.state = run.state or "".join(places.hook_folders(dict(os.environ))[:1])
    else:
        problem = isolate.call(lambda: _pick(run), PICK_SECONDS).problem
        if problem:
            _fail(run, f"the compiled hook registry cannot be used, {problem}")
        _run_hooks(run)


def _read(run: Run) -> None:
    parts, size = [], 0
    while part := os.read(0, 1 << 20):
        parts.append(part)
        size += len(part)
        if size > INPUT_BYTES:
            raise ValueError(f"more than {INPUT_BYTES >> 20} MB")
    run.event = contract.decode(b"".join(parts))
    run.event.name = run.name


def _pick(run: Run) -> None:
    """Put the hooks of this event and lane that want the tool into `waiting`."""
    folders = [run.state] if run.state else places.hook_folders(dict(os.environ))
    found = compiled.registered(run.name, _start(run.event), folders)
    run.state, run.folder = found.state, found.folder
    if run.lane and run.lane not in found.lanes and not run.lane.startswith("project"):
        # The handler exists because a hook wanted it: the registry was lost or is older. A
        # committed one also runs for colleagues whose hub does not know this repository.
        raise LookupError("it has no hook for this handler")
    off = _switched_off()
    for row in found.rows:
        if run.lane and row["lane"] != run.lane:
            continue
        if compiled.normal_id(str(row["id"])) in off:
            run.incidents.append(f"{row['id']} switched off by HUBCTL_HOOKS_OFF")
        elif compiled.fits(row, run.event.tool_name):
            run.waiting.append(row)


def _start(event: Event) -> str:
    """Where the session was started; its working folder follows every `cd` of the model."""
    start = os.environ.get("CLAUDE_PROJECT_DIR", "") or event.cwd
    try:
        return start or os.getcwd()
    except OSError:
        return ""


def _switched_off() -> set[str]:
    names = os.environ.get("HUBCTL_HOOKS_OFF", "").split(",")
    return {compiled.normal_id(name) for name in names} - {""}


def _run_hooks(run: Run) -> None:
    if run.waiting:
        isolate.bound_memory()
    while run.waiting:
        _run_hook(run, run.waiting[0])
        run.waiting.pop(0)


def _run_hook(run: Run, row: "Json") -> None:
    name, deadline, options = row["id"], row["deadline"], row["options"]
    context = Context(
        str(name),
        options if isinstance(options, dict) else {},
        str(row["folder"]),
        str(row["state"]),
        run.event.session_id,
    )
    seconds = deadline if isinstance(deadline, (int, float)) else 1.0
    decide = _decider(row, run.event, context)
    outcome, printed = isolate.call_silently(decide, seconds)
    problem = outcome.problem or contract.nonsense(outcome.value)
    if printed:
        run.incidents.append(f"{name} printed {printed} characters")
    entry: Json = {"id": name, "ms": round(outcome.milliseconds, 2)}
    run.hooks.append(entry)
    if problem:
        entry["problem"] = problem
        _apply_policy(run, row, problem)
        return
    run.samples += context.samples
    if isinstance(outcome.value, Verdict):
        entry["decision"] = outcome.value.decision
        run.verdicts.append(_allowed_in(run.lane, outcome.value))


def _decider(row: "Json", event: Event, context: Context) -> "Callable[[], object]":
    """The call that runs a hook; importing it is part of its time and of its failures."""

    def decide() -> object:
        module = str(row["module"])
        __import__(module)
        return sys.modules[module].decide(event, context)

    return decide


def _allowed_in(lane: str, verdict: Verdict) -> Verdict:
    """An observing hook advises at most: its event has long gone on."""
    if lane.endswith("async"):
        verdict.decision = ""
    return verdict


def _apply_policy(run: Run, row: "Json", problem: str) -> None:
    """Answer for a hook that could not, as its row declares."""
    name = row["id"]
    if row["on_error"] == "closed" and _may_block(run):
        reason = f"the hook {name} could not check this ({problem}), and it is set to refuse then"
        run.verdicts.append(contract.deny(f"{reason}. {repair.HINT}"))
    else:
        _tell_once(run, f"hubctl: the hook {name} did not work: {problem}")


def _fail(run: Run, problem: str) -> None:
    """Answer for all hooks of the lane at once."""
    run.incidents.append(problem)
    if run.lane == "closed" and _may_block(run):
        run.verdicts.append(contract.deny(f"hubctl could not check this: {problem}. {repair.HINT}"))
    else:
        _tell_once(run, f"hubctl: hooks did not run: {problem}. {repair.HINT}")


def _may_block(run: Run) -> bool:
    return run.name in contract.CLOSABLE and not repair.is_repair(run.event)


def _tell_once(run: Run, message: str) -> None:
    """Show `message` to the user, once a session."""

    def is_new() -> bool:
        return store.first_time(run.state, run.event.session_id, message)

    known = run.state and isolate.call(is_new, RECORD_SECONDS).value is False
    if not known:
        run.verdicts.append(Verdict(message=message))


def _give_up(run: Run, stdout: int, stderr: int) -> None:
    """End the process for a hook that ignored its deadline, and answer for those after it."""
    problem = "could not be stopped"
    for row in run.waiting:
        run.hooks.append({"id": row["id"], "problem": problem})
        _apply_policy(run, row, problem)
        problem = "was not reached"
    os._exit(_finish(run, stdout, stderr))


def _finish(run: Run, stdout: int, stderr: int) -> int:
    """Print the one answer, then record the run."""
    verdict = contract.merge(run.verdicts)
    answer, reason, code = contract.encode(run.name, verdict)
    _print(stdout, answer)
    _print(stderr, reason)
    record = _record(run, verdict, code)
    if run.told is not None:
        run.told(record)
    if run.state:
        isolate.call(lambda: store.append(run.state, record), RECORD_SECONDS)
    if not run.relayed:
        return code
    return contract.BLOCKED if code else contract.PASSED


def _print(descriptor: int, text: str) -> None:
    data = memoryview(text.encode("utf-8", "backslashreplace"))
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:
        return  # nobody listens; the exit code still says it


def _record(run: Run, verdict: Verdict, code: int) -> "Json":
    """The spool line: names, times and outcomes, never a command or a file's content."""
    return {
        "v": 1,
        "t": round(time.time(), 3),
        "event": run.name[:64],
        "lane": run.lane[:16],
        "tool": run.event.tool_name[:100],
        "session": run.event.session_id[:64],
        "folder": run.folder[:1000],
        "ms": round((time.perf_counter() - run.started) * 1000, 2),
        "decision": verdict.decision,
        "code": code,
        "hooks": run.hooks,
        "samples": run.samples[:SAMPLES],
        "of": _facts(run.event),
        "incidents": [incident[:300] for incident in run.incidents[:SAMPLES]],
    }


def _facts(event: Event) -> "Json":
    """What the event is about: the client's own ids and words, never a text."""
    fields = _FACTS + _FACTS_OF.get(event.name, ())
    facts: Json = {field: text[:100] for field in fields if (text := event.text(field))}
    took = event.data.get("duration_ms")
    if isinstance(took, (int, float)):
        facts["duration_ms"] = took
    return facts
