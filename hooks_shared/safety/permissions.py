"""Permissions and owners: chmod, chown, chgrp, setfacl, chattr."""

from hooks_shared.safety.paths import (
    DISPOSABLE,
    HOME,
    KEPT,
    NOWHERE,
    OPEN_ROOT,
    OUTSIDE,
    PROJECT,
    ROOT,
    SYSTEM,
    is_secret,
)
from hooks_shared.safety.settings import is_ours, is_settings
from hooks_shared.shell.options import Options
from hooks_shared.shell.state import CONTAINER
from hooks_shared.shell.values import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_READ_BY_ALL = words(
    "/ /etc /usr /bin /lib /lib64 /sbin /var /home /etc/passwd /etc/group /etc/hosts "
    "/etc/resolv.conf /etc/nsswitch.conf /etc/ld.so.cache /usr/bin /usr/lib"
)
_PROGRAM_FOLDERS = words("/bin /usr/bin /sbin /usr/sbin")
_MODE_LETTERS = frozenset("rwxXstugo")


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    if call.name in ("chmod", "gchmod"):
        _chmod(judge, call)
    elif call.name in ("chattr", "chflags", "icacls", "takeown", "xattr"):
        _attributes(judge, call)
    elif call.name in ("chown", "chgrp", "gchown", "setfacl"):
        _chown(judge, call)


def _chmod(judge: "Judge", call: "Call") -> None:
    # `-w` and `-rwx` are modes, though they look like options.
    modes = [one for one in call.args if one[:1] == "-" and _is_mode(one[1:])]
    options = Options([one for one in call.args if one not in modes])
    operands = options.operands if not modes else [modes[0], *options.operands]
    if len(operands) < 2 and not options.has("--reference"):
        return
    mode = operands[0]
    recursive = options.has("-R", "--recursive") or bool({"find", "xargs"} & set(call.via))
    for path in operands[1:]:
        place = judge.place(path, call)
        stops = "-x" in mode or (mode.isdigit() and "7" not in mode and "5" not in mode)
        if "/.git/hooks/" in place.path and stops:
            judge.hit("git-hooks-path", call, path, place.path)
        elif (is_ours(place.path) or is_settings(place.path)) and (
            "-x" in mode or mode.startswith("0")
        ):
            judge.hit("hooks-changed", call, path, place.path)
        elif (recursive and place.kind in (ROOT, SYSTEM, HOME, OPEN_ROOT)) or (
            place.kind in (ROOT, SYSTEM) and (_opens(mode) or _breaks(place.path, mode))
        ):
            judge.hit("chmod-system", call, path, place.path)
        elif place.kind not in (DISPOSABLE, NOWHERE):
            _mode(judge, call, mode, path, recursive)
        elif _gives_root(mode) and place.kind == DISPOSABLE:
            judge.hit("chmod-setuid", call, path)


def _breaks(path: str, mode: str) -> bool:
    """A program that nobody may start any more, a table or a folder that only root may read."""
    folder = path.rpartition("/")[0]
    if path in _READ_BY_ALL:
        return mode.isdigit() and mode[-1] not in "4567"
    return folder in _PROGRAM_FOLDERS and ("-x" in mode or (mode.isdigit() and mode[-1] in "0246"))


def _attributes(judge: "Judge", call: "Call") -> None:
    """`chattr -R +i /etc`, `chflags`, `icacls x /grant Everyone:F`."""
    opens = any("everyone:" in one.lower() for one in call.args)
    recursive = Options(call.args).has("-R") or bool({"/T", "/t", "/r", "/R"} & set(call.args))
    for path in [one for one in call.args if one[:1] not in "+-=" and "/" in one[:1] + one[1:]]:
        place = judge.place(path, call)
        if call.name == "xattr" and place.kind != ROOT:
            continue  # programs that came from the network are freed so
        if place.kind in (ROOT, SYSTEM) or (recursive and place.kind in (HOME, OPEN_ROOT)):
            judge.hit("chmod-system", call, path, place.path)
    if opens:
        judge.hit("chmod-open", call)


def _mode(judge: "Judge", call: "Call", mode: str, path: str, recursive: bool) -> None:
    if _opens(mode):
        judge.hit("chmod-open", call, path)
    elif _locks(mode) and recursive:
        judge.hit("chmod-lock", call, path)
    elif _gives_root(mode):
        judge.hit("chmod-setuid", call, path)
    elif is_secret(path) and mode.isdigit() and mode[-2:] != "00" and mode[-1] in "4567":
        judge.hit("chmod-open", call, path)


def _is_mode(text: str) -> bool:
    return bool(text) and set(text) <= _MODE_LETTERS - {"R"} and text[0] in "rwxst"


def _opens(mode: str) -> bool:
    """Whether everybody may write."""
    if mode.isdigit():
        return mode[-1] in "2367" and len(mode) >= 3
    for clause in mode.split(","):
        for sign in "+=":
            who, found, what = clause.partition(sign)
            if (
                found
                and "w" in what
                and ("o" in who or "a" in who or ("u" not in who and who == "o"))
            ):
                return True
    return False


def _locks(mode: str) -> bool:
    """Whether nobody may read any more."""
    if mode.isdigit():
        return mode.lstrip("0") == "" or (len(mode) >= 3 and mode[-3] in "0123")
    who, found, what = mode.partition("-")
    return bool(found) and "r" in what and who in ("", "a", "u", "ugo")


def _gives_root(mode: str) -> bool:
    if mode.isdigit():
        return (len(mode) == 4 and mode[0] in "4567") or (len(mode) == 5 and mode[1] in "4567")
    return "+s" in mode or "u+s" in mode


def _chown(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-m", "-x", "-M", "--modify", "--from"))
    recursive = options.has("-R", "--recursive")
    for path in options.operands[1:] if call.name != "setfacl" else options.operands:
        place = judge.place(path, call)
        kind = place.kind
        if kind == PROJECT and place.path != judge.world.project:
            kind = OUTSIDE  # a folder above the project
        if kind == SYSTEM and place.path.rpartition("/")[0] in ("/opt", "/srv", "/mnt", "/media"):
            kind = OUTSIDE  # what people put there is theirs
        if kind in (ROOT, SYSTEM) or (recursive and kind in (HOME, OPEN_ROOT)):
            judge.hit("chown-system", call, path)
        elif recursive and kind in (OUTSIDE, KEPT) and call.place != CONTAINER:
            judge.hit("chown-outside", call, path)
