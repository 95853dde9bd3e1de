"""Pages of literal tables: renderers, formats, hooks, exit codes, addresses, statuses."""

from __future__ import annotations

import ast
import functools
import inspect
import json
from typing import TYPE_CHECKING

from generate.markdown import cell, code, listed, plain, table
from hubctl import errors
from hubctl.engine import threeway
from hubctl.model import address
from hubctl.output import FORMATS
from hubctl.output.verdict import worst
from hubctl.render import RENDERERS
from hubctl.system.hooks_package import registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hooks_shared.formatting.table import Formatter

CODES = {
    0: "everything agrees, or only notes",
    1: "drift or other findings; `plan --check` and `diff --check`: there is something to do",
    2: "the command line or canonical.yaml is wrong; nothing was done",
    3: "an operation failed: unreadable, unwritable, locked, or moved in between; nothing is lost",
    4: "a conflict that a person must decide",
    70: "a bug in hubctl",
    130: "interrupted",
}
TARGETS = {"repository": "repositories", "host": "the host", "both": "repositories and the host"}


def renderers(root: Path) -> str:
    """docs/reference/renderers.md."""
    rows = [
        (code(row.name), TARGETS[row.targets], _words(root, row.render.partition(":")[0]))
        for row in RENDERERS
    ]
    return _RENDERERS + table(("renderer", "renders for", "what it renders"), rows)


def _words(root: Path, module: str) -> str:
    """What a module is about: the first paragraph of its docstring, without our own verb."""
    source = (root / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    text = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0].rstrip(".")
    return cell(text.removeprefix("Renders "))


def formats(root: Path, documents: Iterable[str]) -> str:
    """docs/reference/formats.md; `documents` are the names of what is printed as JSON."""
    modules = _modules_of_formats(root)
    rows = [(code(name), _words(root, f"hubctl.output.{modules[name]}")) for name in FORMATS]
    printed = [_document(root, name) for name in documents]
    return (
        _FORMATS
        + table(("format", "what it is"), rows)
        + _DOCUMENTS
        + table(("`format`", "what prints it", "keys", "schema"), printed)
    )


def _document(root: Path, name: str) -> tuple[str, str, str, str]:
    schema = json.loads((root / f"schemas/{name}.schema.json").read_text(encoding="utf-8"))
    words = schema["description"].removeprefix("What ").removesuffix(" prints.")
    kind = schema["properties"]["format"]["const"]
    return code(kind), cell(words), f"[page]({name}.md)", code(f"schemas/{name}.schema.json")


def _modules_of_formats(root: Path) -> dict[str, str]:
    """Format → module: the rows are loaders, which do not say what they load."""
    source = (root / "hubctl/output/__init__.py").read_text(encoding="utf-8")
    rows = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Dict))
    return {
        ast.literal_eval(key): ast.literal_eval(value.args[0])
        for key, value in zip(rows.keys, rows.values, strict=True)
        if key is not None and isinstance(value, ast.Call)
    }


def hooks() -> str:
    """docs/reference/hooks.md."""
    return _HOOKS + "".join(_hook(hook) for hook in registry.HOOKS)


def _hook(hook: registry.Hook) -> str:
    tools = listed(hook.tools) if hook.tools else "every tool"
    needs_tools = any("Tool" in event or "Permission" in event for event in hook.events)
    failure = "lets the action pass" if hook.on_error == registry.OPEN else "refuses the action"
    facts = [
        f"- events: {listed(hook.events)}",
        *([f"- tools: {tools}"] if needs_tools else []),
        f"- deadline: {hook.deadline:g} s; when it fails, it {failure}",
        _observing(hook) if hook.observing else "",
    ]
    text = "\n".join(fact for fact in facts if fact)
    rows = list(_options(hook))
    options = table(("option", "default", "what it is"), rows) if rows else ""
    page = f"\n## {hook.id}\n\n{plain(hook.description)}\n\n{text}\n" + (
        f"\n{options}" if rows else ""
    )
    return page + _families(hook) + _rules(hook) + _formatters(hook)


def _formatters(hook: registry.Hook) -> str:
    """What tells a hook that runs formatters which one a repository uses."""
    if "formatters" not in hook.options:
        return ""
    from hooks_shared.formatting.table import FORMATTERS

    rows = (
        (code(row.id), ", ".join(row.languages), cell(_evidence(row)))
        for row in FORMATTERS
        if row.evidence or row.sure
    )
    return "\n" + table(("formatter", "languages", "used where there is"), rows)


def _evidence(row: Formatter) -> str:
    if not row.evidence:
        return "a file of its language"
    told = [f"`{name}`" + (f" with `{text}`" if text else "") for name, text in row.evidence]
    if not row.evidence[0][0]:
        return "its name in canonical.yaml"
    but = "" if row.sure else "; a file that did not have its form before stays as it is"
    return " or ".join(told) + but


def _families(hook: registry.Hook) -> str:
    """What a hook's families cover, where their schemas say so."""
    known = hook.schema["properties"].get("families", {}).get("properties", {})
    rows = [
        (code(name), one["default"], cell(one["description"]))
        for name, one in known.items()
        if "default" in one
    ]
    return "\n" + table(("family", "default", "what it covers"), rows) if rows else ""


def _rules(hook: registry.Hook) -> str:
    """What a guard refuses or questions, family by family."""
    known = hook.schema["properties"].get("rules", {}).get("properties", {})
    rows = [rule for rule in registry.rules.RULES.values() if rule.id in known]
    if not rows:
        return ""
    told = (
        (code(rule.id), rule.family, rule.severity, cell(rule.what), code(rule.safer))
        for rule in rows
    )
    return "\n" + table(("rule", "family", "severity", "the command", "safer"), told)


def _observing(hook: registry.Hook) -> str:
    waited = [event for event in hook.events if event in registry.NEVER_ASYNC]
    if len(waited) == len(hook.events):
        return "- it decides nothing"
    but = f", except at {listed(waited)}" if waited else ""
    return f"- it only observes, so the session does not wait for it{but}"


def _options(hook: registry.Hook) -> Iterator[tuple[str, str, str]]:
    for name, schema in hook.schema["properties"].items():
        default = json.dumps(hook.options.get(name), ensure_ascii=False)
        yield code(name), code(default), cell(schema["description"] + _bounds(schema))


def _bounds(schema: dict[str, object]) -> str:
    if "minimum" not in schema or "maximum" not in schema:
        return ""
    return f" From {schema['minimum']} to {schema['maximum']}."


def exit_codes() -> str:
    """docs/reference/exit-codes.md."""
    rows = [(code(str(number)), cell(words)) for number, words in CODES.items()]
    ranked = sorted(CODES, key=functools.cmp_to_key(_worse), reverse=True)
    tree = (inspect.getdoc(errors) or "").split("\n\n")[1]
    return _EXIT_CODES.format(
        codes=table(("code", "when"), rows),
        worst=", ".join(str(number) for number in ranked),
        tree=inspect.cleandoc(tree),
    )


def _worse(one: int, other: int) -> int:
    return 0 if one == other else 1 if worst((one, other)) == one else -1


def addresses() -> str:
    """docs/reference/addresses.md."""
    grammar = (inspect.getdoc(address) or "").split("\n\n")[1]
    return _ADDRESSES.format(grammar=inspect.cleandoc(grammar))


def statuses() -> str:
    """docs/reference/statuses.md."""
    rows = (inspect.getdoc(threeway) or "").split("\n\n")[1]
    return _STATUSES.format(rows=rows)


_RENDERERS = """\
# Renderers

A renderer turns the resolved spec of one target into what is to stand there. `hubctl plan --only`
and `hubctl apply --only` take its name. Adding one is described in CONTRIBUTING.md.

"""
_FORMATS = """\
# Output formats

`--format` of `plan`, `drift`, `apply` and `validate`; `--json` is `--format json`. Words, data and
exit code are made of one value, so they never disagree. Values under `env`, headers and helpers are
shown as `‹hidden, 12 characters›` in all of them.

"""
_DOCUMENTS = """
## JSON documents

A command with `--json` prints exactly one document on stdout, and talks on stderr; where an error
ends it before there is anything to tell, it prints none. Each document begins with its `format` and
a `version`, which changes when a reader would have to, and has a schema that names every key.

"""
_HOOKS = """\
# Hooks

The hooks that travel with hubctl. Enable one by its id under an event in canonical.yaml; ids are
compared without regard to case, `-` or `_` and a trailing `.py`. Options merge over the layers.

```yaml
defaults:
  hooks:
    PreToolUse:
      - hook: context-monitor
        options: {warning: 70}
```
"""
_EXIT_CODES = """\
# Exit codes

{codes}
Of several, the worst counts: {worst}. `plan` and `diff` exit 0 whatever there is to do,
and 1 under `--check`. `drift --fix` repairs first and exits with what is left.

What an error message stands for:

```
{tree}
```
"""
_ADDRESSES = """\
# Addresses

Everything hubctl can own has one address. Plans, reports, `explain`, `--take`, exceptions and SARIF
all write it the same way.

```
{grammar}
```

`target` is the name of a repository in canonical.yaml, or `host`: `[a-z0-9][a-z0-9_-]*`. A pointer
is that of RFC 6901; a `=` inside a key is written `~2`. An address never holds an array index:
positions move, contents do not.

| address | names |
| --- | --- |
| `api:CLAUDE.md#block:hubctl` | the owned block of a repository's CLAUDE.md |
| `api:.claude/settings.json#/model` | one field |
| `api:.claude/settings.json#/permissions/allow="Bash(pytest:*)"` | one element of a list |
| `host:unit:team-backup.timer#enabled` | whether a timer of this account is enabled |

Some first parts of a path stand for folders that lie elsewhere:

| path | folder |
| --- | --- |
| `.git/…` of a repository | its git folder, the common one of all worktrees |
| `@state/…` of a repository | its folder in hubctl's state |
| `.claude/…` of the host | the client's folder, `~/.claude` or `$CLAUDE_CONFIG_DIR` |
| `.config/systemd/user/…` of the host | systemd's user units |
| `Library/LaunchAgents/…` of the host | launchd's agents |
"""
_STATUSES = """\
# Statuses and actions

For every address hubctl compares three states: **d**, what canonical.yaml wants; **r**, what the
ledger says hubctl wrote last; **o**, what stands there. `–` means there is none.

{rows}

Two statuses come from elsewhere: **unreadable**, where a file could not be read or parsed (nothing
is written to it), and **shadowed**, where the file is right but another of higher precedence sets
the same key. A value that only stands there, with neither d nor r, is **unmanaged**: it is left
alone, and told as a note where it is new since the last apply.

A record with **adopted** stood there before hubctl and merely agreed: when canonical.yaml drops it,
the record goes and the value stays.
"""
