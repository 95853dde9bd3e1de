#!/usr/bin/env python3
"""Figures of hooks and health, with what cannot be told and why.

    python3 insight.py [--days 7] [--json]

Reads the hooks' spool and asks hubctl for its health and its profile of hooks, as far as it is
there. Sends nothing anywhere; prints names, times and counts, never a command or a file's text.
Python 3.11 or newer, standard library only.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import time

from figures import figures
from spool import folders, records

SECONDS = 60
ELSEWHERE = {
    "tokens and cost": "the spool has none; the client's own export (OpenTelemetry) has",
    "agents' success": "no hook records how a subagent ended",
    "lead time, restore": "needs git history beside the deployments that hooks saw",
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Figures of hooks and health.")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.days < 1:
        parser.error("--days is at least 1")
    found = gather(given.days, time.time())
    print(json.dumps(found, indent=1) if given.json else "\n".join(page(found)))
    return 0


def gather(days: int, now: float) -> dict[str, object]:
    """Everything there is; `missing` says what is not, and why."""
    missing = dict(ELSEWHERE)
    spools, damaged = [], 0
    for folder in folders():
        found, broken = records(folder, now - days * 86_400)
        damaged += broken
        if found:
            spools.append({"hub": folder.parents[1].name, **figures(found)})
    if not spools:
        missing["hooks"] = f"no hook recorded anything in the last {days} days"
    health = ask(missing, "health", "health", "--json")
    profile = ask(missing, "profile", "hooks", "profile", "--json", "--days", str(days))
    if ask(missing, "metrics", "metrics", "--help", as_json=False) is not None:
        missing["metrics"] = "`hubctl metrics` is there and knows more: ask it too"
    elif shutil.which("hubctl"):
        missing["metrics"] = "this hubctl has no command `metrics`"
    return {
        "days": days,
        "hubs": spools,
        "damaged_lines": damaged,
        "health": _checks(health),
        "findings": _findings(profile),
        "missing": missing,
    }


def ask(missing: dict[str, str], name: str, *arguments: str, as_json: bool = True) -> object:
    """What hubctl answers; None where it cannot, with the reason in `missing`."""
    program = shutil.which("hubctl")
    if program is None:
        missing[name] = "hubctl is not installed here"
        return None
    try:
        done = subprocess.run(
            [program, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False
        )
        # 1 means that something needs attention, and then the answer matters most.
        if done.returncode not in (0, 1):
            raise ValueError(done.stderr.strip().partition("\n")[0] or f"exit {done.returncode}")
        return json.loads(done.stdout) if as_json else done.stdout
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        missing[name] = f"hubctl {' '.join(arguments)}: {error}"
        return None


def _checks(health: object) -> list[dict[str, object]]:
    checks = health.get("checks") if isinstance(health, dict) else None
    keys = ("id", "state", "summary")
    return [{key: check.get(key) for key in keys} for check in checks or ()]


def _findings(profile: object) -> list[str]:
    found = profile.get("findings") if isinstance(profile, dict) else None
    return [f"{one.get('message')} ({one.get('hint')})" for one in found or ()]


def page(found: dict[str, object]) -> list[str]:
    """The same as Markdown."""
    out = [f"# The last {found['days']} days"]
    for hub in found["hubs"]:
        out += ["", f"## Hub {hub['hub']}", ""]
        out.append(
            f"{hub['runs']} runs in {hub['sessions']} sessions, {hub['from']} to {hub['to']}; "
            f"sessions waited {hub['waited_ms'] / 1000:.1f} s for hooks."
        )
        out += _table("Hooks", hub["hooks"])
        out += _table("What sessions waited for", hub["events"])
        out += _table("Refused or asked", hub["refused"])
        out += _table("Tools", hub["tools"])
        out += _table("Incidents", hub["incidents"])
        out += _table("Measured", [_flat(row) for row in hub["samples"]])
    if found["damaged_lines"]:
        out += ["", f"{found['damaged_lines']} damaged lines were left out."]
    out += _table("Health", found["health"])
    if found["findings"]:
        out += ["", "## Slow or broken hooks", "", *(f"- {one}" for one in found["findings"])]
    out += ["", "## Not told here", ""]
    return out + [f"- {what}: {why}" for what, why in found["missing"].items()]


def _flat(row: dict) -> dict[str, object]:
    numbers = [f"{k}: {v['sum']:g}, at most {v['largest']:g}" for k, v in row["numbers"].items()]
    return {"sample": row["sample"], "times": row["times"], "numbers": "; ".join(numbers)}


def _table(title: str, rows: list[dict]) -> list[str]:
    if not rows:
        return []
    keys = list(rows[0])
    lines = [[str(row[key]).replace("|", "\\|").replace("\n", " ") for key in keys] for row in rows]
    cells = [keys, ["---"] * len(keys), *lines]
    return ["", f"## {title}", "", *(f"| {' | '.join(line)} |" for line in cells)]


if __name__ == "__main__":
    raise SystemExit(main())
