"""Overwriting: redirections, tee, dd, cp, mv, ln, install, truncate, rsync, sed -i, tar.

A file that is written is not a loss by itself; these are devices, system files, keys, git's own
folder, and files emptied.
"""

from hooks_shared.safety.paths import (
    DEVICE,
    DISPOSABLE,
    HOME,
    INSIDE,
    KEPT,
    NOWHERE,
    OPEN_ROOT,
    OUTSIDE,
    PROJECT,
    REPOSITORY,
    ROOT,
    SYSTEM,
    is_secret,
)
from hooks_shared.safety.settings import is_ours, judge_settings_write
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import last_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_STARTUP = frozenset(".bashrc .bash_profile .profile .zshrc .zshenv .zprofile .gitconfig".split())
_RISKY_WRITES = (ROOT, SYSTEM)


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    _BY_NAME[call.name](judge, call)


def judge_redirections(judge: "Judge", call: "Call") -> None:
    """`>`, `>>`, `>|`, `&>` onto what must not be overwritten."""
    for operator, _, path in call.redirections:
        if operator in ("<", "<&", ">&") and (operator != ">&" or path.isdigit() or path == "-"):
            continue
        append = operator in (">>", "&>>", "<>")
        if path.startswith(("/dev/tcp/", "/dev/udp/")):
            judge.hit("reverse-shell" if _is_shell(call) else "sent-to-socket", call, path)
            continue
        judge_write(judge, call, path, append)
        if not append and operator != "<>" and _writes_nothing(call):
            judge_emptied(judge, call, path)


def _is_shell(call: "Call") -> bool:
    return call.name in ("sh", "bash", "zsh", "dash", "exec", "ksh")


def _writes_nothing(call: "Call") -> bool:
    if not call.argv or call.argv in (["true"], [":"]):
        return True
    return call.argv == ["cat", "/dev/null"] or call.argv in (["echo", "-n"], ["printf", ""])


def judge_write(judge: "Judge", call: "Call", path: str, append: bool) -> None:
    """Note what writing to `path` breaks."""
    place = judge.place(path, call)
    name = last_name(place.path)
    if place.kind == DEVICE:
        judge.hit("disk-write", call, path, place.path)
    elif place.path.startswith("/proc/sys"):
        judge.hit("kernel-switch", call, path, place.path)
    elif is_ours(place.path):
        judge.hit("hooks-changed", call, path, place.path)
    elif judge_settings_write(judge, call, place.path):
        return
    elif place.kind in _RISKY_WRITES:
        judge.hit("write-system-more" if append else "write-system", call, path, place.path)
    elif name == "authorized_keys":
        judge.hit("write-access", call, path, place.path)
    elif place.kind == REPOSITORY:
        judge.hit("write-git-folder", call, path, place.path)
    elif not append and place.kind == KEPT and name in _STARTUP:
        judge.hit("write-startup", call, path, place.path)
    elif not append and is_secret(place.path) and place.kind != DISPOSABLE:
        if call.name not in ("cp", "mv", "install", "openssl", "ssh-keygen"):
            judge.hit("write-secret", call, path, place.path)


def judge_emptied(judge: "Judge", call: "Call", path: str) -> None:
    """Note that a file loses its content, where there is anything to lose."""
    place = judge.place(path, call)
    if place.kind not in (INSIDE, OUTSIDE, KEPT) or _is_missing_or_empty(place.path):
        return
    judge.hit("emptied", call, path, place.path)


def _is_missing_or_empty(path: str) -> bool:
    """Only where the folder is there to ask; a line about another place is judged by its words."""
    import os

    try:
        return os.path.getsize(path) == 0
    except OSError:
        return os.path.isdir(path.rpartition("/")[0] or "/")


def _tee(judge: "Judge", call: "Call") -> None:
    options = Options(call.args)
    for path in options.operands:
        judge_write(judge, call, path, options.has("-a", "--append"))


def _copy(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-t", "-S", "-m", "-o", "-g", "--target-directory", "--mode"))
    operands = options.operands
    target = options.value("-t", "--target-directory") or (operands[-1] if len(operands) > 1 else "")
    sources = operands if options.has("-t", "--target-directory") else operands[:-1]
    if not target or (call.name == "install" and options.has("-d")):
        return
    judge_write(judge, call, target, False)
    if sources == ["/dev/null"]:
        judge_emptied(judge, call, target)
    if call.name in ("mv", "gmv"):
        _moved(judge, call, sources, target)


def _moved(judge: "Judge", call: "Call", sources: list[str], target: str) -> None:
    lost = target.rstrip("/") in ("/dev/null", "/dev/zero")
    for path in sources:
        place = judge.place(path, call)
        if is_ours(place.path):
            judge.hit("hooks-removed", call, path, place.path)
        elif place.kind in (ROOT, SYSTEM, HOME, OPEN_ROOT):
            judge.hit("move-important", call, path, place.path)
        elif place.kind in (PROJECT, REPOSITORY):
            judge.hit("move-project", call, path, place.path)
        elif lost and place.kind not in (DISPOSABLE, NOWHERE):
            judge.hit("move-to-nothing", call, path, place.path)


def _link(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-t", "-S", "--target-directory", "--suffix"))
    if len(options.operands) > 1 and options.has("-f", "--force"):
        judge_write(judge, call, options.operands[-1], False)


def _dd(judge: "Judge", call: "Call") -> None:
    for argument in call.args:
        if argument.startswith("of="):
            judge_write(judge, call, argument[3:], "conv=notrunc" in call.args)


def _truncate(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-s", "-r", "--size", "--reference"))
    size = options.value("-s", "--size")
    for path in options.operands:
        judge_write(judge, call, path, True)
        if not size.startswith(("+", ">", "/", "%")):
            judge_emptied(judge, call, path)


_RSYNC_VALUED = frozenset("-e -f -B -T --exclude --include --filter --exclude-from --rsh".split())


def _rsync(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, _RSYNC_VALUED)
    deletes = any(one.startswith(("--delete", "--del")) for one, _ in options.found)
    if options.has("-n", "--dry-run") or len(options.operands) < 2:
        return
    target = options.operands[-1]
    if options.has("--remove-source-files"):
        judge.hit("rsync-delete", call)
    if not deletes:
        return
    place = judge.place(target, call)
    if ":" in target.partition("/")[0]:
        judge.hit("rsync-delete", call, target)
    elif place.kind in (ROOT, SYSTEM, HOME, PROJECT, OPEN_ROOT):
        judge.hit("rsync-delete-all", call, target, place.path)
    elif place.kind not in (DISPOSABLE, NOWHERE):
        judge.hit("rsync-delete", call, target, place.path)


def _sed(judge: "Judge", call: "Call") -> None:
    if call.name == "ed":
        return
    in_place = any(
        one == "--in-place" or one.startswith("--in-place=") or _is_cluster(one, "i")
        for one in call.args
    )
    if in_place:
        for path in Options(call.args, ("-e", "-f")).operands[0:]:
            if "/" in path or path.startswith("."):
                judge_write(judge, call, path, True)


def _is_cluster(argument: str, letter: str) -> bool:
    return argument[:1] == "-" and argument[:2] != "--" and letter in argument[1:3]


def _tar(judge: "Judge", call: "Call") -> None:
    if "--remove-files" in call.args:
        judge.hit("tar-removes", call)
    options = Options(call.args, ("-C", "-f", "--directory", "--file"))
    if options.has("-x", "--extract") or (call.args and "x" in call.args[0][:3]):
        if judge.place(options.value("-C", "--directory"), call).kind == ROOT:
            judge.hit("write-system-more", call)


def _made(judge: "Judge", call: "Call") -> None:
    """`mkdir`: without -p it fails where the folder exists, so the folder is the line's own."""
    options = Options(call.args, ("-m", "--mode"))
    if not options.has("-p", "--parents"):
        for path in options.operands:
            place = judge.place(path, call)
            if place.kind in (INSIDE, OUTSIDE) and not place.glob:
                judge.made.add(place.path)


_BY_NAME = {
    "tee": _tee,
    "sponge": _tee,
    **dict.fromkeys(("cp", "gcp", "mv", "gmv", "install", "ginstall"), _copy),
    "ln": _link,
    "dd": _dd,
    "truncate": _truncate,
    "rsync": _rsync,
    "sed": _sed,
    "gsed": _sed,
    "tar": _tar,
    "bsdtar": _tar,
    "mkdir": _made,
}
