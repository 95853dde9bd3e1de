"""Disks: formatting, partitions, volumes, mounts."""

from hooks_shared.safety.paths import DEVICE, HOME, ROOT, SYSTEM
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_HELP = ("--help", "--version", "-V")
_MOUNT_POINTS = ("/mnt", "/media", "/Volumes", "/proc", "/sys", "/dev", "/run", "/boot")
# Subcommands that only look.
_LOOKS = words(
    "list info print show status -l --list -p --print verify verifyVolume verifyDisk "
    "apfs-list listFilesystems activity luksDump isLuks luksUUID unit"
)


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    if any(one in _HELP for one in call.args[:1]):
        return
    if call.name.startswith("mkfs"):
        _format(judge, call)
    else:
        _BY_NAME[call.name](judge, call)


def _format(judge: "Judge", call: "Call") -> None:
    rehearses = call.name in ("mkfs.ext4", "mkfs.ext3", "mkfs.ext2", "mke2fs") and "-n" in call.args
    if call.args and not rehearses and not _is_image(judge, call):
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
    destroys = verbs[:1] in (["destroy"], ["labelclear"], ["rollback"]) or (
        verbs[:1] in (["receive"], ["recv"]) and "-F" in verbs
    )
    rehearses = "-n" in call.args or "-nv" in call.args
    removes = verbs in (["subvolume", "delete"], ["device", "delete"], ["device", "remove"])
    if (destroys or removes) and not rehearses:
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


def _unmount(judge: "Judge", call: "Call") -> None:
    """Taking away what runs from there; a stick below /mnt or /media is everyday."""
    options = Options(call.args, ("-t", "-O"))
    kinds = {judge.place(path, call).kind for path in options.operands if "/" in path}
    if options.has("-a", "--all") or kinds & {ROOT, HOME} or "/home" in options.operands:
        judge.hit("disk-unmount", call)


def _mounted(judge: "Judge", call: "Call") -> None:
    """A running system made read-only, or covered by another file system."""
    options = Options(call.args, words("-o -t -L -U --options --types --source --target"))
    given = options.value("-o", "--options").split(",")
    target = options.value("--target") or "".join(options.operands[-1:])
    if "remount" in given and "ro" not in given:
        return
    place = judge.place(target, call)
    own = place.path.startswith(_MOUNT_POINTS)
    covers = "remount" in given or len(options.operands) > 1
    if covers and place.kind in (ROOT, HOME, SYSTEM) and not own:
        judge.hit("disk-unmount", call)


def _loader(judge: "Judge", call: "Call") -> None:
    """A boot loader written to a disk."""
    for path in Options(call.args).operands:
        if judge.place(path, call).kind == DEVICE:
            judge.hit("disk-write", call, path)


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


def _boot(judge: "Judge", call: "Call") -> None:
    if Options(call.args, ("-b", "-d", "-p", "-L", "-l")).has("-B", "--delete-bootnum", "-O", "-N"):
        judge.hit("disk-partition", call)


_BY_NAME = {
    "efibootmgr": _boot,
    **dict.fromkeys(words("mke2fs mkswap newfs newfs_apfs mkdosfs format.com"), _format),
    **dict.fromkeys(words("fdisk sfdisk cfdisk parted sgdisk gdisk"), _partition),
    "wipefs": _wipefs,
    "diskutil": _diskutil,
    "cryptsetup": _cryptsetup,
    **dict.fromkeys(words("lvremove vgremove vgreduce pvremove lvreduce resize2fs"), _volumes),
    **dict.fromkeys(("zpool", "zfs", "btrfs"), _pools),
    "mdadm": _mdadm,
    "blkdiscard": _volumes,
    "badblocks": _badblocks,
    "hdparm": _hdparm,
    "nvme": _nvme,
    "umount": _unmount,
    "mount": _mounted,
    **dict.fromkeys(words("grub-install grub2-install lilo extlinux syslinux"), _loader),
    "dmsetup": _mapped,
    **dict.fromkeys(("fsck", "e2fsck", "tune2fs"), _check),
}
