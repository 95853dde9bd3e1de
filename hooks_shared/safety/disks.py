"""Disks and the machine itself: formatting, partitions, shutdown, processes, firewalls, users."""

from hooks_shared.safety.paths import DEVICE, HOME, ROOT
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import STAR, last_name, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_HELP = ("--help", "--version", "-V")
# Subcommands that only look.
_LOOKS = words(
    "list info print show status -l --list -p --print verify verifyVolume verifyDisk "
    "apfs-list listFilesystems activity luksDump isLuks luksUUID unit"
)
_SESSIONS = words("bash sh zsh sshd systemd init claude launchd")


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    if any(one in _HELP for one in call.args[:1]):
        return
    if call.name.startswith("mkfs"):
        _format(judge, call)
    else:
        _BY_NAME[call.name](judge, call)


def _format(judge: "Judge", call: "Call") -> None:
    if call.args and not _is_image(judge, call):
        judge.hit("disk-format", call)


def _is_image(judge: "Judge", call: "Call") -> bool:
    """A file that stands for a disk is no disk."""
    operands = [one for one in Options(call.args).operands if "/" in one or "." in one]
    return bool(operands) and all(judge.place(one, call).kind != DEVICE for one in operands)


def _partition(judge: "Judge", call: "Call") -> None:
    if call.args and not _LOOKS & set(call.args):
        judge.hit("disk-partition", call)


def _wipefs(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-t", "-o"))
    if options.has("-a", "--all", "-o", "--offset") and not options.has("-n", "--no-act"):
        judge.hit("disk-format", call)


def _diskutil(judge: "Judge", call: "Call") -> None:
    first = call.args[0].lower() if call.args else ""
    if first.startswith(("erase", "partition", "zero", "random", "secureerase", "reformat")):
        judge.hit("disk-format", call)
    elif first == "apfs" and any(one.lower().startswith("delete") for one in call.args[1:2]):
        judge.hit("disk-volumes", call)


def _cryptsetup(judge: "Judge", call: "Call") -> None:
    if set(call.args) & {"luksFormat", "luksErase", "erase", "luksKillSlot", "luksRemoveKey"}:
        judge.hit("disk-format", call)


def _volumes(judge: "Judge", call: "Call") -> None:
    options = Options(call.args)
    if not options.has("-t", "--test", "-n"):
        judge.hit("disk-volumes", call)


def _pools(judge: "Judge", call: "Call") -> None:
    verbs = call.args[:2]
    destroys = verbs[:1] in (["destroy"], ["labelclear"], ["rollback"])
    rehearses = "-n" in call.args or "-nv" in call.args
    if (destroys or verbs == ["subvolume", "delete"]) and not rehearses:
        judge.hit("disk-volumes", call)


def _mdadm(judge: "Judge", call: "Call") -> None:
    if set(call.args) & {"--zero-superblock", "--stop", "--remove", "--fail"}:
        judge.hit("disk-volumes", call)


def _badblocks(judge: "Judge", call: "Call") -> None:
    if Options(call.args, ("-b", "-c", "-o")).has("-w"):
        judge.hit("disk-format", call)


def _hdparm(judge: "Judge", call: "Call") -> None:
    if any(one.startswith(("--security-erase", "--trim", "--make-bad")) for one in call.args):
        judge.hit("disk-format", call)


def _nvme(judge: "Judge", call: "Call") -> None:
    if call.args[:1] in (["format"], ["sanitize"], ["delete-ns"]):
        judge.hit("disk-format", call)


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
    if "-1" in targets or "1" in targets or "0" in targets:
        judge.hit("kill-everything", call)


def _kill_by_name(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-u", "-U", "-g", "-s", "-t", "-P", "--signal", "--user"))
    names = [last_name(one) for one in options.operands]
    hard = options.has("-9", "-KILL") or options.value("-s", "--signal") in ("9", "KILL")
    if any(
        name in _SESSIONS or (name == "node" and hard) or not name.strip(STAR + ".*^$")
        for name in names
    ) or (not names and options.has("-u", "-U")):
        judge.hit("kill-everything", call)


def _settings(judge: "Judge", call: "Call") -> None:
    """Settings of the machine thrown away: `nvram -c`, `tccutil reset All`, `defaults delete x`."""
    first = call.args[:1]
    if first in (["-c"], ["-d"], ["reset"]) or first == ["delete"] or "delete" in call.args[1:3]:
        judge.hit("machine-settings", call)


def _firewall(judge: "Judge", call: "Call") -> None:
    words = set(call.args)
    tables = call.name.startswith(("iptables", "ip6tables")) and words & {"-F", "--flush", "-X"}
    rules = call.name == "nft" and words & {"delete", "destroy", "flush"}
    flushes = tables or rules or words & {"--panic-on", "--zone=trusted"}
    if flushes or words & {"disable", "reset"} or call.args[:2] == ["flush", "ruleset"]:
        judge.hit("firewall-off", call)


def _unmount(judge: "Judge", call: "Call") -> None:
    """Taking away what runs from there; a stick below /mnt or /media is everyday."""
    options = Options(call.args, ("-t", "-O"))
    kinds = {judge.place(path, call).kind for path in options.operands if "/" in path}
    if options.has("-a", "--all") or kinds & {ROOT, HOME} or "/home" in options.operands:
        judge.hit("disk-unmount", call)


def _check(judge: "Judge", call: "Call") -> None:
    """A repair of a file system that may be in use."""
    options = Options(call.args, ("-t", "-b", "-C", "-E"))
    repairs = options.has("-y", "-f", "-p", "-a") or call.name == "tune2fs"
    looks = options.has("-n", "-N") or not options.operands or _is_image(judge, call)
    if repairs and not looks:
        judge.hit("disk-unmount", call)


def _mapped(judge: "Judge", call: "Call") -> None:
    if call.args[:1] in (["remove"], ["remove_all"], ["wipe_table"]):
        judge.hit("disk-volumes", call)


def _network(judge: "Judge", call: "Call") -> None:
    given = set(call.args)
    cuts = {"down", "flush", "off", "disconnect"} & given or "del" in call.args[1:2]
    if cuts and not (call.name == "ip" and "netns" in given):
        judge.hit("network-off", call)


def _module(judge: "Judge", call: "Call") -> None:
    if call.name == "rmmod" or Options(call.args).has("-r", "--remove"):
        judge.hit("kernel-switch", call)


def _boot(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-b", "-d", "-p", "-L", "-l"))
    if call.name == "kexec" or options.has("-B", "--delete-bootnum", "-O", "-N"):
        judge.hit("shutdown" if call.name == "kexec" else "disk-partition", call)


def _crontab(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, ("-u",))
    empty = options.operands == ["-"] and call.stdin is not None and not call.stdin.strip()
    if options.has("-r") or options.operands == ["/dev/null"] or empty:
        judge.hit("crontab-removed", call)


def _sysctl(judge: "Judge", call: "Call") -> None:
    if any(one.startswith("kernel.") and "=" in one for one in call.args):
        judge.hit("kernel-switch", call)


def _setenforce(judge: "Judge", call: "Call") -> None:
    if call.args[:1] in (["0"], ["Permissive"], ["disable"], ["--master-disable"]):
        judge.hit("firewall-off", call)


def _packages(judge: "Judge", call: "Call") -> None:
    """Removing what the system stands on."""
    options = Options(call.args, ("-o", "-c", "-t"))
    operands = options.operands
    removes = set(operands[:1]) & {"remove", "purge", "autoremove", "erase", "uninstall"}
    if call.name in ("pacman", "rpm", "dpkg"):
        removes = (
            set("R") if options.has("-R", "-e", "-P", "--purge", "--remove", "--erase") else set()
        )
    rehearses = options.has("--dry-run", "--simulate", "--print", "-p")
    if rehearses or (options.has("-s") and call.name != "pacman") or not removes:
        return
    named = operands if call.name in ("pacman", "rpm", "dpkg") else operands[1:]
    if any(one.strip(STAR + "*") == "" or one.startswith(_PILLARS) for one in named):
        judge.hit("package-pillar", call)


_PILLARS = tuple(words("libc6 glibc systemd coreutils bash linux-image kernel sudo openssh"))


_BY_NAME = {
    **dict.fromkeys(words("mke2fs mkswap newfs newfs_apfs mkdosfs format.com"), _format),
    **dict.fromkeys(words("fdisk sfdisk cfdisk parted sgdisk gdisk"), _partition),
    "wipefs": _wipefs,
    "diskutil": _diskutil,
    "cryptsetup": _cryptsetup,
    **dict.fromkeys(words("lvremove vgremove pvremove lvreduce resize2fs"), _volumes),
    **dict.fromkeys(("zpool", "zfs", "btrfs"), _pools),
    "mdadm": _mdadm,
    "blkdiscard": _volumes,
    "badblocks": _badblocks,
    "hdparm": _hdparm,
    "nvme": _nvme,
    **dict.fromkeys(words("shutdown reboot halt poweroff init telinit"), _shutdown),
    "systemctl": _systemctl,
    "kill": _kill,
    **dict.fromkeys(("pkill", "killall", "skill"), _kill_by_name),
    **dict.fromkeys(("nvram", "tccutil", "defaults"), _settings),
    **dict.fromkeys(words("iptables ip6tables ufw nft firewall-cmd pfctl"), _firewall),
    "umount": _unmount,
    "dmsetup": _mapped,
    **dict.fromkeys(("fsck", "e2fsck", "tune2fs"), _check),
    **dict.fromkeys(("ip", "ifconfig", "nmcli"), _network),
    **dict.fromkeys(("rmmod", "modprobe"), _module),
    **dict.fromkeys(("efibootmgr", "kexec"), _boot),
    "crontab": _crontab,
    "sysctl": _sysctl,
    **dict.fromkeys(("setenforce", "csrutil", "spctl"), _setenforce),
    **dict.fromkeys(words("apt apt-get aptitude yum dnf pacman rpm dpkg"), _packages),
}
