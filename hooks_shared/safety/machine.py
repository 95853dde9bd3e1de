"""The machine itself: shutdown, processes, services, firewalls, network, packages, settings."""

from hooks_shared.shell.options import Options
from hooks_shared.shell.values import STAR, has_open, last_name, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_HELP = ("--help", "--version", "-V")
_SESSIONS = words("bash sh zsh sshd systemd init claude launchd")
_INTERPRETERS = words("node python java ruby php perl")
_DATA_SERVERS = words("postgres mysqld mariadbd mongod redis-server dockerd containerd etcd")
_PILLARS = tuple(
    words(
        "libc6 glibc systemd coreutils bash linux-image linux-generic kernel sudo openssh busybox"
    )
)
_REMOVING = words("remove purge autoremove erase uninstall rm del")
# Package managers that remove by an option.
_REMOVING_FLAGS = {
    "pacman": ("-R",),
    "rpm": ("-e", "--erase"),
    "dpkg": ("-r", "-P", "--purge", "--remove"),
    "emerge": ("-C", "--unmerge"),
    "xbps-remove": ("-R", "-f", "-o", "-y"),
}


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    if not any(one in _HELP for one in call.args[:1]):
        _BY_NAME[call.name](judge, call)


def _shutdown(judge: "Judge", call: "Call") -> None:
    if call.name in ("init", "telinit") and call.args[:1] not in (["0"], ["6"]):
        return
    if call.name == "shutdown" and "-c" in call.args:
        return
    judge.hit("shutdown", call)


def _systemctl(judge: "Judge", call: "Call") -> None:
    operands = Options(call.args, ("-H", "-M", "-t", "-p", "-n", "-o", "-s")).operands
    verb = operands[0] if operands else ""
    if verb in (
        "poweroff",
        "reboot",
        "halt",
        "kexec",
        "suspend",
        "hibernate",
        "emergency",
        "rescue",
    ):
        judge.hit("shutdown", call)
    elif verb in ("stop", "disable", "mask", "kill", "isolate") and "--user" not in call.args:
        judge.hit("service-stop", call)


def _kill(judge: "Judge", call: "Call") -> None:
    args = call.args
    if any(one in ("-l", "-0") for one in args[:1]) or not args:
        return
    targets = args[1:] if args[0].startswith("-") and len(args) > 1 else args
    if targets[:1] == ["--"]:
        targets = targets[1:]
    if args[0] == "-s":
        targets = args[2:]
    if (
        any(not one.strip(STAR) for one in targets if one)
        or "-1" in targets
        or "1" in targets
        or "0" in targets
    ):
        judge.hit("kill-everything", call)


def _kill_by_name(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-u", "-U", "-g", "-s", "-t", "-P", "--signal", "--user"))
    if call.name == "killall5":
        judge.hit("kill-everything", call)
        return
    names = [last_name(one) for one in options.operands]
    hard = options.has("-9", "-KILL") or options.value("-s", "--signal") in ("9", "KILL")
    if any(
        name in _SESSIONS
        or name.startswith("systemd-")
        or (hard and (name.rstrip("0123456789.") in _INTERPRETERS or name in _DATA_SERVERS))
        or not name.strip(STAR + ".*^$")
        for name in names
    ) or (not names and options.has("-u", "-U")):
        judge.hit("kill-everything", call)


def _settings(judge: "Judge", call: "Call") -> None:
    """Settings of the machine thrown away: `nvram -c`, `tccutil reset All`, `defaults delete x`."""
    first = call.args[:1]
    if first in (["-c"], ["-d"], ["reset"]) or first == ["delete"] or "delete" in call.args[1:3]:
        judge.hit("machine-settings", call)


def _firewall(judge: "Judge", call: "Call") -> None:
    """Rules flushed, the filter switched off, or everything let in."""
    words = set(call.args)
    name = call.name.removesuffix("-restore")
    flushes = {
        "iptables": {"-F", "--flush", "-X"},
        "ip6tables": {"-F", "--flush", "-X"},
        "nft": {"delete", "destroy", "flush"},
        "ufw": {"disable", "reset"},
        "pfctl": {"-d", "-F"},
        "firewall-cmd": {"--panic-on", "--set-default-zone=trusted"},
    }.get(name, {"disable", "reset"})
    opens = name == "ufw" and call.args[:2] == ["default", "allow"]
    emptied = name != call.name and call.stdin == ""
    if words & flushes or opens or emptied or name == "aa-teardown":
        judge.hit("firewall-off", call)


def _network(judge: "Judge", call: "Call") -> None:
    """What cuts this machine, perhaps under the person's feet, off its network."""
    given = set(call.args)
    cuts = {"down", "flush", "off", "disconnect", "block"} & given
    deletes = {"del", "delete"} & set(call.args[:3])
    if (cuts or deletes or call.name == "ifdown") and "netns" not in given:
        judge.hit("network-off", call)


def _module(judge: "Judge", call: "Call") -> None:
    if call.name in ("rmmod", "insmod") or Options(call.args).has("-r", "--remove"):
        judge.hit("kernel-switch", call)


def _crontab(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-u",))
    empty = (
        options.operands in ([], ["-"])
        and not options.has("-l", "-e")
        and call.stdin is not None
        and not call.stdin.strip()
    )
    if options.has("-r") or options.operands == ["/dev/null"] or empty:
        judge.hit("crontab-removed", call)


def _sysctl(judge: "Judge", call: "Call") -> None:
    if any(one.startswith("kernel.") and "=" in one for one in call.args):
        judge.hit("kernel-switch", call)


def _setenforce(judge: "Judge", call: "Call") -> None:
    if call.args[:1] in (["0"], ["Permissive"], ["--master-disable"]) or "disable" in call.args:
        judge.hit("firewall-off", call)


def _packages(judge: "Judge", call: "Call") -> None:
    """Removing what the system stands on."""
    options = Options(call.args, ("-o", "-c", "-t"))
    named = _removed(call, options)
    rehearses = options.has("--dry-run", "--simulate", "--print", "-p")
    if rehearses or (options.has("-s") and call.name != "pacman"):
        return
    if any(not one.strip(STAR + "*^.$") or _is_pillar(one.lstrip("^")) for one in named):
        judge.hit("package-pillar", call)
    elif any(has_open(one) for one in named) and not options.has("-q", "--query"):
        judge.hit("package-remove", call)


def _is_pillar(name: str) -> bool:
    stem = name.rstrip("*.$" + STAR)
    if stem != name and any(pillar.startswith(stem) for pillar in _PILLARS):
        return True
    return name.startswith(_PILLARS) or stem in ("linux", "apt", "python3", "dpkg")


def _removed(call: "Call", options: Options) -> list[str]:
    """The packages that a package manager is told to remove."""
    flags = _REMOVING_FLAGS.get(call.name)
    if flags is not None:
        return options.operands if options.has(*flags) else []
    return options.operands[1:] if options.operands[:1] and options.operands[0] in _REMOVING else []


def _alternatives(judge: "Judge", call: "Call") -> None:
    if {"--remove-all", "--remove"} & set(call.args):
        judge.hit("package-remove", call)


_BY_NAME = {
    **dict.fromkeys(words("shutdown reboot halt poweroff init telinit"), _shutdown),
    "kexec": lambda judge, call: judge.hit("shutdown", call),
    "systemctl": _systemctl,
    "kill": _kill,
    **dict.fromkeys(("pkill", "killall", "skill", "killall5"), _kill_by_name),
    **dict.fromkeys(("nvram", "tccutil", "defaults"), _settings),
    **dict.fromkeys(
        words(
            "iptables ip6tables iptables-restore ip6tables-restore ufw nft firewall-cmd pfctl "
            "aa-teardown"
        ),
        _firewall,
    ),
    **dict.fromkeys(words("ip ifconfig nmcli route ifdown rfkill"), _network),
    **dict.fromkeys(("rmmod", "modprobe", "insmod"), _module),
    "crontab": _crontab,
    "sysctl": _sysctl,
    **dict.fromkeys(("setenforce", "csrutil", "spctl"), _setenforce),
    "update-alternatives": _alternatives,
    **dict.fromkeys(
        words("apt apt-get aptitude yum dnf pacman rpm dpkg zypper apk emerge xbps-remove"),
        _packages,
    ),
}
