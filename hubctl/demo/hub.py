"""The hub of the demo and the account it runs in: data only.

canonical.yaml is in the style a person would write; everything it names exists, either here or in
what hubctl ships. It has no units: a demo must not reach this machine's service manager.
"""

from __future__ import annotations

CANONICAL = """\
# One source of truth for Claude Code in all of our repositories.
# Change it here, then: hubctl plan, hubctl apply.
hub:
  name: demo

infrastructure:
  questdb:                     # shared metrics database
    host: localhost
    ilp_port: 9009             # InfluxDB line protocol
    pg_port: 8812              # PostgreSQL wire protocol
  redis:                       # session cache
    host: localhost
    port: 6379
  monitoring:                  # dashboards, kept in nautilus_dev
    path: ~/src/nautilus_dev/monitoring
    grafana_port: 3000

thresholds:
  hook_latency_ms: {warning: 100, critical: 500}
  agent_success_percent: {warning: 80}
  daily_cost_usd: {warning: 30, critical: 50}
  context_percent: {warning: 80}

defaults:                      # every repository gets these
  permissions:
    allow: ["Bash(git status)", "Bash(git diff *)"]
    deny: ["Read(./.env)"]
  conventions:
    - Small commits, each with its reason.

profiles:
  python:
    fragments: [python]
    permissions:
      allow: ["Bash(uv run pytest *)"]
  typescript:
    fragments: [typescript]
    permissions:
      allow: ["Bash(npm test *)"]
  money:                       # code that moves or prices money
    extends: python
    fragments: [money]
    rules: [generated-files]

repositories:
  nautilus_dev:
    path: ~/src/nautilus_dev
    language: python
    test_command: uv run pytest tests/ -x
    profiles: [money]
    overrides:
      settings:
        model: opus            # strategies deserve the large one
  n8n_dev:
    path: ~/src/n8n_dev
    language: typescript
    profiles: [typescript]
  utxoracle:
    path: ~/src/utxoracle
    language: python
    profiles: [money]
  liquidation_heatmap:
    path: ~/src/liquidation_heatmap
    language: python
    profiles: [python]

global:                        # this account
  commands: [tdd/, undo/]
  skills: [pytest-test-generator, pydantic-model-generator]
  hooks:                       # installed in every repository
    pre_tool_use: [smart-safety-check.py, git-safety-check.py, context-monitor.py]
    post_tool_use: [output-monitor.py, dora-tracker.py]
    stop: [session-summary.py]

metrics:
  push: false                  # that QuestDB does not exist: send it nothing
"""

MONEY = """\
- Money is a `Decimal` or a whole number of the smallest unit, never a float.
- A change to a price or a fee comes with a test that fails without it.
"""

# Path below the hub's folder → text.
HUB = {"canonical.yaml": CANONICAL, "fragments/money.md": MONEY}

# Path below the home folder → text: what this account had before.
ACCOUNT = {
    ".claude/settings.json": (
        '{\n  "theme": "dark",\n  "statusLine": {"type": "command", "command": "date +%H:%M"}\n}\n'
    ),
    ".claude/CLAUDE.md": "Answer briefly. Say what you did not check.\n",
}
