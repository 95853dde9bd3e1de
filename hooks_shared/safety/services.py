"""Command lines of services: containers, clusters, infrastructure, clouds, repositories, registries.

One table: program, the words of its subcommand, options that make it dangerous or harmless, rule.
"""

from hooks_shared.safety.service_rows import ALIASES, ROWS, VALUED
from hooks_shared.shell.options import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_REHEARSALS = ("--dry-run", "--dryrun", "--help", "--dry-run=client", "--dry-run=server", "--what-if")
_REHEARSALS += ("--noop", "--preview-only", "--check")


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: the first row that fits decides."""
    program = ALIASES.get(call.name, call.name)
    rows = ROWS.get(program)
    if rows is None:
        return
    options = Options(call.args, VALUED.get(program, VALUED[""]))
    if any(_is_rehearsal(name, value) for name, value in options.found) or "help" in call.args[:1]:
        return
    operands = [one for one in options.operands if not one.startswith("+")]
    for words, needs, unless, rule in rows:
        if _fits(operands, words) and _has(options, call.args, needs):
            if not (unless and _has(options, call.args, unless)):
                judge.hit(rule, call)
                return


def _is_rehearsal(name: str, value: str) -> bool:
    if name in _REHEARSALS:
        return value not in ("none", "false")
    return name == "-dry-run"


def _fits(operands: list[str], words: tuple[str, ...]) -> bool:
    """Whether the operands begin with the row's words; `…` stands for any number of others."""
    index = 0
    anywhere = False
    for word in words:
        if word == "…":
            anywhere = True
            continue
        choices = word.split("|")
        if anywhere:
            while index < len(operands) and operands[index] not in choices:
                index += 1
        if index >= len(operands) or operands[index] not in choices:
            return False
        index += 1
        anywhere = False
    return True


def _has(options: Options, args: list[str], names: str) -> bool:
    """Whether one of the named options, operands or `option=value` pairs is there; "" always."""
    if not names:
        return True
    for name in names.split():
        if "=" in name:
            key, _, wanted = name.partition("=")
            if wanted in options.values(key) or name in args:
                return True
        elif options.has(name) if name.startswith("-") else name in args:
            return True
        elif name.startswith("-") and name in args:
            return True
    return False
