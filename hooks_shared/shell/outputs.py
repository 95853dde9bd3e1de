"""What commands print, where the arguments tell; markers say what kind of text is not known.

Needed because `$(…)`, a pipe into a shell or into xargs makes a command of what was printed.
"""

from hooks_shared.shell.decoders import DECODERS, unescaped
from hooks_shared.shell.options import Options, first_operand
from hooks_shared.shell.values import (
    DECODED,
    FETCHED,
    SECRET,
    STAR,
    UNKNOWN,
    UNSET,
    bounded,
    is_open,
    joined,
    words,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

    Output = Callable[[Shell, Call], str]

# Words behind which services list what a program of theirs is told, keys among it.
_LISTS = words("env:list env:get secrets variables config env config:get export-credentials")
_VALUED = words("-n -c -k -t -d -f -m -A -B -C -e -s")


def output_of(shell: "Shell", call: "Call") -> str:
    """The output of a program, as far as it is known."""
    found = OUTPUTS.get(call.name)
    return found(shell, call) if found is not None else _program(shell, call)


def _program(shell: "Shell", call: "Call") -> str:
    """Some program: whoever gets a secret file or text, or lists settings, may print one."""
    if _LISTS & set(call.args[:3]):
        return UNKNOWN + SECRET
    return UNKNOWN + _secret_in(shell, call)


def _secret_in(shell: "Shell", call: "Call") -> str:
    if call.stdin and SECRET in call.stdin:
        return SECRET
    is_secret = shell.world.listener.is_secret
    named = any(
        SECRET in one or (one and is_secret(joined(call.cwd, one.partition("@")[2] or one)))
        for one in call.args
    )
    return SECRET if named else ""


def _packed(shell: "Shell", call: "Call") -> str:
    """`tar`, `zip`: an archive of secrets is one."""
    secret = _secret_in(shell, call)
    options = Options(call.args, ("-f", "-C", "--file", "--directory"))
    if call.name == "zip":
        file = "".join(options.operands[:1])
    else:
        first = "".join(call.args[:1])
        old_style = call.args[1:2] if first.isalpha() and "f" in first else []
        file = options.value("-f", "--file") or "".join(old_style)
    if secret and file not in ("", "-"):
        shell.write(file, secret + UNKNOWN)
        return ""
    return secret + UNKNOWN


def _made(shell: "Shell", call: "Call") -> str:
    """Text made of other text: whoever runs it runs what nobody has read."""
    if call.stdin is not None and call.stdin.strip() == STAR and "awk" in call.name:
        return STAR + "\n"  # a column of a whole list
    if any("environ)" in one or "process.env)" in one for one in call.args):
        return UNSET + SECRET
    return UNSET + _kept(call) + _secret_in(shell, call)


def _kept(call: "Call") -> str:
    stdin = call.stdin or ""
    return (FETCHED if FETCHED in stdin else "") + (DECODED if DECODED in stdin else "")


def _passed(shell: "Shell", call: "Call") -> str:
    """`cat`, `sort`, `head`: the files named, else stdin, as it is."""
    operands = Options(call.args, _VALUED).operands
    if operands:
        return bounded("".join([shell.read(one) for one in operands]))
    return UNKNOWN if call.stdin is None else call.stdin


def _tee(shell: "Shell", call: "Call") -> str:
    text = UNKNOWN if call.stdin is None else call.stdin
    options = Options(call.args)
    for path in options.operands:
        shell.write(path, text, options.has("-a", "--append"))
    return text


def _copy(shell: "Shell", call: "Call") -> str:
    """`cp`, `mv`: the file that the line wrote has another name now."""
    operands = Options(call.args, ("-t", "-S")).operands
    if len(operands) == 2:
        whole = joined(call.cwd, operands[0])
        known = shell.state.files.get(whole)
        if known is None and shell.world.listener.is_secret(whole):
            known = SECRET + UNKNOWN
        if known is not None:
            shell.write(operands[1], known)
    return ""


def _grep(shell: "Shell", call: "Call") -> str:
    """Lines of stdin; a plain pattern names what they are about, so it stands for them."""
    options = Options(call.args, _VALUED)
    operands = options.operands
    patterns = options.values("-e") or operands[:1]
    if options.has("-q", "--quiet", "--silent"):
        return ""
    names = options.has("-o") and not any("=" in one or "." in one for one in patterns)
    if names or options.has("-l", "--files-with-matches", "-c", "--count"):
        return UNKNOWN
    if options.has("-r", "-R") or call.stdin is None:
        return _secret_in(shell, call) + UNKNOWN
    text = call.stdin
    if SECRET in text and any(_names_secret(one) for one in patterns):
        return SECRET + UNKNOWN
    if options.has("-v", "--invert-match", "-c") or not patterns or STAR not in text:
        return text
    words = [word for one in patterns for word in one.replace("\\|", "|").strip("()").split("|")]
    plain = [word.replace("\\", "").strip("^$/()") for word in words]
    head = text.partition(STAR)[0]
    return "".join(f"{head}{STAR}/{word.lstrip('*')}\n" for word in plain if word)


def _names_secret(pattern: str) -> bool:
    upper = pattern.upper()
    return upper in ("PASS", "AWS", "AUTH") or any(
        one in upper for one in ("SECRET", "TOKEN", "PASSW", "KEY", "CREDENTIAL")
    )


def _cut(shell: "Shell", call: "Call") -> str:
    """The first field of `NAME=value` is no secret."""
    text = _passed(shell, call)
    return UNKNOWN if "-f1" in call.args and SECRET in text else text


def _echo(shell: "Shell", call: "Call") -> str:
    args = list(call.args)
    escapes = False
    newline = "\n"
    while args and args[0][:1] == "-" and args[0] != "-" and not args[0].strip("-neE"):
        escapes = escapes or "e" in args[0]
        newline = "" if "n" in args[0] else newline
        args.pop(0)
    text = " ".join(args)
    return bounded((unescaped(text) if escapes else text) + newline)


def _printf(shell: "Shell", call: "Call") -> str:
    args = list(call.args)
    if args[:1] == ["-v"]:
        if len(args) > 2:
            shell.state.variables[args[1]] = _formatted(args[2], args[3:])
        return ""
    if args[:1] == ["--"]:
        args.pop(0)
    return bounded(_formatted(args[0], args[1:])) if args else ""


def _formatted(form: str, values: list[str]) -> str:
    form = unescaped(form)
    pieces = form.split("%")
    out: list[str] = []
    queue = list(values)
    while True:
        out.append(pieces[0])
        before = len(queue)
        for piece in pieces[1:]:
            if not piece:  # `%%`
                out.append("%")
                continue
            body = piece.lstrip("-+ #0123456789.*")
            kind, rest = body[:1], body[1:]
            value = queue.pop(0) if queue else ""
            out += [unescaped(value) if kind == "b" else value, rest]
        if not queue or len(queue) == before:
            return "".join(out)


def _pwd(shell: "Shell", call: "Call") -> str:
    return shell.state.cwd + "\n"


def _mktemp(shell: "Shell", call: "Call") -> str:
    options = Options(call.args, ("-p", "--tmpdir", "--suffix"))
    template = options.operands[-1] if options.operands else "tmp.XXXXXX"
    folder = options.value("-p", "--tmpdir") or "/tmp"  # noqa: S108 - what mktemp takes
    inside = "/" in template and not options.has("-t")
    path = joined(shell.state.cwd, template) if inside else f"{folder}/{template}"
    return path.replace("XXXXXX", UNKNOWN) + "\n"


def _which(shell: "Shell", call: "Call") -> str:
    return "".join(f"{one}\n" for one in call.args if not one.startswith("-"))


def _dirname(shell: "Shell", call: "Call") -> str:
    path = call.args[-1] if call.args else ""
    head = path.rstrip("/").rpartition("/")[0]
    if not head and is_open(path):
        return UNKNOWN + "\n"
    return (head or ("/" if path.startswith("/") else ".")) + "\n"


def _basename(shell: "Shell", call: "Call") -> str:
    operands = Options(call.args, ("-s",)).operands
    if not operands:
        return "\n"
    name = operands[0].rstrip("/").rpartition("/")[2]
    return (name.removesuffix(operands[1]) if len(operands) > 1 else name) + "\n"


def _realpath(shell: "Shell", call: "Call") -> str:
    operands = Options(call.args, ("--relative-to",)).operands
    return "".join(f"{joined(call.cwd, one)}\n" for one in operands)


def _git(shell: "Shell", call: "Call") -> str:
    args = call.args
    start = first_operand(args, ("-C", "-c", "--git-dir", "--work-tree"))
    if "--show-toplevel" in args:
        return shell.world.project + "\n"
    if "--git-dir" in args[start:] or "--git-common-dir" in args:
        return shell.world.project + "/.git\n"
    if args[start : start + 1] == ["ls-files"]:
        return STAR + "\n"
    return UNKNOWN


def _ls(shell: "Shell", call: "Call") -> str:
    operands = Options(call.args, ("-I", "-w")).operands
    patterns = [one for one in operands if STAR in one]
    return "".join(f"{one}\n" for one in patterns) or STAR + "\n"


def _fetch(shell: "Shell", call: "Call") -> str:
    options = Options(call.args, _FETCH_VALUED)
    file = options.value("-o", "--output", "-O", "--output-document")
    if call.name in ("wget", "wget2") and file not in ("-", "/dev/stdout"):
        for url in options.operands:
            shell.write(file or url.rpartition("/")[2] or "index.html", FETCHED)
        return ""
    if file and file not in ("-", "/dev/stdout"):
        shell.write(file, FETCHED)
        return ""
    if options.has("-O", "--remote-name") and call.name == "curl":
        for url in options.operands:
            shell.write(url.rpartition("/")[2], FETCHED)
        return ""
    return FETCHED


_CURL = "-o --output -X --request -H --header -d --data -F --form -u --user -A -e -b -c -T -m -x"
_CURL += " --max-time --retry --connect-timeout --data-binary --data-raw --url -w --cacert -E"
_FETCH_VALUED = frozenset((_CURL + " --output-document -P -U --post-data --post-file").split())
_WGET_VALUED = _FETCH_VALUED | {"-O"}


def _wget(shell: "Shell", call: "Call") -> str:
    options = Options(call.args, _WGET_VALUED)
    file = options.value("-O", "--output-document")
    if file in ("-", "/dev/stdout"):
        return FETCHED
    for url in options.operands:
        shell.write(file or url.rpartition("/")[2] or "index.html", FETCHED)
    return ""


def _environment(shell: "Shell", call: "Call") -> str:
    if not call.args:
        return shell.world.environment()
    return "".join(f"{shell.state.variables.get(one, UNKNOWN)}\n" for one in call.args)


def _children(shell: "Shell", call: "Call") -> str:
    """`Get-ChildItem folder -Filter *.log`: everything in the folder that fits."""
    options = [one for one in call.args if one[:1] != "-"]
    folder = options[0] if options else "."
    pattern = options[1] if len(options) > 1 else STAR
    return (folder if STAR in folder else f"{folder}/{pattern}") + "\n"


def _history(shell: "Shell", call: "Call") -> str:
    """What was typed, passwords among it; `history -c` prints nothing."""
    return UNKNOWN + SECRET if not call.args or call.args[0].isdigit() else ""


def _processes(shell: "Shell", call: "Call") -> str:
    """Every process, unless a pattern narrows it."""
    options = Options(call.args, ("-u", "-U", "-o", "-p", "-g", "-t", "-C", "--format"))
    narrow = options.operands if call.name == "pgrep" else options.values("-p", "-C")
    return UNKNOWN if narrow else STAR + "\n"


def _nothing(shell: "Shell", call: "Call") -> str:
    return ""


OUTPUTS: "dict[str, Output]" = {
    **dict.fromkeys(
        words("cat head tail sort uniq tac nl column shuf pv less more bat"),
        _passed,
    ),
    **dict.fromkeys(
        words("sed awk gawk mawk paste perl python python3 ruby node jq yq fold"),
        _made,
    ),
    **dict.fromkeys(words("tar bsdtar gtar zip"), _packed),
    **dict.fromkeys(words("grep egrep fgrep rg"), _grep),
    **dict.fromkeys(words("cp mv install ln"), _copy),
    **dict.fromkeys(words("which type whence hash"), _which),
    **dict.fromkeys(("realpath", "readlink", "grealpath"), _realpath),
    **dict.fromkeys(words("curl http https xh aria2c GET"), _fetch),
    **dict.fromkeys(
        words("nc ncat netcat socat telnet lynx w3m elinks links fetch"),
        lambda shell, call: FETCHED,
    ),
    **dict.fromkeys(words("true : false test [ sleep"), _nothing),
    **DECODERS,
    **dict.fromkeys(words("Get-ChildItem get-childitem gci dir"), _children),
    **dict.fromkeys(("history", "fc"), _history),
    **dict.fromkeys(words("iwr irm Invoke-WebRequest Invoke-RestMethod wget2 axel"), _fetch),
    "wget": _wget,
    **dict.fromkeys(("ps", "pgrep", "jps"), _processes),
    "tee": _tee,
    "cut": _cut,
    "echo": _echo,
    "printf": _printf,
    "pwd": _pwd,
    "mktemp": _mktemp,
    "dirname": _dirname,
    "basename": _basename,
    "git": _git,
    "ls": _ls,
    "printenv": _environment,
}
