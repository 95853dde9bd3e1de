"""What a hook costs, as ratios to the bare interpreter measured in the same, interleaved run.

    python benchmarks/hooks.py [RUNS]

Prints p50 and p95 of each case beside its budget and ends with 1 where a budget is exceeded.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hubctl.model.item import FileText, Handler
from hubctl.model.target import Facts, Machine, Subject, Target
from hubctl.release.choose import install
from hubctl.render import hook_registry, hooks
from hubctl.system.files import RealFiles
from hubctl.system.hooks_package import places as hook_places
from hubctl.system.hooks_package import registry
from hubctl.system.places import find_places

DECLINES = "def decide(event, context):\n    return None\n"
READ = """cd web && npm run build 2>&1 | tail -5; rm -rf "$PWD/dist"; git commit -m 'no rm -rf /'"""
CODE = "x = 1\n" * 100
LISTED = {
    event: [{"hook": hook.id, "scope": "local"} for hook in registry.HOOKS if event in hook.events]
    for event in ("PreToolUse", "PostToolUse")
}


@dataclass
class Case:
    """One command, the input it gets, and the ratio it may cost."""

    name: str
    command: list[str]
    text: str
    budget: float | None = None


def world(root: Path) -> tuple[Machine, Path, Path]:
    """An installed release, a repository, and the folder of its registry."""
    environment = {
        "HOME": str(root),
        "XDG_DATA_HOME": f"{root}/data",
        "XDG_STATE_HOME": f"{root}/state",
    }
    found = find_places(environment)
    install(found, sys.executable, RealFiles())
    repo = root / "repo"
    (repo / ".git").mkdir(parents=True)
    state = f"{found.hub_state('team')}/{hook_places.HOOKS}"
    own = Path(hook_places.repository_folder(state, str(repo)))
    own.mkdir(parents=True)
    machine = Machine(
        home=found.home,
        config_dir=found.config_dir,
        unit_dir=found.unit_dir,
        agents_dir=found.agents_dir,
        platform="linux",
        interpreter=sys.executable,
        release=f"{found.releases}/current",
        registry_dir=state,
        hubctl="hubctl",
    )
    return machine, repo, own


def commands(machine: Machine, repo: Path, own: Path) -> dict[str, str]:
    """Event → the settings line of its blocking handler; writes the registry they read."""
    subject = Subject(
        target=Target(name="repo", root=str(repo), roots={"@state/": str(own)}),
        facts=Facts(),
        machine=machine,
        hub="team",
        canonical="canonical.yaml",
        spec={"name": "repo", "hooks": LISTED},
        sources={},
        document={},
    )
    (item,) = hook_registry.render(subject)
    assert isinstance(item.value, FileText)
    (own / hook_places.REGISTRY).write_text(item.value.text)
    found = {}
    for rendered in hooks.render(subject):
        if isinstance(rendered.value, Handler) and not rendered.value.entry.get("async"):
            event = rendered.address.name.partition("/")[0]
            found[event] = str(rendered.value.entry["command"])
    return found


def add_trivial(machine: Machine, own: Path, numbers: range) -> None:
    """Enable more hooks that do nothing, each a module of its own."""
    path = own / hook_places.REGISTRY
    document = json.loads(path.read_text())
    rows = document["events"]["PreToolUse"]
    folder = Path(machine.release).resolve() / "hooks_shared" / "families" / "context"
    for number in numbers:
        source = folder / f"trivial_{number}.py"
        source.write_text(DECLINES)
        row = {**rows[0], "id": f"trivial-{number}", "options": {}}
        rows.append({**row, "module": f"hooks_shared.families.context.trivial_{number}"})
    path.write_text(json.dumps(document))
    compile_all = [sys.executable, "-I", "-S", "-m", "compileall", "-q", str(folder)]
    subprocess.run(compile_all, check=True)


def event(name: str, repo: Path, **fields: Any) -> str:
    """An input of the client's shape."""
    return json.dumps(
        {
            "session_id": "s",
            "transcript_path": f"{repo}/transcript.jsonl",
            "cwd": str(repo),
            "hook_event_name": name,
            "tool_name": "Bash",
            "tool_input": {"command": "ls"},
            **fields,
        }
    )


def transcript(repo: Path, tokens: int) -> None:
    """A transcript of a few megabytes whose last answer filled the window so far."""
    usage = {"input_tokens": tokens, "output_tokens": 1}
    last = {"type": "assistant", "message": {"model": "m", "usage": usage}}
    filler = json.dumps({"type": "user", "message": {"content": "x" * 4000}}) + "\n"
    (repo / "transcript.jsonl").write_text(filler * 1000 + json.dumps(last) + "\n")


def cases(machine: Machine, repo: Path, own: Path) -> list[Case]:
    """All cases but those with more hooks; the first one is the floor."""
    run = [machine.interpreter, "-I", "-S", f"{machine.release}/run.py"]
    state = machine.registry_dir
    lines = commands(machine, repo, own)
    quiet = event("PreToolUse", repo)
    large = event("PreToolUse", repo, tool_input={"command": "echo " + "x" * 10_000})
    read = event("PreToolUse", repo, tool_input={"command": READ})
    denied = event("PreToolUse", repo, tool_input={"command": "cd / && rm -rf *; git push -f"})
    output = event("PostToolUse", repo, tool_response={"stdout": "x" * 1_000_000})
    (repo / "a.py").write_text(CODE)
    given = {"file_path": f"{repo}/a.py", "content": CODE}
    written = event("PostToolUse", repo, tool_name="Write", tool_input=given)
    return [
        Case("bare interpreter -I -S", [machine.interpreter, "-I", "-S", "-c", "pass"], ""),
        Case("dispatcher, all decline", [*run, "PreToolUse", "closed", state], quiet, 2.5),
        Case("settings line, all decline", ["/bin/sh", "-c", lines["PreToolUse"]], quiet, 2.5),
        Case("the guards read a command", [*run, "PreToolUse", "closed", state], read, 3.0),
        Case("the guards deny one", [*run, "PreToolUse", "closed", state], denied, 3.0),
        Case("a command of 10,000 characters", [*run, "PreToolUse", "closed", state], large, 5.0),
        Case("code was written, no formatter", [*run, "PostToolUse", "open", state], written, 3.0),
        Case("an output of 1 MB", [*run, "PostToolUse", "open", state], output, 5.0),
        Case("import json alone", [machine.interpreter, "-I", "-S", "-c", "import json"], ""),
    ]


def measure(listed: list[Case], runs: int, repo: Path) -> dict[str, list[float]]:
    """Seconds per case, the cases taking turns."""
    environment = {"PATH": "/usr/bin:/bin", "CLAUDE_PROJECT_DIR": str(repo), "HOME": str(repo)}
    seconds: dict[str, list[float]] = {case.name: [] for case in listed}
    for turn in range(runs + 3):
        for case in listed:
            start = time.perf_counter()
            subprocess.run(
                case.command,
                input=case.text.encode(),
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
            if turn >= 3:  # the first turns warm the caches
                seconds[case.name].append(time.perf_counter() - start)
    return {name: sorted(values) for name, values in seconds.items()}


def report(listed: list[Case], seconds: dict[str, list[float]]) -> bool:
    """Print the table; whether every budget holds."""
    floor = _at(seconds[listed[0].name], 0.5)
    print(f"{'case':<34}{'p50 ms':>8}{'ratio':>7}{'p95':>7}{'budget':>8}")
    good = True
    for case in listed:
        values = seconds[case.name]
        ratio = _at(values, 0.5) / floor
        within = case.budget is None or ratio <= case.budget
        good = good and within
        budget = "" if case.budget is None else f"{case.budget:>8.1f}" + ("" if within else " !")
        print(
            f"{case.name:<34}{_at(values, 0.5) * 1000:>8.2f}{ratio:>7.2f}"
            f"{_at(values, 0.95) / floor:>7.2f}{budget}"
        )
    return good


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    root = Path(tempfile.mkdtemp(prefix="hubctl-bench-")).resolve()
    try:
        machine, repo, own = world(root)
        transcript(repo, 1000)
        listed = cases(machine, repo, own)
        good = report(listed, measure(listed, runs, repo))
        return 0 if good and _eleventh(machine, repo, own, runs) else 1
    finally:
        shutil.rmtree(root)


def _eleventh(machine: Machine, repo: Path, own: Path, runs: int) -> bool:
    """What one more hook costs: ten trivial ones against eleven, taking turns."""
    state = Path(machine.registry_dir)
    fewer = state.parent / "fewer"
    add_trivial(machine, own, range(10))
    shutil.copytree(state, fewer)
    add_trivial(machine, own, range(10, 21))
    run = [machine.interpreter, "-I", "-S", f"{machine.release}/run.py", "PreToolUse", "closed"]
    text = event("PreToolUse", repo)
    listed = [
        Case("bare interpreter, again", [machine.interpreter, "-I", "-S", "-c", "pass"], ""),
        Case("ten trivial hooks more", [*run, str(fewer)], text),
        Case("twenty-one trivial hooks more", [*run, str(state)], text),
    ]
    seconds = measure(listed, runs, repo)
    report(listed, seconds)
    floor, ten, more = (_at(seconds[case.name], 0.5) for case in listed)
    each = (more - ten) / 11 / floor
    print(f"one more hook costs {each:.3f} of the bare interpreter (budget 0.1)")
    return each <= 0.1


if __name__ == "__main__":
    raise SystemExit(main())
