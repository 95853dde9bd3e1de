"""Applies options: families and rules switched, users' own rules, exceptions with reasons.

Options come compiled from canonical.yaml and fit the schema in the registry; whatever does not is
ignored here, never an error in front of a command.
"""

from hooks_shared.rules import ASK, DENY, OFF, RULES, reason
from hooks_shared.safety.match import fits_glob, fits_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Hit, Judge

    Options = dict[str, object]

_SEVERITIES = (DENY, ASK, OFF)


def decide(judge: "Judge", families: "dict[str, str]", options: "Options") -> tuple[str, str]:
    """(severity, reason) of the worst thing found in these families; ("", "") without one."""
    found: dict[str, list[str]] = {DENY: [], ASK: []}
    for hit in judge.hits:
        severity = _severity(hit, families, options)
        if severity in found and not _is_excepted(hit, options):
            found[severity].append(reason(RULES[hit.rule], hit.target))
    for own in _maps(options.get("rules_added")):
        severity, text = _own(own, judge, options)
        if severity in found:
            found[severity].append(text)
    for severity, reasons in found.items():
        if reasons:
            return severity, _joined(reasons)
    return "", ""


def _joined(reasons: list[str]) -> str:
    several = list(dict.fromkeys(reasons))
    more = f" (and {len(several) - 2} more)" if len(several) > 2 else ""
    return " ".join(several[:2]) + more


def _severity(hit: "Hit", families: "dict[str, str]", options: "Options") -> str:
    rule = RULES[hit.rule]
    if rule.family not in families:
        return OFF
    for key, name in (("rules", rule.id), ("families", rule.family)):
        table = options.get(key)
        wanted = table.get(name) if isinstance(table, dict) else None
        if wanted in _SEVERITIES:
            return str(wanted)
    return rule.severity


def _maps(value: object) -> "list[dict[str, object]]":
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _is_excepted(hit: "Hit", options: "Options") -> bool:
    """Whether an exception names the rule and, where it says so, the command and the path."""
    for one in _maps(options.get("exceptions")):
        if one.get("rule") != hit.rule or not one.get("reason"):
            continue
        command, paths = one.get("command"), _texts(one.get("paths"))
        if isinstance(command, str) and not fits_words(hit.argv, command.split(), []):
            continue
        if not paths or any(fits_glob(hit.path or hit.target, path) for path in paths):
            return True
    return False


def _own(own: "dict[str, object]", judge: "Judge", options: "Options") -> tuple[str, str]:
    """A user's rule over every command of the line."""
    command, name = own.get("command"), str(own.get("id", ""))
    if not isinstance(command, str) or not command.split():
        return "", ""
    unless = _texts(own.get("unless"))
    for call in judge.calls:
        if not fits_words(call.argv, command.split(), _texts(own.get("with"))):
            continue
        if any(one in call.args for one in unless):
            continue
        severity = ASK if own.get("severity") == ASK else DENY
        safer = own.get("safer")
        more = f" Safer: `{safer}`." if isinstance(safer, str) and safer else ""
        return severity, f"{name}: `{call.text()}` {own.get('reason', '')}.{more}"
    return "", ""
