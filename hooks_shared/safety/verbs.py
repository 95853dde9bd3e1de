"""Programs that no table knows, judged by what their own words say: `x server delete web`.

Owns the verbs that destroy in any service's command line and in a script's name.
"""

from hooks_shared.shell.options import Options
from hooks_shared.shell.values import last_name, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_VERBS = words(
    "delete destroy terminate purge drop wipe nuke erase obliterate teardown tear-down del "
    "deprovision decommission undeploy deletes destroys"
)
_FORCED_VERBS = words("reset remove rm clear prune flush truncate cleanup clean uninstall down")
_FORCES = words("--force --yes -y --all --hard --purge --no-confirm --confirm --auto-approve")
_STARTS = ("delete", "destroy", "terminate", "purge", "drop", "remove", "wipe", "erase")
_LOOKS = words(
    "list ls get describe show help test explain search find grep log logs status can-i add create "
    "new generate g inspect view man info which version cache caches install i why outdated "
    "upgrade use switch run run-script deploy update execute invoke edit set put build init "
    "startapp startproject makemigrations scaffold --help -h"
)
_FLAGS = words("-y --yes -f --force -q --quiet -v --verbose --debug -a --all")
HARMLESS_PARTS = words("test tests testing dev local cache caches tmp temp build dry check example")
_SCRIPT_VERBS = words("destroy nuke wipe teardown purge obliterate dropdb decommission")
_DATA = words("db database databases prod production data volumes cluster infra stack env")
_DATA_VERBS = words("reset delete remove clean clear rm drop truncate empty")
_OPTION_VERBS = words(
    "unregister factory-reset reset-all remove-all wipe-all drop-all delete-all destroy-all wipe "
    "destroy nuke"
)
_OPTION_STARTS = ("erase", "wipe-", "destroy-", "delete-", "purge-", "unregister-", "factory-reset")
_NAME_ENDS = ("-delete", "-destroy", "-nuke", "-wipe", "-erase")
_EVERYTHING = words("all everything users customers orders accounts tenants")
_DELETIONS = words("delete drop truncate wipe")
_UPLOADS = words("upload send share transfer")
_OPERANDS = 4


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry, for a program that no table knows."""
    if call.name.startswith("create-"):
        return
    if _UPLOADS & set(call.args[:3]):
        from hooks_shared.safety.secrets import holds_secret

        if any(holds_secret(shell, call, one) for one in call.args):
            judge.hit("secret-sent", call)
            return
    options = Options(call.args)
    operands = [] if options.has("--dry-run", "--help") else options.operands
    if is_destroying_script(call.name) and not _is_looked_at(call.args):
        judge.hit("script-destroys", call)
    elif _deletes_by_option(call.args) or (call.args and call.name.endswith(_NAME_ENDS)):
        if not _is_looked_at(call.args):
            judge.hit("service-delete", call)
    elif operands:
        judge_verbs(judge, call, operands, _is_forced(call.args))


def judge_verbs(
    judge: "Judge", call: "Call", operands: list[str], forced: bool | None = None
) -> None:
    """Note a subcommand that says it deletes, or publishes.

    `forced`: milder words count too; None for a program whose publishing is known.
    """
    for operand in operands[:_OPERANDS]:
        if operand in _LOOKS or operand.startswith(("make:", "gen:", "generate:")):
            return
        if _follows_option(call.args, operand):
            continue
        if ("_" in operand and forced is None) or ("." in operand and operand is not operands[0]):
            continue  # a name that the program is given
        if _destroys(operand) or (forced and operand in _FORCED_VERBS):
            judge.hit("service-delete", call)
            return
        if operand == "publish" and forced is not None:
            judge.hit("publish", call)
            return


def _deletes_by_option(args: list[str]) -> bool:
    """`--unregister x`, `--delete-all`, `-eraseall`; not `--purge-cache` or `--delete=false`."""
    for argument in args:
        name, _, value = argument.partition("=")
        word = name.lstrip("-").lower()
        if name == word or len(word) < 4 or value in ("false", "no", "0"):
            continue
        parts = set(word.replace("_", "-").split("-"))
        if parts & HARMLESS_PARTS:
            continue
        if word in _OPTION_VERBS or word.startswith(_OPTION_STARTS):
            return True
    return False


def _is_forced(args: list[str]) -> bool:
    """`-f` counts where no file follows it."""
    if _FORCES & set(args):
        return True
    after = args[args.index("-f") + 1 :][:1] if "-f" in args else ["."]
    return not after or "." not in after[0]


def _follows_option(args: list[str], operand: str) -> bool:
    """Whether a word may be the value of the option before it."""
    before = args.index(operand) - 1
    return before >= 0 and args[before][:1] == "-" and args[before] not in _FLAGS


def _destroys(operand: str) -> bool:
    """`delete`, `apps:destroy`, `delete-stack`, `instance-delete`, `DeleteInstance`."""
    if operand in _VERBS:
        return True
    if "/" in operand or "=" in operand or " " in operand:
        return False
    if "." in operand:  # `vm.destroy`, but no file
        return operand.rpartition(".")[2] in _VERBS
    parts = operand.replace(":", "-").replace("_", "-").split("-")
    if len(parts) > 1:
        named = HARMLESS_PARTS & set(parts)
        last = operand.rpartition(":")[2].split("-")[0]
        return not named and (bool({parts[0], last} & set(_STARTS)) or parts[-1] in _VERBS)
    return any(
        operand.lower().startswith(one) and operand[len(one) : len(one) + 1].isupper()
        for one in _STARTS
    )


def is_destroying_script(name: str) -> bool:
    """Whether a script's name begins or ends with a word such as `destroy`."""
    stem, dot, _ = last_name(name).rpartition(".")
    if not dot:
        return False
    parts = stem.lower().replace("_", "-").split("-")
    if parts[0].startswith("test") or HARMLESS_PARTS & set(parts):
        return False
    return bool(_SCRIPT_VERBS & set(parts)) or destroys_data(set(parts))


def destroys_data(parts: set[str]) -> bool:
    """Whether the words of a name say that data is thrown away: `drop-database`, `db:reset`."""
    return (bool(parts & _DATA) and bool(parts & _DATA_VERBS)) or (
        bool(parts & _EVERYTHING) and bool(parts & _DELETIONS)
    )


def _is_looked_at(args: list[str]) -> bool:
    return bool({"--dry-run", "--help", "-h", "-n", "--check", "--list", "--version"} & set(args))
