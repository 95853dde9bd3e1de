"""Writes the reference pages of the documentation, or checks that they are up to date.

    python docs/build.py            write docs/reference/ and the index of decisions
    python docs/build.py --check    exit 1 and name every page that is out of date

Run it with the Python that hubctl is installed in: the pages are made of the program itself.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generate import commands, decisions, exported, findings, measured, schemas, tables

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "schemas"
HEAD = "<!-- Written by docs/build.py; change what it is made of. -->\n\n"

CANONICAL = """\
# canonical.yaml

The one file that says how your repositories and this account are set up. `hubctl init` puts its
schema beside it, and editors that speak the YAML language server complete and check it:

```yaml
# yaml-language-server: $schema=./canonical.schema.json
```

`null` takes out what an earlier layer says; [how layers merge](../concepts/layers.md).

## Editing what is inherited

A list adds to what earlier layers say where its order means nothing (permission rules, commands,
skills, hooks …), and replaces it otherwise. Write a map instead to do it differently:

```yaml
permissions:
  allow:
    remove: ["Bash(curl:*)"]    # these are taken out
    add: ["Bash(pytest:*)"]     # these are added
  deny:
    only: ["Read(.env)"]        # exactly these, nothing is inherited
```
"""
REPORT = """\
# The JSON report

What `--json` of `plan`, `drift`, `apply`, `validate` and `rollback` prints: one document on stdout
and nothing else. Its schema is `schemas/report.schema.json`; `version` changes when a reader would
have to.
"""
SPEC = """\
# The resolved spec

What canonical.yaml says about one repository once all layers are merged: `hubctl show NAME --json`
prints it as `spec`, and renderers take nothing else from canonical.yaml. Short forms are folded in
(`permissions` and `env` stand inside `settings` or `local`, `conventions` and `fragments` inside
`instructions`), list edits are carried out, and the id of a hook is written in its one way.

"""
PLAN = """\
# The saved plan

What `hubctl plan -o FILE` writes and `hubctl apply --plan FILE` carries out. It holds values
unmasked: it is readable by your account alone and belongs on this machine only. Two plans of one
world are the same bytes. Its schema is `schemas/plan.schema.json`.
"""
JSON_DOCUMENTS = {
    "report": REPORT,
    "show": """\
# JSON of `show`

What `hubctl show --json` prints: for each target its [resolved spec](resolved-spec.md), and
everything that the renderers make of it. Its schema is `schemas/show.schema.json`.
""",
    "explain": """\
# JSON of `explain`

What `hubctl explain ADDRESS --json` prints: what canonical.yaml wants at one
[address](addresses.md), how that stands now, and every layer that has a say, the deciding one last.
Its schema is `schemas/explain.schema.json`.
""",
    "adopt": """\
# JSON of `adopt`

What `hubctl adopt PATH --json` prints: what was read, what canonical.yaml says of it, and what
stays outside. Its schema is `schemas/adopt.schema.json`.
""",
    "exceptions": """\
# JSON of `exceptions`

What `hubctl exceptions --json` prints: the drift that is allowed. Its schema is
`schemas/exceptions.schema.json`.
""",
    "branches": """\
# JSON of `drift --fix --branch`

What `hubctl drift --fix --branch NAME --json` prints: what became of each repository. Its schema is
`schemas/branches.schema.json`.
""",
    "checkpoints": """\
# JSON of `checkpoint`

What the commands of `hubctl checkpoint` print with `--json`. Its schema is
`schemas/checkpoints.schema.json`.
""",
    "health": """\
# JSON of `health` and `audit`

What `hubctl health --json` and `hubctl audit --json` print. Its schema is
`schemas/health.schema.json`.
""",
    "history": """\
# JSON of `history`

What `hubctl history --json` prints: the runs that wrote something, newest first. Its schema is
`schemas/history.schema.json`.
""",
    "templates": """\
# JSON of `template update`

What `hubctl template update --json` prints. Its schema is `schemas/templates.schema.json`.
""",
    "tokens": """\
# JSON of `tokens`

What `hubctl tokens --json` prints: what each file costs and when it is loaded. Its schema is
`schemas/tokens.schema.json`.
""",
    "activity-report": """\
# JSON of `report`

What `hubctl report --json` prints: sections of figures, charts and tables. A figure whose `state`
is not `measured` has no value, and says why. Its schema is `schemas/activity-report.schema.json`.
""",
    "alerts": """\
# JSON of `alerts`

What `hubctl alerts check --json` and `hubctl alerts list --json` print. Its schema is
`schemas/alerts.schema.json`.
""",
    "status": """\
# JSON of `status`

What `hubctl status --json` prints: the dashboard's panels as sections of figures, charts and
tables. Its schema is `schemas/status.schema.json`.
""",
    "usage": """\
# JSON of `usage`

What `hubctl usage --format json` prints: tokens and cost, with projections. Its schema is
`schemas/usage.schema.json`.
""",
    "verify": """\
# JSON of `verify`

What `hubctl verify --json` prints: findings, and with `--live` what the client made of every
settings file and hook entry. Its schema is `schemas/verify.schema.json`.
""",
    "metrics-query": """\
# JSON of `metrics query`

What `hubctl metrics query --json` prints: columns and rows. Its schema is
`schemas/metrics-query.schema.json`.
""",
    "metrics-status": """\
# JSON of `metrics status`

What `hubctl metrics status --json` prints: what the store holds, from whom, and what happened to
it. Its schema is `schemas/metrics-status.schema.json`.
""",
    "hook-list": """\
# JSON of `hooks list`

What `hubctl hooks list --json` prints: hubctl's hooks and the hub's own. Its schema is
`schemas/hook-list.schema.json`.
""",
    "hook-explain": """\
# JSON of `hooks explain`

What `hubctl hooks explain HOOK --json` prints: for each target and event the lines that decide, and
every option with the line it is from. Its schema is `schemas/hook-explain.schema.json`.
""",
    "hook-trials": """\
# JSON of `hooks test`

What `hubctl hooks test --json` prints: each case with what was answered. Its schema is
`schemas/hook-trials.schema.json`.
""",
    "hook-profile": """\
# JSON of `hooks profile`

What `hubctl hooks profile --json` prints. Its schema is `schemas/hook-profile.schema.json`.
""",
    "hook-status": """\
# JSON of `hooks status`

What `hubctl hooks status --json` prints. Its schema is `schemas/hook-status.schema.json`.
""",
    "metrics-push": """\
# JSON of `metrics push`

What `hubctl metrics push --json` prints: what was sent, what waits, what was refused. Its schema is
`schemas/metrics-push.schema.json`.
""",
    "repositories": """\
# JSON of `repos list`

What `hubctl repos list --json` prints: the repositories of canonical.yaml, disabled ones included.
Its schema is `schemas/repositories.schema.json`.
""",
}


def json_pages() -> dict[str, str]:
    """One page for each document that a command prints as JSON."""
    return {
        f"reference/{name}.md": schemas.page(
            SCHEMAS / f"{name}.schema.json", introduction, "The document"
        )
        for name, introduction in JSON_DOCUMENTS.items()
    }


def pages() -> dict[str, str]:
    """Path below docs → text, of every page that is written here."""
    canonical = SCHEMAS / "canonical.schema.json"
    return {
        "reference/addresses.md": tables.addresses(),
        "reference/canonical.md": schemas.page(canonical, CANONICAL, "The document"),
        "reference/commands.md": commands.page(),
        "reference/exit-codes.md": tables.exit_codes(),
        "reference/findings.md": findings.page(ROOT),
        "reference/formats.md": tables.formats(ROOT, JSON_DOCUMENTS),
        "reference/hooks.md": tables.hooks(),
        "reference/metrics.md": measured.page(ROOT),
        "reference/plan.md": schemas.page(SCHEMAS / "plan.schema.json", PLAN, "The document"),
        "reference/prometheus.md": exported.page(),
        "reference/renderers.md": tables.renderers(ROOT),
        "reference/resolved-spec.md": schemas.spec_page(canonical, SPEC),
        "reference/statuses.md": tables.statuses(),
        "decisions/README.md": decisions.page(ROOT / "docs" / "decisions"),
        **json_pages(),
    }


def files() -> dict[str, str]:
    """Path below the checkout → text, of everything that is written here."""
    written = {f"docs/{path}": HEAD + text for path, text in pages().items()}
    return {**written, "schemas/metrics.json": measured.twin(ROOT), **monitoring()}


def monitoring() -> dict[str, str]:
    """What the renderer `monitoring` puts a hub's thresholds into."""
    from generate import grafana

    return {f"templates/monitoring/{path}": text for path, text in grafana.files().items()}


def stale(made: dict[str, str]) -> list[str]:
    """Paths whose file is not what was made."""
    return [path for path, text in made.items() if _read(ROOT / path) != text]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    """Exit code 1 where `--check` finds a page out of date."""
    parser = argparse.ArgumentParser(description="Write or check the reference pages.")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    check = parser.parse_args().check
    made = files()
    changed = stale(made)
    for path in changed:
        print(f"{path} {'is out of date: run python docs/build.py' if check else 'written'}")
        if not check:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(made[path], encoding="utf-8")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
