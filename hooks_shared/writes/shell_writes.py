"""The files that a shell line would write, from the reading that the guards share.

Programs are rows of a table: which of their operands they write. What a line writes and then
moves is followed where the line says it.
"""

import os

from hooks_shared.contract import Event
from hooks_shared.safety.paths import NOWHERE, is_disposable
from hooks_shared.safety.verdict import last_reading
from hooks_shared.shell.options import Options
from hooks_shared.shell.state import CONTAINER, REMOTE
from hooks_shared.shell.values import ANY, OPEN, STAR, has_open, is_known, joined, last_name, words
from hooks_shared.shell.values import shown as for_people
from hooks_shared.writes.write import APPEND, CHANGE, REMOVE, TOUCH, WRITE, Write, is_possible, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call

    # (path, kind, origin)
    Target = tuple[str, str, str]

_MOST = 200
_MOST_NAMES = 4000
_HARMLESS = ("/dev/", "/proc/self/fd/")


def shell_writes(event: Event, command: str) -> list[Write]:
    """Every file that the line would write on this machine, in order, as far as it says which."""
    judge = last_reading(event, command)
    found: dict[tuple[str, str], Write] = {}
    for call in judge.calls:
        if call.place == REMOTE:
            continue
        for path, kind, origin in _targets(call):
            for one in _places(judge, call, path, kind):
                write = _write(judge, call, one, kind, origin)
                write.placed = _is_placed(call, path)
                write.shown = for_people(path) if not origin else write.shown
                found[write.path, write.kind] = write
    for call, path in judge.written:
        for one in _places(judge, call, path, CHANGE):
            placed = _is_placed(call, path)
            found.setdefault(
                (one, CHANGE), Write(one, for_people(path), CHANGE, None, placed=placed)
            )
    return list(found.values())[:_MOST]


def _targets(call: "Call") -> "list[Target]":
    found: list[Target] = []
    for operator, _, path in call.redirections:
        if operator in ("<", "<&") or (operator == ">&" and (path.isdigit() or path == "-")):
            continue
        found.append((path, APPEND if operator in (">>", "&>>") else WRITE, ""))
    known = _PROGRAMS.get(call.name) or _PROGRAMS.get(call.name.rstrip("0123456789."))
    return found + known(call) if known is not None else found


def _places(judge: "Judge", call: "Call", path: str, kind: str) -> list[str]:
    """Absolute paths that an argument stands for; none where nobody can tell."""
    if path == "-" or not is_possible(path) or (kind == REMOVE and _is_disposable(call, path)):
        return []
    whole = joined(call.cwd, path)
    if call.place == CONTAINER:
        place = judge.place(path, call)
        if place.kind == NOWHERE:
            return []  # a file of the container's own
        whole = place.path
    if whole.startswith(_HARMLESS) and not whole.startswith("/dev/shm/"):  # noqa: S108 - judged
        return []
    if is_known(whole):
        return [whole]
    folder, _, name = whole.rpartition("/")
    if is_known(folder):
        return [] if has_open(name) else _matching(folder, name)
    # An unknown folder, but a name that says enough.
    return [f"{joined(call.cwd, '.')}/{name}"] if is_known(name) and name else []


def _is_disposable(call: "Call", path: str) -> bool:
    """Whether what is removed below here can be made again: nobody has to look closer."""
    inner = path.removeprefix(call.cwd + "/")
    below = inner[:1] != "/" and ".." not in inner
    return below and any(is_disposable(part) for part in inner.split("/"))


def _is_placed(call: "Call", path: str) -> bool:
    """Whether the folder is known in which a file lies."""
    return is_known(joined(call.cwd, path).rpartition("/")[0])


def _matching(folder: str, name: str) -> list[str]:
    """The files of a folder that a glob takes; hidden ones only where it begins with a dot."""
    from hooks_shared.safety.match import fits_glob

    pattern = name.replace(STAR, "*").replace(ANY, "*")
    try:
        names = os.listdir(folder or "/")[:_MOST_NAMES]
    except OSError:
        return []
    hidden = pattern.startswith(".")
    return [
        f"{folder}/{one}" for one in names if one[:1] != "." or hidden if fits_glob(one, pattern)
    ]


def _write(judge: "Judge", call: "Call", path: str, kind: str, origin: str) -> Write:
    source = joined(call.cwd, origin) if origin else ""
    if source and os.path.isdir(path):
        path = f"{path}/{last_name(origin)}"
    return Write(path, path, kind, _text(judge, call, path, kind, source), source)


def _text(judge: "Judge", call: "Call", path: str, kind: str, source: str) -> str | None:
    """What the file would say, where the line or the copied file tells."""
    if kind == REMOVE:
        return ""
    if kind not in (WRITE, APPEND):
        return None
    known = judge.files.get(path)
    if source and source not in judge.files and call.name in _COPIERS:
        return read(source) if is_known(source) else None
    if known is None or any(mark in known for mark in OPEN):
        return None
    if kind == WRITE:
        return known
    before = read(path)
    return None if before is None else before + known


_COPIERS = words("cp gcp mv gmv install ginstall")
_COPY_VALUED = words("-t -S -m -o -g --target-directory --mode --owner --group --suffix")


def _copied(call: "Call") -> "list[Target]":
    options = Options(call.args, _COPY_VALUED)
    into = options.value("-t", "--target-directory")
    sources = options.operands if into else options.operands[:-1]
    target = into or "".join(options.operands[-1:])
    if not sources or (call.name == "install" and options.has("-d")):
        return []
    found: list[Target] = [(target, WRITE, one) for one in sources]
    if call.name in ("mv", "gmv"):
        found += [(one, REMOVE, "") for one in sources]
    return found


def _linked(call: "Call") -> "list[Target]":
    operands = Options(call.args, ("-t", "-S", "--target-directory", "--suffix")).operands
    return [(operands[-1], CHANGE, operands[0])] if len(operands) > 1 else []


def _all(kind: str, *valued: str) -> "Callable[[Call], list[Target]]":
    """A program that does the same to each of its operands."""

    def targets(call: "Call") -> "list[Target]":
        return [(path, kind, "") for path in Options(call.args, valued).operands]

    return targets


def _tee(call: "Call") -> "list[Target]":
    options = Options(call.args)
    kind = APPEND if options.has("-a", "--append") else WRITE
    return [(path, kind, "") for path in options.operands]


def _dd(call: "Call") -> "list[Target]":
    return [(one[3:], CHANGE, "") for one in call.args if one.startswith("of=")]


def _in_place(call: "Call") -> "list[Target]":
    """`sed -i`, `perl -i`, `yq -i`: the first operand is the program unless an option gave it."""
    others = [one for one in call.args if not one.startswith(("-i", "--in-place"))]
    clusters = [one for one in others if one[:1] == "-" and one[:2] != "--" and "i" in one[1:4]]
    if len(others) == len(call.args) and not (clusters and call.name not in ("yq", "jq")):
        return []
    code = ("-e", "-E") if call.name == "perl" else ("-e", "-f", "--expression", "--file")
    options = Options(others, code)
    operands = [one for one in options.operands if one]
    return [(path, CHANGE, "") for path in (operands if options.has(*code) else operands[1:])]


def _fetched(call: "Call") -> "list[Target]":
    wget = call.name != "curl"
    valued = ("-O", "--output-document", "-P") if wget else ("-o", "--output", "-d", "-H", "-X")
    options = Options(call.args, valued)
    names = ("-O", "--output-document") if wget else ("-o", "--output")
    return [(path, CHANGE, "") for path in options.values(*names) if path]


def _patched(call: "Call") -> "list[Target]":
    """`patch`: the file named, and those that the patch itself names."""
    options = Options(call.args, ("-p", "-i", "--input", "-d", "-o"))
    named = options.operands[:1] if call.name == "patch" else []
    strip = options.value("-p") or ("1" if call.name == "git" else "")
    count = int(strip) if strip.isdigit() else 0
    for line in (call.stdin or "").split("\n"):
        if line.startswith("+++ ") and not line.startswith("+++ /dev/null"):
            path = line[4:].split("\t")[0].strip()
            named.append("/".join(path.split("/")[count:]))
    return [(path, CHANGE, "") for path in named if path]


def _git(call: "Call") -> "list[Target]":
    plain = [one for one in call.args if not one.startswith("-")]
    if plain[:1] == ["apply"]:
        return _patched(call)
    if plain[:1] == ["rm"] and "--cached" not in call.args:
        return [(path, REMOVE, "") for path in plain[1:]]
    if plain[:1] == ["mv"] and len(plain) > 2:
        removed: list[Target] = [(path, REMOVE, "") for path in plain[1:-1]]
        return [(plain[-1], WRITE, plain[1]), *removed]
    return []


def _synced(call: "Call") -> "list[Target]":
    options = Options(call.args, words("-e -f -B -T --exclude --include --filter --rsh"))
    operands = options.operands
    if len(operands) < 2 or options.has("-n", "--dry-run") or ":" in operands[-1].partition("/")[0]:
        return []
    return [(operands[-1], CHANGE, one) for one in operands[:-1]]


def _awk(call: "Call") -> "list[Target]":
    if "inplace" not in call.args:
        return []
    operands = Options(call.args, ("-i", "-v", "-F", "-f")).operands
    return [(path, CHANGE, "") for path in operands[1:]]


# Program → options that name the file it writes.
_OUTPUTS = {
    "openssl": ("-out", "-keyout"),
    "ssh-keygen": ("-f",),
    **dict.fromkeys(("gpg", "gpg2", "age"), ("-o", "--output")),
    "age-keygen": ("-o", "--output"),
    "mkcert": ("-key-file", "-cert-file"),
    **dict.fromkeys(("sort", "pandoc"), ("-o", "--output")),
    **dict.fromkeys(("pg_dump", "pg_dumpall"), ("-f", "--file")),
}


def _named(call: "Call") -> "list[Target]":
    """A program that writes the file of an option; `ssh-keygen -l` only looks at it."""
    names = _OUTPUTS[call.name]
    options = Options(call.args, names)
    if call.name == "ssh-keygen" and options.has("-l", "-y", "-F", "-e", "-B", "-R"):
        return []
    return [(path, CHANGE, "") for path in options.values(*names) if path]


def _unpacked(call: "Call") -> "list[Target]":
    """`tar -x -C folder`, `unzip -d folder`: files in it, nobody knows which."""
    names = ("-d",) if call.name == "unzip" else ("-C", "--directory")
    options = Options(call.args, (*names, "-f", "--file"))
    old_style = "".join(call.args[:1])[:4]
    unpacks = call.name == "unzip" or options.has("-x", "--extract")
    unpacks = unpacks or (old_style[:1] != "-" and "x" in old_style)
    looks = call.name == "unzip" and options.has("-l", "-p", "-t", "-Z")
    return [(f"{one}/.", TOUCH, "") for one in options.values(*names) if unpacks and not looks]


_PROGRAMS: "dict[str, Callable[[Call], list[Target]]]" = {
    **dict.fromkeys(_COPIERS, _copied),
    **dict.fromkeys(words("sed gsed perl ruby yq jq"), _in_place),
    **dict.fromkeys(words("rm unlink shred trash"), _all(REMOVE)),
    **dict.fromkeys(words("ed ex"), _all(CHANGE, "-c")),
    **dict.fromkeys(words("awk gawk"), _awk),
    **dict.fromkeys(words("curl wget wget2"), _fetched),
    **dict.fromkeys(_OUTPUTS, _named),
    **dict.fromkeys(words("tar gtar bsdtar unzip"), _unpacked),
    "tee": _tee,
    "sponge": _tee,
    "ln": _linked,
    "dd": _dd,
    "truncate": _all(CHANGE, "-s", "-r", "--size", "--reference"),
    "touch": _all(TOUCH, "-d", "-t", "-r", "--date", "--reference"),
    "rsync": _synced,
    "patch": _patched,
    "git": _git,
}
