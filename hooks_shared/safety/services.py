"""Command lines of services: containers, clusters, infrastructure, clouds, registries.

What the tables do not say of a program is judged by the words it uses (`verbs`).
"""

from hooks_shared.safety.match import fits_glob
from hooks_shared.safety.service_rows import service_of
from hooks_shared.safety.verbs import judge_verbs
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import STAR, has_open, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

# Their own words are all in the table; others are names of packages and scripts.
_COMPLETE = words("npm pnpm yarn bun deno cargo uv poetry pdm hatch gem mvn gradle")
# Words behind which only names follow, so that `…` does not go past them.
_READS = words("list ls describe show get logs log deploy create update status help info inspect")
_REHEARSALS = words("--dry-run --dry_run --dryrun --help --what-if --noop --preview-only --check")


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: the first row that fits decides."""
    service = service_of(call.name)
    if service is None:
        return
    options = Options(call.args, service.valued)
    asks = "help" in call.args[:1] or call.args[-1:] in (["help"], ["-h"], ["-help"])
    if asks or any(is_rehearsal(name, value) for name, value in options.found):
        return
    operands = [one for one in options.operands if not one.startswith("+")]
    for verb, needs, unless, rule in service.rows:
        if _fits(operands, verb) and _has(options, call, needs):
            excused = rule == "-" or (bool(unless) and _has(options, call, unless))
            if not excused and not _is_tested(rule, call):
                judge.hit(rule, call)
            return
    if call.name not in _COMPLETE:
        judge_verbs(judge, call, operands)


def _is_tested(rule: str, call: "Call") -> bool:
    """`RAILS_ENV=test rails db:reset`: a database that tests make anew anyway."""
    return rule == "db-tool" and any(
        value == "test" for name, value in call.env.items() if name.endswith("_ENV")
    )


def is_rehearsal(name: str, value: str) -> bool:
    """Whether an option says that nothing is really done."""
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
            while index < len(operands) and not _is_one(operands[index], choices):
                if operands[index] in _READS:
                    return False
                index += 1
        if index >= len(operands) or not _is_one(operands[index], choices):
            return False
        index += 1
        anywhere = False
    return True


def _is_one(operand: str, choices: list[str]) -> bool:
    return any(fits_glob(operand, choice) for choice in choices)


def _has(options: Options, call: "Call", names: str) -> bool:
    """Whether one of the named options, operands or `option=value` pairs is there; "" always."""
    return not names or any(_has_one(options, call, name) for name in names.split())


def _has_one(options: Options, call: "Call", name: str) -> bool:
    args = call.args
    if name == "<many>":
        return "xargs" in call.via or any(has_open(one) or STAR in one for one in args)
    key, equals, wanted = name.partition("=")
    if equals and key.startswith("-"):
        values = options.values(key)
        values += [args[i + 1] for i in range(len(args) - 1) if args[i] == key]
        return name in args or any(fits_glob(one, wanted) for one in values)
    if name.startswith("-"):
        return name in args or any(option == name for option, _ in options.found)
    return any(fits_glob(one, name) for one in args)
