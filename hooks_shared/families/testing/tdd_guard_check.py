"""tdd-guard-check: production code is written for a test that fails or is new.

Goes by result files, names of files and lines of code: the same state gives the same answer. What
adds no code, or keeps names and branches while the tests are green, is nobody's business.
"""

import os

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict, advise, ask, deny

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.tdd.results import Run
    from hooks_shared.writes.ground import Ground
    from hooks_shared.writes.write import Write

STRICT, NORMAL, GENTLE = "strict", "normal", "gentle"
_MOST_TESTS = 200
_PAUSE = ("tdd off", "tdd pause")
_RESUME = ("tdd on", "tdd resume")


def decide(event: Event, context: Context) -> Verdict | None:
    """Deny or ask, by strictness, where no test asks for a change of production code."""
    if event.name == "UserPromptSubmit":
        return _said(event, context)
    if event.name != "PreToolUse":
        from hooks_shared.tdd import reporter

        reporter.note(event, context)
        return None
    from hooks_shared.tdd.files import PRODUCTION, TEST, kind_of
    from hooks_shared.writes.write import REMOVE, TOUCH, writes_of

    writes = [one for one in writes_of(event) if one.placed and one.kind not in (REMOVE, TOUCH)]
    if not writes:
        return None
    from hooks_shared.writes.ground import Ground

    ground = Ground(event, dict(os.environ))
    tests, exempt = _texts(context.options.get("tests")), _texts(context.options.get("exempt"))
    answers = []
    for write in writes:
        root = ground.checkout(write.real)
        relative = ground.relative(write.real)
        kind = kind_of(relative, tests, exempt) if relative else ""
        if kind == TEST:
            _Case(context, ground, write, root, relative).remember_test()
        elif kind == PRODUCTION:
            answers.append(_Case(context, ground, write, root, relative).judge())
    return next((one for one in sorted(filter(None, answers), key=_worst)), None)


def _worst(verdict: Verdict) -> bool:
    return verdict.decision != "deny"


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _said(event: Event, context: Context) -> Verdict | None:
    """A person pauses it for this session, or goes on; the model cannot say a prompt."""
    prompt = " ".join(event.text("prompt").lower().split()).rstrip(".!")
    if prompt not in _PAUSE + _RESUME:
        return None
    paused = prompt in _PAUSE
    context.remember(lambda memory: {**memory, "paused": paused})
    state = "paused for this session" if paused else "on again"
    return advise(f"The person said: tdd-guard-check is {state}.", f"tdd-guard-check is {state}")


class _Case:
    """One file that is about to be written, before the tests of its checkout."""

    def __init__(
        self, context: Context, ground: "Ground", write: "Write", root: str, relative: str
    ) -> None:
        from hooks_shared.tdd.files import language_of

        self.context = context
        self.ground = ground
        self.write = write
        self.root = root
        self.relative = relative
        self.language = language_of(relative)
        strictness = context.options.get("strictness")
        self.strictness = strictness if strictness in (STRICT, GENTLE) else NORMAL

    def remember_test(self) -> None:
        """Note a test that this session is about to write: it counts until tests have run."""
        from hooks_shared.tdd.change import adds_code, count_tests

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
        from hooks_shared.tdd.change import adds_code, count_tests
        from hooks_shared.writes.names import generated_by

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
        from hooks_shared.writes.write import read

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

    def _runs(self) -> "list[Run]":
        """What is known of the last run of tests around the file."""
        from hooks_shared.tdd import reporter
        from hooks_shared.tdd.results import newest, runs_for

        reports = _texts(self.context.options.get("results"))
        found = runs_for(self.root, self.relative, reports) + reporter.kept(self.context)
        return newest(found, self.language)

    def _is_related(self, file: str, name: str) -> bool:
        """Whether a failed test is about the file: by its own file, else by its name."""
        from hooks_shared.tdd.files import is_about, is_generic, subject_of
        from hooks_shared.writes.write import read

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
        from hooks_shared.tdd.change import count_tests
        from hooks_shared.tdd.files import is_about, tests_of
        from hooks_shared.writes.write import read

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
        from hooks_shared.tdd.change import keeps_behaviour

        before, after = self.write.before(), self.write.text
        if not before or after is None:
            return False
        if self.strictness == STRICT and _mtime(self.write.real) > last:
            return False
        if self.context.now() - last > self.context.number("green_minutes") * 60:
            return False
        return keeps_behaviour(before, after, self.language)

    def _answer(self, state: str) -> Verdict:
        from hooks_shared.tdd.files import suggested_test

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
