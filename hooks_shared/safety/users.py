"""Users of the machine: removed, let in without a password, or given more rights."""

from hooks_shared.shell.options import Options
from hooks_shared.shell.values import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_REMOVERS = words("userdel deluser groupdel delgroup")
_RULERS = words("sudo wheel admin root docker adm lxd disk shadow")
_VALUED = words("-a -G -g -u -d -s -c -e -f -L -p --groups --gid --uid --home --shell")


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    options = Options(call.args, _VALUED - {"-a"})
    if options.has("--help", "-h") and call.name != "chpasswd":
        return
    if call.name in _REMOVERS or _is_removal(call):
        judge.hit("user-removed", call)
    elif _gives_rights(call, options):
        judge.hit("user-rights", call)


def _is_removal(call: "Call") -> bool:
    """`dscl . -delete /Users/x`, `net user x /delete`, `sysadminctl -deleteUser x`."""
    return call.name in ("dscl", "net", "sysadminctl") and any(
        one.lower().lstrip("-/").startswith("delete") for one in call.args
    )


def _gives_rights(call: "Call", options: Options) -> bool:
    if call.name in ("chpasswd", "newusers", "visudo", "vipw"):
        return "-c" not in call.args
    if call.name == "passwd":
        return options.has("-d", "-l", "-u", "--delete", "--lock") or "root" in call.args
    if call.name in ("usermod", "useradd", "adduser"):
        groups = ",".join(options.values("-G", "--groups", "-g", "--gid")).split(",")
        given = set(groups) | set(options.operands[1:])
        moved = options.has("-L", "-U", "--lock", "-e", "-s") and call.name == "usermod"
        return bool(given & _RULERS) or "0" in options.values("-u", "--uid") or moved
    if call.name in ("gpasswd", "dseditgroup"):
        return bool(set(call.args) & _RULERS)
    return call.name == "dscl" and "-append" in call.args and bool(set(call.args) & _RULERS)
