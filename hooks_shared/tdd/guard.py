"""One file of code that is about to be written, before the tests of its checkout: is it asked for?

Owns the rules of tdd-guard-check; what runners say is results.py, what a change does change.py.
"""

import os

from hooks_shared.contract import Verdict, ask, deny
from hooks_shared.tdd import reporter
from hooks_shared.tdd.change import adds_code, count_tests, keeps_behaviour
from hooks_shared.tdd.files import (
    PRODUCTION,
    TEST,
    is_about,
    is_generic,
    kind_of,
    language_of,
    subject_of,
    suggested_test,
    tests_of,
)
from hooks_shared.tdd.results import Run, newest, runs_for
from hooks_shared.writes.ground import Ground
from hooks_shared.writes.names import generated_by
from hooks_shared.writes.write import Write, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.context import Context
    from hooks_shared.contract import Event

STRICT, NORMAL, GENTLE = "strict", "normal", "gentle"
_MOST_TESTS = 200


def judge(writes: list[Write], event: "Event", context: "Context") -> Verdict | None:
    """The worst verdict about files of code that are about to be written; tests are noted."""
    ground = Ground(event, dict(os.environ))
    tests, exempt = _texts(context.options.get("tests")), _texts(context.options.get("exempt"))
    answers = []
    for write in writes:
        relative = ground.relative(write.real)
        kind = kind_of(relative, tests, exempt) if relative else ""
        if kind in (TEST, PRODUCTION):
            case = _Case(context, ground, write, relative)
            if kind == TEST:
                case.remember_test()
            else:
                answers.append(case.judge())
    return next(iter(sorted(filter(None, answers), key=_worst)), None)


def _worst(verdict: Verdict) -> bool:
    return verdict.decision != "deny"


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


class _Case:
    """One file that is about to be written, before the tests of its checkout."""

    def __init__(self, context: "Context", ground: Ground, write: Write, relative: str) -> None:
        self.context = context
        self.ground = ground
        self.write = write
        self.root = ground.checkout(write.real)
        self.relative = relative
        self.language = language_of(relative)
        strictness = context.options.get("strictness")
        self.strictness = strictness if strictness in (STRICT, GENTLE) else NORMAL

    def remember_test(self) -> None:
        """Note a test that this session is about to write: it counts until tests have run."""
        before, after = self.write.before(), self.write.text
        if not self.language or after is None or not count_tests(after, self.language):
            return
        if before is None or adds_code(before, after, self.language):
            self._remember()

    def _remember(self) -> None:
        now = self.context.now()

        def change(memory: dict[str, object]) -> dict[str, object]:
            found = memory.get("tests")
            known = found if isinstance(found, dict) else {}
            kept = dict(list(known.items())[-_MOST_TESTS:])
            return {**memory, "tests": {**kept, f"{self.root}/{self.relative}": now}}

        self.context.remember(change)

    def judge(self) -> Verdict | None:
        """The verdict about a file of production code; None where it is fine."""
        before, after = self.write.before(), self.write.text
        if before is None or generated_by(self.relative, before) or self._is_moved():
            return None
        if after is not None:
            if not adds_code(before, after, self.language):
                return None
            if count_tests(after, self.language) > count_tests(before, self.language):
                self._remember()  # tests inside the file, as in Rust
                return None
        memory = self.context.remember(lambda state: None) or {}
        return None if memory.get("paused") else self._by_tests(memory)

    def _is_moved(self) -> bool:
        """Whether the text is that of another file here, as after `mv`."""
        origin = self.write.origin
        if not origin or self.write.text is None:
            return False
        inside = self.ground.checkout(os.path.realpath(origin))
        return bool(inside) and read(origin) == self.write.text

    def _by_tests(self, memory: dict[str, object]) -> Verdict | None:
        runs = self._runs()
        failed = [one for run in runs for one in run.failed]
        if any(self._is_related(*one) for one in failed):
            return None
        if failed and self.strictness != STRICT:
            return None
        last = max([run.at for run in runs], default=0.0)
        fresh = self._fresh_test(last, memory)
        if fresh and self.strictness != STRICT:
            return None
        if not failed and last and self._is_refactoring(last):
            return None
        return self._answer(_state(failed, last, fresh))

    def _runs(self) -> list[Run]:
        """What is known of the last run of tests around the file."""
        reports = _texts(self.context.options.get("results"))
        found = runs_for(self.root, self.relative, reports) + reporter.kept(self.context)
        return newest(found, self.language)

    def _is_related(self, file: str, name: str) -> bool:
        """Whether a failed test is about the file: by its own file, else by its name."""
        if file:
            whole = os.path.join(self.root, file)
            return is_about(whole, read(whole) or "", self.root, self.relative)
        if not name or is_generic(self.relative):
            return True
        folder = self.relative.rpartition("/")[0].rpartition("/")[2].lower()
        lowered = name.lower()
        subject = subject_of(self.relative).lower().replace("_", "")
        return subject in lowered.replace("_", "") or (bool(folder) and folder in lowered)

    def _fresh_test(self, last: float, memory: dict[str, object]) -> str:
        """A test about the file that is newer than the last run, "" without one."""
        found = memory.get("tests")
        for test, at in (found if isinstance(found, dict) else {}).items():
            newer = isinstance(at, (int, float)) and at > last
            if newer and is_about(test, read(test) or "", self.root, self.relative):
                return self._shown(test)
        if not last:
            return ""  # after a clone every file is new
        for path in tests_of(self.root, self.relative):
            is_itself = path == f"{self.root}/{self.relative}"
            newer = not is_itself and _mtime(path) > last
            if newer and count_tests(read(path) or "", self.language):
                return self._shown(path)
        return ""

    def _shown(self, path: str) -> str:
        return path.removeprefix(self.root + "/")

    def _is_refactoring(self, last: float) -> bool:
        """Whether green tests cover a change that keeps public names and adds no branch."""
        before, after = self.write.before(), self.write.text
        if not before or after is None:
            return False
        if self.strictness == STRICT and _mtime(self.write.real) > last:
            return False
        if self.context.now() - last > self.context.number("green_minutes") * 60:
            return False
        return keeps_behaviour(before, after, self.language)

    def _answer(self, state: str) -> Verdict:
        test = suggested_test(self.root, self.relative)
        reason = (
            f"tdd-guard-check: no failing or new test asks for this change of "
            f"`{self.write.shown[:200]}`. {state} Write a failing test first, in `{test}`, and run "
            f"it. {_WAYS_OUT}"
        )
        certain = self.write.text is not None
        return deny(reason) if self.strictness != GENTLE and certain else ask(reason)


_WAYS_OUT = (
    "While tests are green, a change passes that keeps the public names and adds no branch. A "
    "person pauses this with the prompt `tdd off` (where the hook stands under UserPromptSubmit) "
    "or by starting with HUBCTL_HOOKS_OFF=tdd-guard-check; `exempt` in canonical.yaml excepts "
    "files."
)


def _state(failed: list[tuple[str, str]], last: float, fresh: str) -> str:
    if fresh:
        return f"`{fresh}` is new but has not been seen to fail: run it."
    if failed:
        return "The tests that fail are about other files."
    if not last:
        return "No run of tests is known here; run them once, so that there are results."
    return "The tests of the last run pass."


def _mtime(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0
