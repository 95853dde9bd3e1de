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
    UNSURE,
    Place,
    is_secret,
    is_unknown,
    looks_like_file,
)
from hooks_shared.safety.settings import is_ours, is_settings, judge_settings_write
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import last_name, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_STARTUP = words(".bashrc .bash_profile .profile .zshrc .zshenv .zprofile .gitconfig")
_MOST_SCRIPTS = 12
_NOISE = {"if=/dev/zero", "if=/dev/null", "if=/dev/urandom", "if=/dev/random"}
# Where a person installs programs beside the package manager, and settings until the next start.
_LOCAL_GROUND = ("/usr/local/", "/proc/sys/vm/", "/proc/sys/net/", "/proc/sys/fs/")
_GENERATED = (".img", ".bin", ".dat", ".raw", ".iso", ".tmp", ".qcow2")


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    _BY_NAME[call.name](judge, call)
    if call.name in ("sed", "gsed"):
        for script in call.args[:_MOST_SCRIPTS]:
            for line in script.split("\n")[:_MOST_SCRIPTS]:
                shell.copy().run_text(_started_by_sed(line))


def _started_by_sed(line: str) -> str:
    """The command of `1e command`, and of `s/x/command/e`; "" where a line starts none."""
    if line[:1] == "s" and len(line) > 3 and not line[1].isalnum():
        parts = line[1:].split(line[1])
        return parts[2] if len(parts) == 4 and "e" in parts[3] else ""
    address, _, command = line.partition("e ")
    plain = not address.strip("0123456789,$!") or (address[:1] == "/" and address[-1:] == "/")
    return command if plain else ""


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
    if call.name == "echo":
        return not "".join(call.args).replace("-n", "").strip()
    if call.name == "cat" and len(call.args) == 1 and "if=" + call.args[0] in _NOISE:
        return True
    return call.argv in (["printf", ""], ["printf", "%s", ""])


def judge_write(judge: "Judge", call: "Call", path: str, append: bool) -> None:
    """Note what writing to `path` breaks."""
    place = judge.place(path, call)
    if judge_settings_write(judge, call, place.path):
        return
    rule = _always_wrong(place, append)
    if not rule and not append:
        rule = _overwritten(place, call)
    if rule:
        judge.hit(rule, call, path, place.path)


def _always_wrong(place: Place, append: bool) -> str:
    if place.kind == DEVICE:
        return "disk-write"
    if place.path.startswith(("/proc/sys/kernel", "/proc/sysrq")):
        return "kernel-switch"
    if is_ours(place.path):
        return "hooks-changed"
    if place.kind in (ROOT, SYSTEM) and not place.path.startswith(_LOCAL_GROUND):
        return "write-system-more" if append else "write-system"
    if last_name(place.path) == "authorized_keys":
        return "write-access"
    return "write-git-folder" if place.kind == REPOSITORY else ""


def _overwritten(place: Place, call: "Call") -> str:
    if place.kind == KEPT and last_name(place.path) in _STARTUP:
        return "write-startup"
    copies = call.name in ("cp", "mv", "install", "openssl", "ssh-keygen")
    if is_secret(place.path) and place.kind != DISPOSABLE and not copies:
        return "write-secret"
    return ""


def judge_emptied(judge: "Judge", call: "Call", path: str) -> None:
    """Note that a file loses its content, where there is anything to lose."""
    place = judge.place(path, call)
    many = place.kind in (PROJECT, HOME, UNSURE) and (place.everything or is_unknown(place.path))
    if not many and (place.kind not in (INSIDE, OUTSIDE, KEPT) or _is_missing_or_empty(place.path)):
        return
    judge.hit("emptied", call, path, place.path)


def _is_missing_or_empty(path: str) -> bool:
    """Only where the folder is there to ask; a line about another place is judged by its words."""
    import os

    try:
        return os.path.getsize(path) == 0
    except (OSError, ValueError):
        return os.path.isdir(path.rpartition("/")[0] or "/")


def _tee(judge: "Judge", call: "Call") -> None:
    options = Options(call.args)
    for path in options.operands:
        append = options.has("-a", "--append")
        judge_write(judge, call, path, append)
        if call.stdin == "" and not append:
            judge_emptied(judge, call, path)


def _copy(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-t", "-S", "-m", "-o", "-g", "--target-directory", "--mode"))
    operands = options.operands
    target = options.value("-t", "--target-directory") or (
        operands[-1] if len(operands) > 1 else ""
    )
    sources = operands if options.has("-t", "--target-directory") else operands[:-1]
    if not target or (call.name == "install" and options.has("-d")):
        return
    judge_write(judge, call, target, False)
    if sources and sources[0] in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"):
        judge_emptied(judge, call, target)
    if call.name in ("mv", "gmv"):
        judge_moved(judge, call, sources, target)


def judge_moved(judge: "Judge", call: "Call", sources: list[str], target: str) -> None:
    """Note what moving `sources` to `target` breaks."""
    lost = target.rstrip("/") in ("/dev/null", "/dev/zero")
    for path in sources:
        place = judge.place(path, call)
        if is_ours(place.path) or is_settings(place.path):
            judge.hit("hooks-removed", call, path, place.path)
        elif place.kind in (ROOT, SYSTEM, HOME, OPEN_ROOT) or (
            place.kind == KEPT
            and (place.everything or place.path.rpartition("/")[0] in (judge.world.home, "/root"))
        ):
            judge.hit("move-important", call, path, place.path)
        elif place.kind in (PROJECT, REPOSITORY):
            judge.hit("move-project", call, path, place.path)
        elif place.kind in (INSIDE, OUTSIDE, KEPT) and not looks_like_file(path):
            whole = judge.place(target, call).path
            judge.moved |= {whole, f"{whole}/{last_name(path)}"}
        if lost and place.kind not in (DISPOSABLE, NOWHERE):
            judge.hit("move-to-nothing", call, path, place.path)


def _link(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-t", "-S", "--target-directory", "--suffix"))
    if len(options.operands) > 1 and options.has("-f", "--force"):
        judge_write(judge, call, options.operands[-1], False)
        if options.operands[0] == "/dev/null":
            judge_emptied(judge, call, options.operands[-1])


def _dd(judge: "Judge", call: "Call") -> None:
    for argument in call.args:
        if argument.startswith("of="):
            judge_write(judge, call, argument[3:], "conv=notrunc" in call.args)
            noise = _NOISE & set(call.args) or (
                call.stdin == "" and ("<", "", "/dev/null") in call.redirections
            )
            if noise and looks_like_file(argument) and not argument.endswith(_GENERATED):
                judge_emptied(judge, call, argument[3:])


def _truncate(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-s", "-r", "--size", "--reference"))
    size = options.value("-s", "--size")
    for path in options.operands:
        judge_write(judge, call, path, True)
        if not size.startswith(("+", ">", "/", "%")):
            judge_emptied(judge, call, path)


_RSYNC_VALUED = words("-e -f -B -T --exclude --include --filter --exclude-from --rsh")


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
        operands = Options([one for one in call.args if one], ("-e", "-f")).operands
        if operands[:1] and operands[0].replace(" ", "") in ("d", "1,$d", "/.*/d", "/^/d", "/./d"):
            for path in operands[1:]:
                judge_emptied(judge, call, path)
        for path in operands:
            if "/" in path or path.startswith("."):
                judge_write(judge, call, path, True)


def _is_cluster(argument: str, letter: str) -> bool:
    return argument[:1] == "-" and argument[:2] != "--" and letter in argument[1:3]


def _tar(judge: "Judge", call: "Call") -> None:
    if "--remove-files" in call.args:
        judge.hit("tar-removes", call)
    options = Options(call.args, ("-C", "-f", "--directory", "--file"))
    extracts = options.has("-x", "--extract") or (call.args and "x" in call.args[0][:3])
    if extracts and judge.place(options.value("-C", "--directory"), call).kind == ROOT:
        judge.hit("write-system-more", call)


def _unpacked(judge: "Judge", call: "Call") -> None:
    """`unzip -d /`, `cpio -D /`: over the whole system."""
    options = Options(call.args, ("-d", "-D", "--directory", "-x", "-P"))
    target = options.value("-d", "-D", "--directory")
    if target and judge.place(target, call).kind in (ROOT, SYSTEM):
        judge.hit("write-system-more", call)


def _in_place(judge: "Judge", call: "Call") -> None:
    """`perl -pi`, `yq -i`: files written where they stand."""
    clusters = [one for one in call.args if one[:1] == "-" and one[:2] != "--"]
    if not any("i" in one[1:4] for one in clusters) and "inplace" not in call.args:
        return
    for path in Options(call.args, ("-e", "-E", "-I", "-M", "-o", "-p")).operands:
        if "/" in path or path[:1] == ".":
            judge_write(judge, call, path, True)


def _packed(judge: "Judge", call: "Call") -> None:
    """`zip -m`, `7z -sdel`: packs and removes."""
    options = Options(call.args, ("-b", "-t", "-P", "-x", "-i"))
    if "-sdel" in call.args or (call.name == "zip" and options.has("-m", "--move")):
        judge.hit("tar-removes", call)


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
    **dict.fromkeys(words("cp gcp mv gmv install ginstall"), _copy),
    "ln": _link,
    "dd": _dd,
    "truncate": _truncate,
    "rsync": _rsync,
    "sed": _sed,
    "gsed": _sed,
    "tar": _tar,
    "bsdtar": _tar,
    **dict.fromkeys(("zip", "7z", "7za", "7zz", "rar"), _packed),
    **dict.fromkeys(("unzip", "cpio"), _unpacked),
    **dict.fromkeys(("perl", "ruby", "yq", "sd", "gawk"), _in_place),
    "mkdir": _made,
}
