"""An installed release, a repository with every hook of ours on, and what the client tells them."""

from __future__ import annotations

import json
import subprocess
import sys
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
LISTED = {
    event: [{"hook": hook.id, "scope": "local"} for hook in registry.HOOKS if event in hook.events]
    for event in ("PreToolUse", "PostToolUse", "SessionStart")
}


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


def compile_below(folder: Path) -> None:
    """Bytecode as releases have it; any other kind is loaded more slowly."""
    asked = ["-q", "-f", "--invalidation-mode", "unchecked-hash", str(folder)]
    subprocess.run([sys.executable, "-I", "-S", "-m", "compileall", *asked], check=True)


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
    compile_below(folder)


def event_text(name: str, repo: Path, **fields: Any) -> str:
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
