"""Rules about permission rules: the ones the client cannot read, never asks, or reads differently.

Owns the one parser of `Tool` and `Tool(specifier)`. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hubctl.check.client.facts import MODES, RULE_TOOLS, UNCONSULTED_RULES
from hubctl.check.client.rule import KINDS, Hit, Rule, element_hit, elements, listed
from hubctl.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.check.client.rule import Case

_FORM: Final = re.compile(r"(?P<tool>[^()\s]+)(?:\((?P<specifier>.+)\))?\Z", re.DOTALL)
_ALLOW_GLOB: Final = re.compile(r"mcp__(?:(?!__)[^*])+__[^()]*\Z")
_SYSTEM_ROOTS: Final = frozenset(
    [
        "Applications",
        "Library",
        "Users",
        "Volumes",
        "bin",
        "boot",
        "dev",
        "etc",
        "home",
        "lib",
        "media",
        "mnt",
        "opt",
        "private",
        "proc",
        "root",
        "run",
        "sbin",
        "srv",
        "sys",
        "tmp",
        "usr",
        "var",
    ]
)
_TWO_RULES: Final = re.compile(rf"\)[\s,|]+(?:{'|'.join(sorted(RULE_TOOLS))})\(")
_BY_LOWER: Final = {name.lower(): name for name in RULE_TOOLS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A permission rule in its parts; `specifier` is "" for a bare tool and for `Tool(*)`."""

    tool: str
    specifier: str = ""


@lru_cache(maxsize=4096)
def parse(rule: str) -> Permission | None:
    """The parts of a rule; None of a flawed one. Remembered: a fleet repeats its rules."""
    form = None if _flaw(rule) else _FORM.match(rule)
    if form is None:
        return None
    specifier = form["specifier"] or ""
    return Permission(tool=form["tool"], specifier="" if specifier == "*" else specifier)


def flaw_of(rule: object) -> str:
    """Why `rule` is no permission rule; "" if it is one."""
    return _flaw(rule) if isinstance(rule, str) else "it is no text"


@lru_cache(maxsize=4096)
def _flaw(rule: str) -> str:
    if not rule.strip():
        return "it is empty"
    if rule.count("(") != rule.count(")"):
        return "its parentheses do not pair"
    if _TWO_RULES.search(rule):
        return "it holds more than one rule"
    if rule.endswith("()"):
        return "nothing stands between its parentheses"
    return "" if _FORM.match(rule) else "it is not of the form Tool or Tool(specifier)"


def malformed(case: Case) -> Iterator[Hit]:
    """A rule that the client cannot read. §4.2."""
    for kind in KINDS:
        at = ("permissions", kind)
        for rule in elements(case.value(*at)):
            if flaw_of(rule):
                shown = repr(rule) if isinstance(rule, str) else "a rule"
                yield _hit(kind, rule, f"{kind} {shown}: {flaw_of(rule)}")


def allow_glob(case: Case) -> Iterator[Hit]:
    """A tool-name glob that allows. §4.5."""
    for kind, rule, parts in _parsed(case):
        if kind == "allow" and "*" in parts.tool and not _ALLOW_GLOB.match(parts.tool):
            yield _hit(kind, rule, f"allow {rule!r}")


def unconsulted(case: Case) -> Iterator[Hit]:
    """A path rule for a tool whose rules nobody asks. §4.5."""
    for kind, rule, parts in _parsed(case):
        instead = UNCONSULTED_RULES.get(parts.tool)
        if instead and parts.specifier:
            yield _hit(kind, rule, f"{kind} {rule!r}; write {instead}({parts.specifier})")


def wrong_case(case: Case) -> Iterator[Hit]:
    """A tool's name in other letters. §2.3, §4.5."""
    for kind, rule, parts in _parsed(case):
        meant = _BY_LOWER.get(parts.tool.lower(), parts.tool)
        if meant != parts.tool:
            yield _hit(kind, rule, f"{kind} {rule!r}; meant is {meant}")


def unknown_tool(case: Case) -> Iterator[Hit]:
    """A rule for a tool that we do not know. §4.5; the client may know more tools than we do."""
    for kind, rule, parts in _parsed(case):
        known = parts.tool.lower() in _BY_LOWER or "*" in parts.tool
        if not known and not parts.tool.startswith("mcp__"):
            yield _hit(kind, rule, f"{kind} {rule!r}: no tool {parts.tool} is known")


def rooted_path(case: Case) -> Iterator[Hit]:
    """A path with one slash that looks absolute. §4.5."""
    for kind, rule, parts in _parsed(case):
        one_slash = parts.specifier.startswith("/") and not parts.specifier.startswith("//")
        root = parts.specifier[1:].partition("/")[0]
        if parts.tool in ("Read", "Edit") and one_slash and root in _SYSTEM_ROOTS:
            yield _hit(kind, rule, f"{kind} {rule!r}; absolute is {parts.tool}(/{parts.specifier})")


def fetch_form(case: Case) -> Iterator[Hit]:
    """A WebFetch rule that names no domain. §4.5."""
    for kind, rule, parts in _parsed(case):
        known = re.match(r"domain:[^/]+\Z" if kind == "allow" else r"\w+:(?!//)", parts.specifier)
        if parts.tool == "WebFetch" and parts.specifier and not known:
            yield _hit(kind, rule, f"{kind} {rule!r}")


def inner_prefix(case: Case) -> Iterator[Hit]:
    """`:*` before the end of a Bash rule. §4.5."""
    for kind, rule, parts in _parsed(case):
        if parts.tool == "Bash" and ":*" in parts.specifier[:-2]:
            yield _hit(kind, rule, f"{kind} {rule!r}")


def overruled(case: Case) -> Iterator[Hit]:
    """The same rule in two lists. §4.1."""
    stands: dict[str, list[str]] = {}
    for kind, rule in case.rules():
        stands.setdefault(rule, []).append(kind)
    for rule, kinds in stands.items():
        winner = next(kind for kind in reversed(KINDS) if kind in kinds)
        for kind in KINDS:
            if kind in kinds and kind != winner:
                yield _hit(kind, rule, f"{kind} {rule!r} also stands under {winner}")


def unknown_mode(case: Case) -> Iterator[Hit]:
    """A default mode that the client does not have. §4.4, hook-io-captured."""
    mode = case.value("permissions", "defaultMode")
    if mode is not None and mode not in MODES:
        yield Hit(at=("permissions", "defaultMode"), what=f"defaultMode {mode!r}")


def unheard_mode(case: Case) -> Iterator[Hit]:
    """A default mode that a repository cannot set. §4.4."""
    mode = case.value("permissions", "defaultMode")
    unheard = {"committed": ("auto", "bypassPermissions"), "local": ("auto",), "host": ()}
    if mode in unheard[case.place]:
        yield Hit(at=("permissions", "defaultMode"), what=f"defaultMode {mode!r}")


def _parsed(case: Case) -> Iterator[tuple[str, str, Permission]]:
    for kind, rule in case.rules():
        parts = parse(rule)
        if parts:
            yield kind, rule, parts


def _hit(kind: str, rule: object, what: str) -> Hit:
    at = ("permissions", kind)
    if isinstance(rule, dict | list):
        return Hit(at=at, what=what)
    return element_hit(at, rule, what)


RULES: Final = (
    Rule(
        id="settings/permission-form",
        severity=Severity.WARNING,
        reason="the client leaves out a permission rule that it cannot read",
        find=malformed,
        hint="write `Tool` or `Tool(what)`",
    ),
    Rule(
        id="settings/permission-allow-glob",
        severity=Severity.WARNING,
        reason="in `allow` the client takes globs only after mcp__server__, so nothing is allowed",
        find=allow_glob,
        hint="name the tools one by one",
    ),
    Rule(
        id="settings/permission-not-asked",
        severity=Severity.WARNING,
        reason="the client asks Edit rules before every write and Read rules before every search, "
        "and never this one",
        find=unconsulted,
        hint="write it as an Edit or a Read rule",
    ),
    Rule(
        id="settings/permission-case",
        severity=Severity.WARNING,
        reason="the client compares tool names letter by letter, so this never matches",
        find=wrong_case,
        hint="write the name as the client does",
    ),
    Rule(
        id="settings/permission-tool",
        severity=Severity.NOTE,
        reason="a rule for a tool that the client does not have never matches",
        find=unknown_tool,
        hint="check the spelling",
    ),
    Rule(
        id="settings/permission-rooted-path",
        severity=Severity.WARNING,
        reason="one leading slash means the folder of the settings file's own project or account",
        find=rooted_path,
        hint="begin an absolute path with //",
    ),
    Rule(
        id="settings/permission-fetch-form",
        severity=Severity.WARNING,
        reason="WebFetch rules name a domain, so this never matches",
        find=fetch_form,
        hint="write WebFetch(domain:example.com)",
    ),
    Rule(
        id="settings/permission-inner-prefix",
        severity=Severity.WARNING,
        reason="only at the end does the client read `:*` as `any arguments`",
        find=inner_prefix,
        hint="write * where any text may stand",
    ),
    Rule(
        id="settings/permission-overruled",
        severity=Severity.WARNING,
        reason="the client asks deny, then ask, then allow, and the first match decides",
        find=overruled,
        hint="keep one of the two",
    ),
    Rule(
        id="settings/permission-mode",
        severity=Severity.ERROR,
        reason="the client drops a settings file with a mode it does not know, deny rules included",
        find=unknown_mode,
        hint=f"modes: {listed(MODES)}",
    ),
    Rule(
        id="settings/permission-mode-place",
        severity=Severity.WARNING,
        reason="the client ignores this mode in a repository's file",
        find=unheard_mode,
        hint="set it in the account's settings (global.settings)",
    ),
)
