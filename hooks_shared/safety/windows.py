"""Commands of Windows and PowerShell that destroy, wherever they are started from."""

from hooks_shared.shell.values import DECODED, FETCHED, STAR, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

# Program → words of which one has to be there (lower case; () none needed), rule.
_ROWS: dict[str, tuple[tuple[str, ...], str]] = {
    **dict.fromkeys(words("format-volume clear-disk initialize-disk reset-physicaldisk"),
                    ((), "disk-format")),
    **dict.fromkeys(words("remove-partition resize-partition diskpart"), ((), "disk-partition")),
    "format": (("c:", "d:", "e:", "f:", "/q", "/y"), "disk-format"),
    "cipher": (("/w*",), "disk-format"),
    "taskkill": (("*", "explorer.exe", "csrss.exe"), "kill-everything"),
    "fsutil": (("setzerodata", "deletejournal", "setvaliddata"), "disk-write"),
    "disable-netadapter": ((), "network-off"),
    "vssadmin": (("delete", "resize"), "backup-delete"),
    "wbadmin": (("delete",), "backup-delete"),
    "bcdedit": (("/set", "/delete", "/deletevalue"), "disk-partition"),
    "reg": (("delete", "import"), "service-delete"),
    "schtasks": (("/delete",), "service-delete"),
    "wmic": (("delete", "call", "uninstall"), "service-delete"),
    "sc": (("delete", "stop"), "service-stop"),
    "wevtutil": (("cl", "clear-log"), "service-delete"),
    "netsh": (("off", "reset", "disable"), "firewall-off"),
    "robocopy": (("/mir", "/purge", "/mov", "/move"), "rsync-delete"),
    "set-mppreference": ((), "firewall-off"),
    "set-netfirewallprofile": (("false",), "firewall-off"),
    "set-executionpolicy": (("bypass", "unrestricted"), "firewall-off"),
    **dict.fromkeys(words("stop-computer restart-computer"), ((), "shutdown")),
    **dict.fromkeys(words("stop-service remove-service"), ((), "service-stop")),
    **dict.fromkeys(words("remove-localuser remove-aduser"), ((), "user-removed")),
    **dict.fromkeys(words("remove-vm remove-vmsnapshot remove-itemproperty clear-eventlog "
                          "unregister-scheduledtask clear-recyclebin"), ((), "service-delete")),
    "clear-content": ((), "emptied"),
    "publish-module": ((), "publish"),
}  # fmt: skip
_EVALUATORS = ("iex", "invoke-expression")


def _fits(argument: str, needed: tuple[str, ...]) -> bool:
    """A word of the row, or one that begins so where the row says `x*`."""
    if argument.strip(STAR) == "":
        return "*" in needed
    return any(argument == one or (len(one) > 1 and argument.startswith(one[:-1])
                                   and one[-1] == "*") for one in needed)  # fmt: skip


PROGRAMS = (*_ROWS, *_EVALUATORS)


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry."""
    name = call.name.lower()
    if name in _EVALUATORS:
        given = " ".join([*call.args, call.stdin or ""])
        if FETCHED in given or "irm " in given or "DownloadString" in given:
            judge.hit("run-fetched", call)
        elif DECODED in given:
            judge.hit("run-decoded", call)
        return
    lowered = {one.lower() for one in call.args}
    needed, rule = _ROWS.get(name, ((), ""))
    scripted = bool(call.stdin) or "/s" in lowered
    if "-whatif" in lowered or "/?" in lowered or (name == "diskpart" and not scripted):
        return
    if rule and (not needed or any(_fits(one, needed) for one in lowered)):
        judge.hit(rule, call)
