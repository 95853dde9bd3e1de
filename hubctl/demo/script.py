"""What happens in the demo, step by step: commands run, what they must end with, what is proved.

It yields beats and prints nothing. A command that does not do what the demo says it does ends it
with an error, so a demo that reaches its end is also a test of the installation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.demo import STEPS
from hubctl.demo.edits import EDITS, make_edits, undo_edits
from hubctl.demo.hub import CANONICAL
from hubctl.demo.releases import release_stream
from hubctl.demo.repositories import REPOSITORIES
from hubctl.demo.session import CALLS, ask_hooks
from hubctl.demo.sessions import session_files
from hubctl.demo.snapshot import differences, take_snapshot
from hubctl.errors import OperationError
from hubctl.system.background import get
from hubctl.system.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hubctl.demo.edits import Edit
    from hubctl.demo.snapshot import Snapshot
    from hubctl.demo.world import DemoWorld
    from hubctl.model.item import LinkTo
    from hubctl.system.process import Completed


@dataclass(frozen=True, slots=True, kw_only=True)
class Opens:
    """A step begins."""

    number: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """A paragraph for people."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Rows of a name and what is to be said about it."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Types:
    """A command is about to run, as a user would type it."""

    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prints:
    """What it printed. `only` names the one target to show in full, "" for everything."""

    text: str
    exit_code: int
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proves:
    """Something that was checked just now, and holds."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decides:
    """What hooks said of something Claude was about to do, or did.

    `verdict` is `deny`, `ask`, `advise` or "" for letting it through; `milliseconds` is all of it,
    the process included.
    """

    words: str
    verdict: str
    reason: str
    milliseconds: float


# Parts of the dashboard that have something to show by then.
PARTS = ("today", "alerts", "cost", "sessions", "tools", "hooks", "context", "agents", "errors")
IDLE_MINUTES = 15
_GIT_HEADER = 4  # lines before the first hunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    """What stays when the demo ends: a report, and the address of a dashboard that runs."""

    report: str
    address: str


Beat = Opens | Says | Lists | Types | Prints | Proves | Decides | Leaves


@dataclass(slots=True, kw_only=True)
class Stage:
    """The world, and what one step remembers for a later one.

    `stays`: the world is kept, so that its dashboard can go on.
    """

    world: DemoWorld
    stays: bool = False
    made_by_hand: Snapshot = field(default_factory=dict)
    drifted: Snapshot = field(default_factory=dict)
    before_edits: Mapping[Edit, bytes | LinkTo] = field(default_factory=dict)

    def hubctl(self, line: str, *, code: int = 0, only: str = "") -> Iterator[Beat]:
        """Run `hubctl LINE`, which has to end with `code`."""
        yield Types(command=f"hubctl {line}")
        done = self.world.hubctl(*line.split())
        if done.returncode != code:
            raise _astray(line, code, done)
        yield Prints(text=done.stdout + done.stderr, exit_code=code, only=only)

    def snapshot(self) -> Snapshot:
        """The world as it stands."""
        return take_snapshot(self.world.door, self.world.home)


def play(world: DemoWorld, until: str, *, stays: bool = False) -> Iterator[Beat]:
    """Every step up to and including `until`; `stays`: the world is there afterwards."""
    stage = Stage(world=world, stays=stays)
    last = STEPS.index(until)
    for number, name in enumerate(STEPS[: last + 1], 1):
        title, step = _STEPS[name]
        yield Opens(number=number, title=title)
        yield from step(stage)


def _astray(line: str, code: int, done: Completed) -> OperationError:
    said = (done.stderr or done.stdout).strip()
    return OperationError(
        f"the demo went astray: `hubctl {line}` ended with {done.returncode}, not {code}:\n{said}",
        hint="the folder is still there to look into; please report this with the text above",
    )


def _build(stage: Stage) -> Iterator[Beat]:
    stage.world.build()
    stage.made_by_hand = stage.snapshot()
    yield Says(
        text=f"Everything happens in {stage.world.home}, which is also the home folder of this "
        "demo. Your own home, your repositories and Claude Code are not touched, and nothing "
        "leaves this machine."
    )
    yield Says(text="In ~/src stand four git repositories, set up by hand, each in its own way:")
    yield Lists(rows=tuple((repository.name, repository.oddity) for repository in REPOSITORIES))
    lines = CANONICAL.count("\n")
    yield Says(
        text=f"~/hub/canonical.yaml says in {lines} lines how all of them, and this account, are "
        "to be set up."
    )
    yield from stage.hubctl("validate")


def _plan(stage: Stage) -> Iterator[Beat]:
    yield Says(text="What would change, where and why. Nothing is written yet.")
    yield from stage.hubctl("plan", only="n8n_dev")
    yield _untouched(stage, stage.made_by_hand, "plan wrote nothing")


def _apply(stage: Stage) -> Iterator[Beat]:
    yield Says(text="Without --yes it would show the plan and ask.")
    yield from stage.hubctl("apply --yes")
    yield Says(
        text="In files that are yours hubctl owns only what it put there. The tabs, the order, "
        "the hook and the keys of nautilus_dev stay as they were:"
    )
    yield from _git_diff(stage, "nautilus_dev", ".claude/settings.json")
    for repository in REPOSITORIES:
        stage.world.commit(repository.name, "Take over what the hub says")
    yield Says(text="What is for everybody is committed now; what names this machine never is.")


def _git_diff(stage: Stage, name: str, path: str) -> Iterator[Beat]:
    arguments = ("diff", "-U1", path)
    yield Types(command=f"git -C ~/src/{name} {' '.join(arguments)}")
    colour = "always" if "FORCE_COLOR" in stage.world.look else "never"
    text = stage.world.git(name, "-c", f"color.ui={colour}", *arguments)
    yield Prints(text="".join(text.splitlines(keepends=True)[_GIT_HEADER:]), exit_code=0)


def _clean(stage: Stage) -> Iterator[Beat]:
    yield from stage.hubctl("plan --check")
    yield Proves(text="exit code 0: a second apply would change nothing")


def _hooks(stage: Stage) -> Iterator[Beat]:
    yield Says(
        text="In every session Claude Code now asks the hooks. Here they get what it would send "
        "them, through the very command in n8n_dev's settings; nothing of it is done:"
    )
    answers = []
    for call in CALLS:
        answer = ask_hooks(stage.world, "n8n_dev", call)
        answers.append(answer.milliseconds)
        yield Decides(
            words=call.words,
            verdict=answer.verdict,
            reason=answer.reason,
            milliseconds=answer.milliseconds,
        )
    middle = sorted(answers)[len(answers) // 2]
    yield Proves(
        text=f"{len(CALLS)} calls, one process each, {middle:.0f} ms in the middle; only the last "
        "four were told anything"
    )


def _edit(stage: Stage) -> Iterator[Beat]:
    yield Says(text="Somebody works in the repositories, as people do:")
    stage.before_edits = make_edits(stage.world)
    yield Lists(rows=tuple((edit.repository, edit.words) for edit in EDITS))


def _drift(stage: Stage) -> Iterator[Beat]:
    yield from stage.hubctl("drift --blame", code=1)
    yield Proves(text="exit code 1: three drifts; a key that is none of ours is only a note")


def _fix(stage: Stage) -> Iterator[Beat]:
    stage.drifted = stage.snapshot()
    yield from stage.hubctl("drift --fix")
    key = EDITS[-1]
    path = f"{stage.world.repository(key.repository)}/{key.path}"
    if key.new.encode() not in stage.world.door.read(path):
        raise OperationError(f"the demo went astray: a foreign key is gone from {path}")
    yield Proves(text="exit code 0: no drift is left, and the foreign key stands as it stood")


def _rollback(stage: Stage) -> Iterator[Beat]:
    yield Says(text="Every replaced byte is in a journal. First the repair is taken back:")
    yield from stage.hubctl("rollback --yes")
    yield _untouched(stage, stage.drifted, "as it was before the repair")
    yield Says(
        text="Now somebody takes the four edits back (over them hubctl would not roll back, but "
        "name the files), and the apply is undone as well:"
    )
    undo_edits(stage.world, stage.before_edits)
    yield from stage.hubctl("rollback --yes")
    yield _untouched(stage, stage.made_by_hand, "as it was before hubctl ever ran")


def _measure(stage: Stage) -> Iterator[Beat]:
    yield Says(
        text="Applied once more, and with four weeks of (made-up) sessions behind it, hubctl also "
        "tells what they cost and how they went: from what the client and the hooks wrote down."
    )
    yield from stage.hubctl("apply --yes --quiet")
    world = stage.world
    for path, text in session_files(world.home, now(), f"{world.state}/hooks").items():
        world.write(path, text.encode())
    for repository in REPOSITORIES:
        if stream := release_stream(repository.name, now()):
            world.git(repository.name, "fast-import", "--quiet", given=stream)
    yield from stage.hubctl("usage week")
    yield from stage.hubctl("report weekly --output weekly.html")
    yield Says(text="How is it delivered? The tags of these (made-up) releases tell:")
    yield from stage.hubctl("report dora --output dora.html")
    if stage.stays:
        yield from _leave_dashboard(stage)
    else:
        with world.dashboard() as address:
            yield _filled(address)
    yield Says(text="That is all. A hub of your own begins with `hubctl init`.")


def _leave_dashboard(stage: Stage) -> Iterator[Beat]:
    told = list(stage.hubctl(f"dashboard --detach --idle {IDLE_MINUTES}"))
    yield from told
    address = next(beat.text.split()[0] for beat in told if isinstance(beat, Prints))
    try:
        yield _filled(address)
    except OperationError:
        stage.world.hubctl("dashboard", "--stop")
        raise
    yield Leaves(report=f"{stage.world.hub}/weekly.html", address=address)


def _filled(address: str) -> Proves:
    """Every part of a dashboard that has something to show shows it."""
    base, _, token = address.partition("/?token=")
    port = base.rpartition(":")[2]
    headers = {"Cookie": f"hubctl-{port}={token}"}
    filled = [part for part in PARTS if 'class="value' in get(base, f"/part/{part}", headers)]
    if len(filled) < len(PARTS):
        raise OperationError(f"the demo went astray: the dashboard shows only {', '.join(filled)}")
    return Proves(text=f"it answers at {base} and shows figures in each of {len(PARTS)} parts")


def _untouched(stage: Stage, before: Snapshot, words: str) -> Proves:
    changed = differences(before, stage.snapshot())
    if changed:
        listed = "\n  ".join(changed)
        raise OperationError(f"the demo went astray: not {words}:\n  {listed}")
    return Proves(text=f"{words}: {len(before)} files, folders and links compared, byte for byte")


_STEPS: Mapping[str, tuple[str, Callable[[Stage], Iterator[Beat]]]] = {
    "build": ("Four repositories and a hub", _build),
    "plan": ("Plan", _plan),
    "apply": ("Apply", _apply),
    "clean": ("Nothing left to do", _clean),
    "hooks": ("In a session", _hooks),
    "edit": ("Meanwhile", _edit),
    "drift": ("What drifted, and who did it", _drift),
    "fix": ("Repair", _fix),
    "rollback": ("And all the way back", _rollback),
    "measure": ("What it costs", _measure),
}
