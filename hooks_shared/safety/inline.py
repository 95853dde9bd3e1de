"""Programs given on the command line: python -c, node -e, perl -e, ruby -e, php -r, awk.

Finds calls by tokens, so that a dangerous text in a string or comment is text. Strings handed to
a shell are walked as shell code; paths handed to a remover are judged as rm would be.
"""

from hooks_shared.safety.databases import judge_script, judge_tool
from hooks_shared.safety.inline_calls import (
    MOVERS,
    READERS,
    REMOVERS,
    RUNNERS,
    SENDERS,
    SQL_CALLS,
    WRITERS,
)
from hooks_shared.safety.inline_tokens import NAME, STRING, Token, tokens
from hooks_shared.safety.paths import is_secret
from hooks_shared.safety.removals import judge_removal
from hooks_shared.shell.options import first_operand
from hooks_shared.shell.values import DECODED, FETCHED, UNSET, is_open, joined, last_name, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

# Program → options that take code, options with other values.
_CODE: dict[str, tuple[tuple[str, ...], str]] = {
    "python": (("-c",), "-W -X -m -Q"),
    "php": (("-r", "-B", "-R", "-E"), "-d -c -S"),
    "perl": (("-e", "-E"), "-I -M -i"),
    "ruby": (("-e",), "-I -r -C"),
    "node": (("-e", "--eval", "-p", "--print", "-pe"), "-r --require --loader --import"),
    "lua": (("-e",), "-l"),
    "osascript": (("-e",), "-l"),
    "julia": (("-e", "--eval"), ""),
    "Rscript": (("-e",), ""),
    "groovy": (("-e",), ""),
    "tclsh": ((), ""),
}
_SAME = {
    **dict.fromkeys(("pypy", "ipython"), "python"),
    **dict.fromkeys(words("nodejs bun tsx ts-node"), "node"),
    **dict.fromkeys(("luajit",), "lua"),
}
_AWKS = ("awk", "gawk", "mawk", "nawk")
_MOST = 12


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry."""
    name = call.name.rstrip("0123456789.") or call.name
    name = _SAME.get(name, name)
    if name in _AWKS:
        _awk(judge, call, shell)
        return
    if name in ("python", "php", "ruby"):
        judge_script(judge, call)
        _module(judge, call)
    for code in _codes(name, call, shell):
        judge_code(judge, call, shell, name, code)


def _module(judge: "Judge", call: "Call") -> None:
    """`python -m twine upload`, `ruby -S rake db:drop`."""
    for option, value in zip(call.args, call.args[1:], strict=False):
        if option == "-m" and value in ("twine", "flit", "poetry", "hatch", "build"):
            words = call.args[call.args.index(value) + 1 :]
            if {"upload", "publish"} & set(words):
                judge.hit("publish", call)
        if option == "-S":
            judge_tool(judge, call, value, call.args)


def _codes(name: str, call: "Call", shell: "Shell") -> list[str]:
    """The programs that a call holds: options, standard input, a file that the line wrote."""
    if name == "deno":
        return call.args[1:2] if call.args[:1] == ["eval"] else []
    options, valued = _CODE.get(name, (("-e",), ""))
    found: list[str] = []
    args = call.args
    for index, argument in enumerate(args):
        if argument in options or _is_code_cluster(argument, options):
            found += args[index + 1 : index + 2]
        elif argument[:2] in options and len(argument) > 2 and argument[:2] != "--":
            found.append(argument[2:])
    if found:
        return found
    start = first_operand(args, frozenset(valued.split()))
    if "-m" in args[:start]:
        return []
    if start >= len(args) or args[start] in ("-", "/dev/stdin"):
        return [call.stdin] if call.stdin else []
    text = shell.read(args[start])
    return [text] if not is_open(text) or FETCHED in text else []


def _is_code_cluster(argument: str, options: tuple[str, ...]) -> bool:
    """`-lane`, `-Sc`: the letter for code at the end of a cluster."""
    if argument[:1] != "-" or argument[:2] == "--" or not 2 < len(argument) < 8:
        return False
    return "-" + argument[-1] in options and argument[1:].isalpha()


def judge_code(judge: "Judge", call: "Call", shell: "Shell", language: str, code: str) -> None:
    """Judge one program text of another language."""
    if FETCHED in code:
        judge.hit("run-fetched", call)
    if DECODED in code:
        judge.hit("run-decoded", call)
    found = tokens(code, language)
    values = _assigned(found)
    _read_secrets(judge, call, found)
    count = 0
    for index, token in enumerate(found):
        if token.kind == "shell":
            shell.copy().run_text(token.text)
        elif token.kind == NAME and count < _MOST:
            count += _judge_call(judge, call, shell, found, index, values)


def _read_secrets(judge: "Judge", call: "Call", found: list[Token]) -> None:
    """A secret file that the program opens to read, or even sends on."""
    names = {token.text.rpartition(".")[2] for token in found if token.kind == NAME}
    if not names & READERS:
        return
    for index, token in enumerate(found):
        secret = token.kind == STRING and is_secret(joined(call.cwd, token.text))
        modes = [one.text for one in found[index + 1 : index + 3] if one.kind == STRING]
        if secret and modes[:1] not in (["w"], ["a"], ["wb"]) and token.text[:1] != " ":
            judge.hit("secret-sent" if names & SENDERS else "secret-read", call, token.text)
            return


def _assigned(found: list[Token]) -> dict[str, str]:
    """Variables that are given one string: `p = "/"`."""
    values: dict[str, str] = {}
    for index in range(len(found) - 2):
        name, equals, value = found[index : index + 3]
        if name.kind == NAME and equals.text == "=" and value.kind == STRING:
            values[name.text] = value.text
        elif name.kind == NAME and equals.text == "=" and "mkdtemp" in value.text:
            values[name.text] = "/tmp/made"  # noqa: S108 - stands for what is made there
        elif equals.text == "as" and name.kind == value.kind == NAME:
            values[f" {value.text}"] = name.text.rpartition(".")[2]
    return values


def _judge_call(  # noqa: PLR0913, PLR0917 - the state of one scan
    judge: "Judge",
    call: "Call",
    shell: "Shell",
    found: list[Token],
    index: int,
    values: dict[str, str],
) -> int:
    name = found[index].text
    last = name.rpartition(".")[2]
    last = values.get(f" {name}", last)  # imported under another name
    runs, removes = last in RUNNERS, last in REMOVERS
    writes, sql = last in WRITERS, last in SQL_CALLS
    runs = runs and (_is_runner(name) if name.endswith(last) else True)
    if not (runs or removes or sql or writes):
        return 0
    arguments = _arguments(found, index, values)
    if arguments is None:
        return 0
    if removes:
        _removed(judge, call, last, arguments, _receiver(found, index, values))
    elif runs:
        _run(judge, call, shell, name, arguments)
    elif writes:
        _written(judge, call, last, arguments, _receiver(found, index, values))
    else:
        _query(judge, call, arguments)
    return 1


def _is_runner(name: str) -> bool:
    """`run` and `call` are everybody's words: only with their module."""
    wanted = RUNNERS[name.rpartition(".")[2]]
    return not wanted or any(one in name for one in wanted)


def _arguments(found: list[Token], index: int, values: dict[str, str]) -> list[str] | None:
    """String arguments of the call that starts behind `index`; None where it is no call.

    An argument that is not known becomes UNSET. Lists are flattened.
    """
    position = index + 1
    if position >= len(found):
        return None
    bare = found[position].text != "("
    if bare and found[position].kind != STRING:
        return None
    depth, out = (1, []) if bare else (0, [])
    stop = min(len(found), position + 60)
    while position < stop:
        token = found[position]
        depth += (token.text in "([{" and token.kind == "mark") - (
            token.text in ")]}" and token.kind == "mark"
        )
        if token.kind == STRING:
            out.append(token.text)
        elif (
            token.kind == NAME
            and found[position + 1 : position + 2]
            and found[position + 1].text == "="
        ):
            break
        elif token.kind == NAME and token.text not in _WORDS:
            out.append(values.get(token.text, UNSET))
        if depth <= 0 or (bare and token.text in (";", "\n")):
            break
        position += 1
    return out


_WORDS = words("True False None true false null undefined recursive force new qw q and or")


def _receiver(found: list[Token], index: int, values: dict[str, str]) -> str:
    """`Path("x").unlink()`: the string that the method's object was made of."""
    if found[index].text[:1] != ".":
        owner = found[index].text.rpartition(".")[0]
        return values.get(owner, "")
    back = found[max(0, index - 5) : index]
    if not any(token.text.endswith("Path") for token in back):
        return ""
    made = [token.text for token in back if token.kind == STRING]
    return made[-1] if made else ""


def _removed(judge: "Judge", call: "Call", name: str, arguments: list[str], receiver: str) -> None:
    recursive = REMOVERS[name.rpartition(".")[2]]
    paths = [receiver] if receiver else [one for one in arguments if one]
    for path in paths[:4]:
        if path == UNSET:
            if recursive:
                judge.hit("inline-removal", call)
        else:
            judge_removal(judge, call, path, recursive)


def _written(judge: "Judge", call: "Call", name: str, arguments: list[str], receiver: str) -> None:
    """A file opened for writing, or written at once."""
    from hooks_shared.safety.writes import judge_emptied, judge_moved, judge_write

    if name in MOVERS:
        judge.written += [(call, path) for path in arguments[1:2] if path != UNSET]
        judge_moved(judge, call, arguments[:1], "".join(arguments[1:2]))
        return
    if name.startswith("truncate") and arguments:
        judge_emptied(judge, call, arguments[0])
    if name == "open" and not any(one[:1] in ("w", "a", "x") for one in arguments[1:2]):
        return
    path = receiver if name.startswith("write_") else "".join(arguments[:1])
    if path and path != UNSET:
        judge.written.append((call, path))
        judge_write(judge, call, path, "a" in arguments[1:2])


def _run(judge: "Judge", call: "Call", shell: "Shell", name: str, arguments: list[str]) -> None:
    if not arguments:
        return
    if arguments[0] == UNSET:
        return
    first = arguments[0]
    if " " in first or len(arguments) == 1 or "\n" in first:
        shell.copy().run_text(first)
    else:
        shell.start(arguments, {}, [], (*call.via, last_name(call.name)))


def _query(judge: "Judge", call: "Call", arguments: list[str]) -> None:
    from hooks_shared.safety.sql import lost

    rule = lost(arguments[0]) if arguments and arguments[0] != UNSET else ""
    if rule:
        judge.hit(rule, call, arguments[0])


def _awk(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """`system("…")` and `print | "sh"` in the program text of awk."""
    start = first_operand(call.args, frozenset(("-F", "-v", "-f")))
    code = call.args[start] if start < len(call.args) else ""
    found = tokens(code, "awk")
    for index, token in enumerate(found):
        following = found[index + 1 : index + 3]
        if token.text == "system" and following and following[0].text == "(":
            _awk_system(judge, call, shell, found[index + 2 : index + 8])
        elif token.text == "|" and following and following[0].kind == STRING:
            if following[0].text.split()[:1] in (["sh"], ["bash"]):
                judge.hit("run-unknown", call)
            else:
                shell.copy().run_text(following[0].text)


def _awk_system(judge: "Judge", call: "Call", shell: "Shell", rest: list[Token]) -> None:
    text = ""
    for token in rest:
        if token.text == ")" and token.kind != STRING:
            break
        text += token.text if token.kind == STRING else UNSET
    shell.copy().run_text(text)
