"""One hook at a time: a deadline, a memory bound, and no way to reach stdout.

Whatever the hook does comes back as a value. A hook that swallows the deadline's exception is
ended with the whole process, after `last_resort` has given the answer.
"""

import _signal  # type: ignore[import-not-found]  # `signal` imports enum: a third more start
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

GRACE = 0.25  # seconds that a hook has to unwind once its deadline has passed
MEMORY_BYTES = 640 << 20


class Overrun(BaseException):
    """The deadline passed. No Exception, so that a hook's own handlers let it through."""


class Outcome:
    """What came of one call: its value, what went wrong ("" if nothing), milliseconds."""

    __slots__ = ("milliseconds", "problem", "value")

    def __init__(self, value: object, problem: str, milliseconds: float) -> None:
        self.value = value
        self.problem = problem
        self.milliseconds = milliseconds


class _Watch:
    """The one timer of the process."""

    armed = False
    fired = False

    @staticmethod
    def last_resort() -> None:
        """Replaced by the dispatcher: answers for everything and does not return."""


def at_last_resort(answer: "Callable[[], None]") -> None:
    """Have `answer()` end the process where a hook cannot be stopped otherwise."""
    _Watch.last_resort = answer  # type: ignore[method-assign]


def _ring(number: int, frame: object) -> None:
    if not _Watch.armed:
        return
    if _Watch.fired:
        _Watch.last_resort()
    _Watch.fired = True
    raise Overrun


def call(function: "Callable[[], object]", seconds: float) -> Outcome:
    """`function()`, at most `seconds` long; no exception leaves this."""
    started = time.perf_counter()
    try:
        value, problem = _attempt(function, seconds)
    except Overrun:
        value, problem = None, f"ran longer than {seconds:g} s"
    _Watch.armed = False
    _signal.setitimer(_signal.ITIMER_REAL, 0)
    return Outcome(value, problem, (time.perf_counter() - started) * 1000)


def _attempt(function: "Callable[[], object]", seconds: float) -> tuple[object, str]:
    _Watch.fired = False
    _Watch.armed = True
    _signal.signal(_signal.SIGALRM, _ring)
    _signal.setitimer(_signal.ITIMER_REAL, seconds, GRACE)
    try:
        value = function()
    except Overrun:
        raise
    except BaseException as error:
        return None, _sentence(error)
    _Watch.armed = False
    return value, ""


def _sentence(error: BaseException) -> str:
    """Kind of the error and where it arose; its text may quote what must not be recorded."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return type(error).__name__
    file = place.tb_frame.f_code.co_filename.rpartition("/")[2]
    return f"{type(error).__name__} at {file}:{place.tb_lineno}"


def bound_memory() -> None:
    """Let an endless allocation end in a MemoryError instead of in the machine's swap."""
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or hard > MEMORY_BYTES:
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, hard))
    except (ImportError, OSError, ValueError):
        return  # a platform without the limit still has the deadline


class _Discard:
    """Stands for stdout and stderr while hooks run."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self) -> None:
        self.characters = 0

    def write(self, text: str) -> int:
        self.characters += len(text)
        return len(text)

    def flush(self) -> None:
        return None

    def isatty(self) -> bool:
        return False


def call_silently(function: "Callable[[], object]", seconds: float) -> tuple[Outcome, int]:
    """Like `call`, and how many characters were printed (they go nowhere)."""
    discard = _Discard()
    kept = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = discard
    try:
        return call(function, seconds), discard.characters
    finally:
        sys.stdout, sys.stderr = kept
