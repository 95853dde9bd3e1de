r"""The four repositories of the demo as their owners left them: data only, one table.

Each configures Claude Code by hand and each is imperfect in its own way, as real ones are. All of
it can be parsed, nothing contradicts `demo.hub`, and no value stands in two of them. Tabs are
written as \t so that they can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.model.item import LinkTo

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """One repository before hubctl came.

    Attributes:
        name: as in canonical.yaml, and of its folder. oddity: what is imperfect, in a few words.
        tree: relative path → text, or a link. Paths below `.git` are no part of it.
        crlf: paths whose lines end in CR LF.
        executable: paths that may be executed.
    """

    name: str
    oddity: str
    tree: Mapping[str, str | LinkTo]
    crlf: frozenset[str] = frozenset()
    executable: frozenset[str] = frozenset()

    def data(self, path: str) -> bytes:
        """Bytes of one of its files."""
        text = self.tree[path]
        assert isinstance(text, str)
        return (text.replace("\n", "\r\n") if path in self.crlf else text).encode()


NAUTILUS = Repository(
    name="nautilus_dev",
    oddity="settings.json in tabs, odd order, a hook and keys of its own",
    executable=frozenset({".claude/hooks/format.sh"}),
    tree={
        "README.md": "# nautilus_dev\n\nTrading strategies, backtests and their dashboards.\n",
        "pyproject.toml": '[project]\nname = "nautilus-dev"\nrequires-python = ">=3.11"\n',
        "monitoring/README.md": "Dashboards, provisioned from this folder.\n",
        "strategies/__init__.py": "",
        "strategies/spread.py": """\
def spread(bid: float, ask: float) -> float:
    return ask - bid
""",
        "tests/test_spread.py": """\
from strategies.spread import spread


def test_spread():
    assert spread(1.0, 1.5) == 0.5
""",
        ".gitignore": """\
__pycache__/
.venv/
data/live/
.claude/settings.local.json
""",
        "CLAUDE.md": """\
# Working on nautilus_dev

Strategies live in `strategies/`, one file each. A strategy never reads the clock:
time comes from the event.

Backtest before every merge:

\tuv run python -m backtest --days 30
""",
        # No line end after the last line.
        ".claude/settings.json": """\
{
\t"permissions": {
\t\t"deny": [ "Read(./data/live/**)" ],
\t\t"allow": [
\t\t\t"Bash(uv run python -m backtest *)",
\t\t\t"Bash(git status)"
\t\t]
\t},
\t"hooks": {
\t\t"PostToolUse": [
\t\t\t{ "matcher": "Write|Edit", "hooks": [
\t\t\t\t{ "type": "command", "timeout": 20,
\t\t\t\t  "command": "\\"$CLAUDE_PROJECT_DIR\\"/.claude/hooks/format.sh" }
\t\t\t] }
\t\t]
\t},
\t"x-desk":   { "owner": "research", "review": [ "weekly" ] },
\t"env": { "NAUTILUS_ENV": "sandbox" }
}""",
        ".claude/hooks/format.sh": """\
#!/bin/sh
# Formats what was just written; never in the way.
uv run ruff format --quiet . || true
""",
    },
)

N8N = Repository(
    name="n8n_dev",
    oddity="only an AGENTS.md; settings.json with CR LF line ends",
    crlf=frozenset({".claude/settings.json"}),
    tree={
        "README.md": "# n8n_dev\n\nNodes and workflows of our own for n8n.\n",
        "package.json": '{\n  "name": "n8n-dev",\n  "private": true,\n  "type": "module"\n}\n',
        "nodes/Spread.node.ts": """\
export const spread = (bid: number, ask: number): number => ask - bid;
""",
        ".gitignore": "node_modules/\ndist/\n",
        "AGENTS.md": """\
# n8n_dev

- A node is one file in `nodes/`, named `Name.node.ts`.
- Credentials are declared in `credentials/` and never logged.
""",
        ".claude/settings.json": """\
{
    "permissions": {
        "allow": ["Bash(npm run dev *)"],
        "ask": ["Bash(npm publish *)"]
    },
    "respectGitignore": true
}
""",
        ".claude/commands/node.md": """\
---
description: Start a new node
---

Create `nodes/$ARGUMENTS.node.ts` after the pattern of `Spread.node.ts`.
""",
    },
)

UTXORACLE = Repository(
    name="utxoracle",
    oddity="settings.json on one line; approvals piled up in settings.local.json",
    tree={
        "README.md": "# utxoracle\n\nA price, from the chain alone.\n",
        "oracle/__init__.py": "",
        "oracle/price.py": """\
def middle(low: float, high: float) -> float:
    return (low + high) / 2
""",
        # No line end after the last line.
        ".gitignore": "__pycache__/\n.claude/settings.local.json",
        "CLAUDE.md": """\
UTXOracle notes
===============

* No network in `oracle/`: blocks come from a local node.
* Numbers are satoshi until the last line.
""",
        ".claude/settings.json": """\
{"permissions":{"allow":["Bash(bitcoin-cli getblock *)"]},"spinnerTipsEnabled":false}
""",
        ".claude/settings.local.json": """\
{
  "permissions": {
    "allow": [
      "Bash(ls:*)",
      "Bash(python -m oracle --date 2024-02-29)",
      "Bash(python -m oracle --date 2024-03-01)"
    ]
  }
}
""",
    },
)

HEATMAP = Repository(
    name="liquidation_heatmap",
    oddity="settings.json is a link; CLAUDE.md lies in .claude/, with CR LF",
    crlf=frozenset({".claude/CLAUDE.md"}),
    tree={
        "README.md": "# liquidation_heatmap\n\nWhere leverage is about to break.\n",
        "heatmap/__init__.py": "",
        "heatmap/bins.py": """\
def bins(low: int, high: int, step: int) -> range:
    return range(low, high, step)
""",
        ".gitignore": "__pycache__/\n*.parquet\n",
        ".claude/settings.json": LinkTo(destination="../config/claude.json"),
        "config/claude.json": """\
{
  "permissions": {
    "allow": [],
    "deny": ["Bash(rm -rf *)"]
  },
  "companyAnnouncements": ["Heatmaps are rebuilt at 04:00 UTC."]
}
""",
        ".claude/CLAUDE.md": """\
# liquidation_heatmap

Bins are half-open: `low <= price < high`.
Plots are written to `out/`, never shown.
""",
    },
)

REPOSITORIES = (NAUTILUS, N8N, UTXORACLE, HEATMAP)
