"""The page of all rules: what each finding is called, how bad it is, and what it says."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generate.markdown import cell
from generate.source import Index
from generate.values import UNKNOWN, Evaluator
from hubctl.output.rules import RULES

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator
    from pathlib import Path

    from generate.source import Scope

FINDING = "hubctl.model.finding.Finding"
READ_BACK = ("hubctl.output.values.decode_finding",)  # out of a saved plan: not told there
EVERY = 3  # severities: which one is decided by what is found
VAGUE = f"{UNKNOWN}:;`., "
# Families with names from elsewhere, and what stands in the place of a name.
OPEN = {
    f"secret/{UNKNOWN}": "secret/KIND",  # what detect-secrets calls the kind
}
RULE = re.compile(r"[a-z0-9-]+/[a-z0-9-]+\Z")


@dataclass(frozen=True)
class Told:
    """One way in which a rule is told; `severity` and `message` may hold `…`."""

    rule: str
    severity: str
    message: str


@dataclass(frozen=True)
class Unclear:
    """A place that makes findings whose rule cannot be read from the source."""

    place: str
    rule: str


def rules(root: Path) -> tuple[set[Told], list[Unclear]]:
    """Every rule of the program, and the places that hide theirs."""
    index = Index(root, "hubctl")
    told: set[Told] = set()
    unclear: list[Unclear] = []
    for call, scope in index.calls[FINDING]:
        if scope.name in READ_BACK:
            continue
        for one in _told(call, scope, index):
            if RULE.match(one.rule) or one.rule in OPEN:
                told.add(one)
            else:
                unclear.append(Unclear(f"{scope.unit.name}:{call.lineno}", one.rule))
    return told, unclear


def _told(call: ast.Call, scope: Scope, index: Index) -> Iterator[Told]:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if not {"rule", "severity", "message"} <= given.keys():
        yield Told(UNKNOWN, UNKNOWN, UNKNOWN)
        return
    for rule, chosen in Evaluator(index).texts(given["rule"], scope):
        severities = Evaluator(index, given=chosen, precise=False)
        for severity, more in severities.texts(given["severity"], scope):
            evaluator = Evaluator(index, given={**chosen, **more}, precise=False)
            for message, _ in evaluator.texts(given["message"], scope):
                yield Told(rule, severity, _short(message))


def _short(message: str) -> str:
    """One run of `…` for what is not known before."""
    return re.sub(rf"{UNKNOWN}(\s*{UNKNOWN})+", UNKNOWN, " ".join(message.split()))


def page(root: Path) -> str:
    """docs/reference/findings.md."""
    told, unclear = rules(root)
    if unclear:
        lines = "\n".join(f"  {one.place}: {one.rule}" for one in unclear)
        raise SystemExit(f"write these rule ids so that they can be read from the source:\n{lines}")
    families: dict[str, dict[str, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(told, key=lambda one: (one.rule, one.severity, one.message)):
        families[one.rule.partition("/")[0]][one.rule].append(one)
    return _INTRODUCTION + "".join(_family(name, families[name]) for name in sorted(families))


def _family(name: str, found: dict[str, list[Told]]) -> str:
    rows = "".join(_row(rule, found[rule]) for rule in sorted(found))
    return f"\n## {name}\n\n| rule | severity | says |\n| --- | --- | --- |\n{rows}"


def _row(rule: str, ways: list[Told]) -> str:
    severities = sorted({way.severity for way in ways} - {UNKNOWN})
    weight = " or ".join(severities) if len(severities) < EVERY else "by its exit code"
    messages = list(dict.fromkeys(way.message for way in ways if way.message.strip(VAGUE)))
    if rule in RULES:
        messages = [f"{RULES[rule].short}. {RULES[rule].help}"]
    words = "<br>".join(cell(text) for text in messages) or "what is wrong with the value there"
    return f"| `{OPEN.get(rule, rule)}` | {weight} | {words} |\n"


_INTRODUCTION = """\
# Findings

Everything hubctl has to tell is a finding with a stable rule id: `family/name`. It stands in the
`rule` field of JSON, in SARIF's `ruleId`, and in the text output. `…` stands for what is filled in
when it is told.

An **error** refuses; a **warning** counts in the exit code of `drift`; a **note** never does.
See [exit codes](exit-codes.md).
"""
