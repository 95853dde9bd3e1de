"""Judges program text of other languages by its calls: removing, running, writing, sending.

Strings handed to a shell are walked as shell code; paths handed to a remover are judged as rm
would be; text handed to `eval` is judged as a program again.
"""

from hooks_shared.safety.inline_calls import (
    CODE_RUNNERS,
    DATA_REMOVERS,
    DATA_WORDS,
    EMPTIERS,
    FRAMEWORK_CALLS,
    FRAMEWORKS,
    MAPPERS,
    MODES,
    MOVERS,
    REMOVERS,
    RUNNERS,
    SERVICE_WORDS,
    SHOWERS,
    SQL_CALLS,
    WRITERS,
)
from hooks_shared.safety.inline_reading import Reading, arguments_of, receiver_of
from hooks_shared.safety.inline_tokens import NAME, SHELL, STRING
from hooks_shared.safety.inline_whole import judge_whole
from hooks_shared.safety.removals import judge_removal
from hooks_shared.shell.values import (
    DECODED,
    FETCHED,
    SECRET,
    STAR,
    UNSET,
    is_open,
    last_name,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_MOST_CALLS = 24
_DEEPEST = 3
_MOST_PATHS = 12


def judge_code(  # noqa: PLR0913, PLR0917 - the state of one reading
    judge: "Judge", call: "Call", shell: "Shell", language: str, code: str, depth: int = 0
) -> None:
    """Judge one program text of another language."""
    if FETCHED in code:
        judge.hit("run-fetched", call)
    if DECODED in code:
        judge.hit("run-decoded", call)
    if depth > _DEEPEST:
        return
    reading = Reading(judge, call, shell, language, code, depth)
    judge_whole(reading)
    if call.name == "ipython":
        for line in code.split("\n"):
            shell.copy().run_text(line[1:] if line[:1] == "!" else "")
    count = 0
    for index, token in enumerate(reading.found):
        if token.kind == NAME and count < _MOST_CALLS:
            count += _judge_call(reading, index)
        else:
            _judge_shell(reading, index)


def _judge_shell(reading: Reading, index: int) -> None:
    """`` `command` `` of most languages, and `"command".!` of Scala."""
    token, shell = reading.found[index], reading.shell
    if token.kind == SHELL:
        before = reading.found[index - 1].text if index else ""
        if before in CODE_RUNNERS and token.text.lstrip().startswith(("curl", "wget")):
            reading.hit("run-fetched")
        shell.copy().run_text(token.text)
    elif token.text == "!" and reading.language == "scala" and index > 1:
        spoken = reading.found[index - 2]
        if spoken.kind == STRING:
            shell.copy().run_text(spoken.text)


def _judge_call(reading: Reading, index: int) -> int:
    found = reading.found
    name = reading.aliases.get(found[index].text, found[index].text)
    module, dot, rest = name.partition(".")  # `import subprocess as s`
    name = reading.aliases.get(module, module) + dot + rest
    last = name.rpartition(".")[2]
    judge_one = _KINDS.get(last)
    if judge_one is None:
        judge_one = _by_prefix(reading, last)
        if judge_one is None:
            return 0
    arguments, receiver = arguments_of(found, index), receiver_of(reading, index)
    if arguments is None and reading.language == "perl" and last in REMOVERS:
        strings = [one.text for one in found if one.kind == STRING]  # what `$_` goes through
        below = [f"{one}/{STAR}" for one in strings] if "find" in reading.words else []
        arguments = below or [one for one in strings if STAR in one]
    if arguments is None and last not in DATA_REMOVERS and not receiver:
        return 0
    judge_one(reading, name, arguments or [], receiver)
    return 1


def _removed(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    recursive, owners = REMOVERS[name.rpartition(".")[2]]
    recursive = recursive or "recursive" in reading.words
    if reading.language == "Rscript" and name == "rm":
        return  # its own variables
    if reading.language in ("octave", "matlab") and "s" in arguments[1:]:
        recursive, arguments = True, arguments[:1]
    if owners and not receiver and not any(one in name for one in owners):
        if name.rpartition(".")[2] in DATA_REMOVERS:
            _data_removed(reading, name, arguments, receiver)
        return
    paths = [receiver] if receiver else [one for one in arguments if one and one[:1] != "-"]
    if reading.language in ("Rscript", "julia"):  # they know what `~` is
        home = reading.shell.world.home
        paths = [home + one[1:] if one[:2] == "~/" else one for one in paths]
    if not paths and "force" in reading.words and reading.words & SERVICE_WORDS:
        reading.hit("service-delete", name)
    for path in [line for one in paths for line in one.split("\n")][:_MOST_PATHS]:
        if is_open(path):
            if recursive:
                reading.hit("inline-removal")
        else:
            judge_removal(reading.judge, reading.call, path, recursive)


def _mapped(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    """`array_map("unlink", glob("*"))`, `list(map(os.remove, glob("*")))`."""
    removers = reading.words & set(REMOVERS) or set(arguments[:1]) & set(REMOVERS)
    for path in arguments[1:] if removers else ():
        if not is_open(path):
            judge_removal(reading.judge, reading.call, path, any(REMOVERS[r][0] for r in removers))


def _written(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    """A file opened for writing, or written at once."""
    from hooks_shared.safety.writes import judge_emptied, judge_moved, judge_write

    judge, call, last = reading.judge, reading.call, name.rpartition(".")[2]
    if last in MOVERS:
        judge.written += [(call, path) for path in arguments[-1:] if path != UNSET]
        judge_moved(judge, call, [receiver] if receiver else arguments[:1], "".join(arguments[-1:]))
        return
    data = reading.words & DATA_WORDS or reading.call.name in FRAMEWORKS
    if last == "truncate" and data:
        _data_removed(reading, name, arguments, receiver)
        return
    if last.startswith("truncate") and arguments:
        judge_emptied(judge, call, arguments[0])
    opens = last in ("open", "fopen", "openSync")
    if opens and not any(one[:1] in ("w", "a", "x", ">") for one in arguments[1:2]):
        return
    path = receiver if last.startswith("write_") or (opens and receiver) else arguments[0:1]
    path = "".join(path)
    if not path or is_open(path):
        return
    append = "a" in "".join(arguments[1:2])[:1] and opens
    judge.written.append((call, path))
    judge_write(judge, call, path, append)
    content = arguments if receiver else arguments[1:]
    if (last in EMPTIERS and content[:1] == [""]) or (
        opens and not append and not reading.words & {"write", "dump", "writelines", "writer"}
    ):
        judge_emptied(judge, call, path)


def _ran(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    last = name.rpartition(".")[2]
    wanted = RUNNERS[last]
    if last == "execute" and reading.language in ("groovy", "scala") and receiver:
        reading.shell.copy().run_text(receiver)
        return
    if wanted and not any(one in name for one in wanted):
        _queried(reading, name, arguments, receiver)
        return
    if name in FRAMEWORK_CALLS:
        reading.shell.start([FRAMEWORK_CALLS[name], *arguments], {}, [], reading.call.via)
        return
    if last == "exec" and reading.language == "python":
        _evaluated(reading, name, arguments, receiver)
        return
    if last.startswith("exec") and reading.language == "python":
        arguments = arguments[1:] or arguments  # the program, then what it is told it is called
    first = arguments[0] if arguments else ""
    if FETCHED in first or DECODED in first:
        reading.hit("run-fetched" if FETCHED in first else "run-decoded")
    elif first == UNSET or not first:
        return
    elif " " in first or len(arguments) == 1 or "\n" in first:
        reading.shell.copy().run_text(first)
    else:
        via = (*reading.call.via, last_name(reading.call.name))
        reading.shell.start(arguments, {}, [], via)


def _evaluated(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    """`eval("…")`, `exec(base64.b64decode("…"))`: a program in a program."""
    text = arguments[0] if arguments else ""
    if FETCHED in text:
        reading.hit("run-fetched")
    elif DECODED in text:
        reading.hit("run-decoded")
    elif text and not is_open(text):
        judge_code(
            reading.judge, reading.call, reading.shell, reading.language, text, reading.depth + 1
        )


def _shown(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    """A secret of the environment printed; `File.write(…)` is another thing."""
    if name.startswith(("File.", "IO.", "Files.", "Deno.")):
        _written(reading, name, arguments, receiver)
        return
    if any(SECRET in one for one in arguments):
        reading.hit("secret-shown")


def _queried(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    from hooks_shared.safety.sql import lost

    if any(one.kind == STRING and one.text == ":memory:" for one in reading.plain):
        return  # a database of its own
    rule = lost(arguments[0]) if arguments and arguments[0] != UNSET else ""
    if rule:
        reading.hit(rule, arguments[0])


def _data_removed(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    """`User.delete_all`, `db.dropDatabase()`, `User.objects.all().delete()`."""
    needed = DATA_REMOVERS[name.rpartition(".")[2]]
    if needed == "all" and ".indices." in name:
        needed = "always"
    if needed == "empty" and arguments:
        return
    if needed == "all" and ".all" not in name and "all" not in reading.words:
        return
    if needed == "words" and reading.call.name in FRAMEWORKS:
        needed = "always"
    if needed != "always" and not reading.words & DATA_WORDS:
        return
    reading.hit("db-drop", name)


def _service_deleted(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    reading.hit("service-delete", name)


def _mode_changed(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    """`os.chmod("/etc/passwd", 0o777)`, `FileUtils.chmod_R 0777, "/"`."""
    numbers = [one for one in arguments if one[:1].isdigit()]
    paths = [one for one in arguments if one not in numbers and one and not is_open(one)]
    if numbers and paths:
        mode = numbers[0].lower().replace("0o", "").lstrip("0") or "000"
        program = ["chmod", *(["-R"] if name.endswith("_R") else []), mode, *paths]
        reading.shell.start(program, {}, [], reading.call.via)


def _git_called(reading: Reading, name: str, arguments: list[str], receiver: str) -> None:
    """`Repo(".").git.reset("--hard")`: a command of git by its name."""
    if ".git." in name:
        program = ["git", name.rpartition(".")[2], *arguments]
        reading.shell.start(program, {}, [], reading.call.via)


def _by_prefix(reading: Reading, last: str) -> "Kind | None":
    """`client.delete_bucket(…)`, `new DeleteBucketCommand(…)` of a service's own library."""
    lowered = last.lower()
    if lowered == "prune" and reading.words & SERVICE_WORDS:
        return _service_deleted
    if not lowered.startswith(("delete", "terminate", "destroy", "drop", "purge")):
        return None
    return _service_deleted if len(last) > 6 and reading.words & SERVICE_WORDS else None


if TYPE_CHECKING:
    Kind = Callable[[Reading, str, list[str], str], None]

_KINDS: "dict[str, Kind]" = {
    **dict.fromkeys(("reset", "clean", "checkout", "push", "stash", "branch"), _git_called),
    **dict.fromkeys(SHOWERS, _shown),
    **dict.fromkeys(SQL_CALLS, _queried),
    **dict.fromkeys(DATA_REMOVERS, _data_removed),
    **dict.fromkeys(MODES, _mode_changed),
    **dict.fromkeys(WRITERS, _written),
    **dict.fromkeys(CODE_RUNNERS, _evaluated),
    **dict.fromkeys(MAPPERS, _mapped),
    **dict.fromkeys(REMOVERS, _removed),
    **dict.fromkeys(RUNNERS, _ran),
}
