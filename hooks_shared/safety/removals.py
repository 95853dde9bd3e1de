"""Removing files: rm and its kin, find -delete, shred, git's own folder, whole projects."""

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
    UNSURE,
    Place,
    is_secret,
    is_unknown,
    looks_like_file,
)
from hooks_shared.safety.settings import is_ours, is_settings
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import STAR, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_ALWAYS = {
    ROOT: "rm-root",
    SYSTEM: "rm-system",
    HOME: "rm-home",
    KEPT: "rm-home",
    REPOSITORY: "rm-git-folder",
    OPEN_ROOT: "rm-unset",
    DEVICE: "disk-write",
}


_STATES = (".tfstate",)


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    _BY_NAME.get(call.name, _remove)(judge, call)


def _remove(judge: "Judge", call: "Call") -> None:
    options = Options(call.args)
    if options.has("--help", "--version") or "-whatif" in " ".join(call.args).lower():
        return
    recursive = options.has("-r", "-R", "--recursive") or call.name in ("rimraf", "del-cli", "rip")
    if call.name.lower() in _WINDOWS or any(one.lower() == "-recurse" for one in call.args):
        lowered = [one.lower() for one in call.args]
        recursive = "/s" in lowered or any(one.startswith("-r") for one in lowered)
        operands = [one for one in call.args if one[:1] != "-" and one.lower() not in _SWITCHES]
        if not operands and call.stdin:
            operands = call.stdin.split("\n")[:8]
    else:
        operands = options.operands
    for path in operands:
        judge_removal(judge, call, path, recursive)


_WINDOWS = words("remove-item ri del erase rd deltree")
_SWITCHES = words("/s /q /f /a /p silentlycontinue")


def judge_removal(judge: "Judge", call: "Call", path: str, recursive: bool) -> None:
    """Note what removing `path` breaks, folders included where `recursive`."""
    place = judge.place(path, call)
    if is_ours(place.path) or is_settings(place.path):
        judge.hit("hooks-removed", call, path, place.path)
        return
    if place.path in judge.moved and recursive:
        judge.hit("rm-folder", call, path, place.path)
    if place.kind in (DISPOSABLE, NOWHERE):
        return
    rule = _ALWAYS.get(place.kind) or (
        _recursive(place, path) if recursive else _single(place, path, call)
    )
    if rule:
        judge.hit(rule, call, path, place.path)


def _recursive(place: Place, path: str) -> str:
    if place.kind == PROJECT:
        return "rm-project"
    if place.kind == OUTSIDE:
        return "rm-outside"
    if place.kind == UNSURE:
        return "rm-unknown"
    if place.kind == INSIDE:
        if is_secret(place.path):
            return "rm-secret"
        return "" if looks_like_file(path) and not place.glob else "rm-folder"
    return ""


def _single(place: Place, path: str, call: "Call") -> str:
    if place.kind == PROJECT:
        return "rm-project" if place.everything else ""
    if is_secret(place.path) or place.path.endswith(_STATES):
        return "rm-secret"
    if place.kind == UNSURE:
        return _unsure(place, path, call)
    if place.kind == INSIDE:
        return "rm-many" if place.glob else ""
    return "rm-outside-file" if place.kind == OUTSIDE else ""


def _unsure(place: Place, path: str, call: "Call") -> str:
    """One file by a variable is everyday; a list of another program's making is not."""
    if place.everything:
        return "rm-unset"
    listed = "xargs" in call.via or is_unknown(place.path)
    return "rm-unknown" if (listed and not path.startswith("/")) or STAR in path else ""


def _find(judge: "Judge", call: "Call") -> None:
    from hooks_shared.shell.finds import deletes, find_results

    if not deletes(call.args):
        return
    for path in find_results(call.args, "-delete"):
        judge_removal(judge, call, path, True)


def _shred(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-n", "-s", "--iterations", "--size"))
    for path in options.operands:
        place = judge.place(path, call)
        if place.kind == DEVICE:
            judge.hit("disk-write", call, path, place.path)
        elif place.kind not in (DISPOSABLE, NOWHERE):
            judge.hit("shred", call, path, place.path)


def _trash(judge: "Judge", call: "Call") -> None:
    for path in Options(call.args).operands:
        kind = judge.place(path, call).kind
        if kind in (ROOT, SYSTEM, HOME, PROJECT):
            judge.hit(_ALWAYS.get(kind, "rm-project"), call, path)


def _gio(judge: "Judge", call: "Call") -> None:
    if call.args[:2] == ["trash", "--empty"]:
        judge.hit("rm-unknown", call)
    elif call.args[:1] in (["trash"], ["remove"]):
        for path in Options(call.args[1:]).operands:
            judge_removal(judge, call, path, True)


def _aged(judge: "Judge", call: "Call") -> None:
    """`tmpreaper 1d folder`: everything in it that is old."""
    for path in Options(call.args).operands[1:]:
        judge_removal(judge, call, f"{path}/{STAR}", True)


def _rmdir(judge: "Judge", call: "Call") -> None:
    """Removes empty folders only, except in Windows' manner."""
    if any(one.lower() == "/s" for one in call.args):
        for path in call.args:
            if not path.startswith("/") or len(path) > 2:
                judge_removal(judge, call, path, True)


_BY_NAME = {
    "find": _find,
    "gfind": _find,
    "bfs": _find,
    "shred": _shred,
    "gshred": _shred,
    "trash": _trash,
    "trash-put": _trash,
    "gio": _gio,
    "trash-empty": lambda judge, call: judge.hit("rm-unknown", call),
    **dict.fromkeys(("tmpreaper", "tmpwatch"), _aged),
    "rmdir": _rmdir,
}
