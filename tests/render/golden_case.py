"""Golden cases of renderers: a folder of data in, items and files out.

    <case>/subject.json     what the renderers get: target, facts, machine, spec, sources, document,
                            and `only`, the renderer to run (all if absent)
    <case>/given.txt        files that stand there already (may be absent)
    <case>/expected.jsonl   the items, one a line, in order
    <case>/expected.txt     the files after all of them were written

Files stand in one text, each below a line `-- path --`: a real `.claude` folder or CLAUDE.md here
would be read by the client, and a real `.git` folder breaks clones. `UPDATE_GOLDEN=1` writes what
is expected anew; read the difference before committing it.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hubctl.documents.edit import edit_document
from hubctl.documents.edits import Edit
from hubctl.fleet.rendering import shipped_monitoring
from hubctl.model.item import (
    BlockText,
    FileText,
    Handler,
    Item,
    JsonValue,
    LinkTo,
    UnitState,
    Value,
)
from hubctl.model.target import Facts, Instructions, Machine, Source, Subject, Target
from hubctl.render import render

GOLDEN = Path(__file__).with_name("golden")
MACHINE = Machine(
    home="/home/dev",
    config_dir="/home/dev/.claude",
    unit_dir="/home/dev/.config/systemd/user",
    agents_dir="/home/dev/Library/LaunchAgents",
    platform="linux",
    interpreter="/usr/bin/python3",
    release="/home/dev/.local/share/hubctl/hooks/current",
    registry_dir="/home/dev/.local/state/hubctl/team/registries",
    hubctl="hubctl",
)
_SECTION = re.compile(r"^-- (.+) --\n", re.MULTILINE)
_NO_NEWLINE = "\\ no newline at the end\n"


def case_names() -> list[str]:
    return sorted(path.parent.name for path in GOLDEN.glob("*/subject.json"))


def load_subject(case: str) -> tuple[Subject, str | None]:
    data = json.loads((GOLDEN / case / "subject.json").read_text())
    name = data.get("target", "api")
    facts = data.get("facts", {})
    subject = Subject(
        target=_target(name, data.get("roots", {})),
        facts=Facts(**{**facts, "instructions": Instructions(facts.get("instructions", "none"))}),
        machine=Machine(**{**asdict(MACHINE), **data.get("machine", {})}),
        hub=data.get("hub", "team"),
        canonical="canonical.yaml",
        spec={"name": name, **data.get("spec", {})},
        sources={
            kind: tuple(_source(kind, row) for row in rows)
            for kind, rows in data.get("sources", {}).items()
        }
        | ({"monitoring": shipped_monitoring()} if facts.get("monitoring") else {}),
        document=data.get("document", {}),
    )
    return subject, data.get("only")


def _target(name: str, more: dict[str, str]) -> Target:
    if name == "host":
        roots = {".claude/": "/home/dev/.claude", **more}
        return Target(name="host", root="/home/dev", roots=roots)
    root = f"/home/dev/src/{name}"
    return Target(name=name, root=root, common_dir=f"{root}/.git")


def _source(kind: str, row: dict[str, Any]) -> Source:
    lines = row["text"]
    text = lines if isinstance(lines, str) else "".join(f"{line}\n" for line in lines)
    shown = row.get("shown", f"{kind}/{row['name']}")
    return Source(name=row["name"], text=text, shown=shown, executable=row.get("executable", False))


def rendered(case: str) -> tuple[Item, ...]:
    return render(*load_subject(case))


def item_line(item: Item) -> str:
    line = {
        "address": str(item.address),
        "scope": item.scope.value,
        "renderer": item.renderer,
        "spec": list(item.spec),
        **({"sensitive": True} if item.sensitive else {}),
        "value": _shown(item.value),
    }
    return json.dumps(line, ensure_ascii=False)


def _shown(value: Value) -> object:
    match value:
        case JsonValue():
            return {"json": value.value}
        case Handler():
            return {"matcher": value.matcher, "entry": value.entry, "ours": value.ours}
        case FileText():
            return {"lines": value.text.count("\n"), "executable": value.executable}
        case BlockText():
            return {"lines": value.text.count("\n"), "comment": value.comment}
        case LinkTo():
            return {"link": value.destination}
        case UnitState():
            return {"state": value.state}


def files_after(case: str, items: tuple[Item, ...]) -> dict[str, str]:
    """Every file with content after all items were written over what was given."""
    given = given_files(case)
    files = dict(given)
    for path in dict.fromkeys(item.address.path for item in items):
        mine = [item for item in items if item.address.path == path]
        if isinstance(mine[0].value, FileText):
            files[path] = mine[0].value.text
        elif not isinstance(mine[0].value, (LinkTo, UnitState)):
            files[path] = edited(path, given.get(path), mine)
    return files


def edited(path: str, given: str | None, items: list[Item]) -> str:
    edits = [Edit(address=item.address, value=item.value) for item in items]
    data = edit_document(path, None if given is None else given.encode(), edits, {}).data
    assert data is not None
    return data.decode()


def given_files(case: str) -> dict[str, str]:
    path = GOLDEN / case / "given.txt"
    return unpack(path.read_text()) if path.exists() else {}


def unpack(text: str) -> dict[str, str]:
    _, *parts = _SECTION.split(text)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {path: _without_mark(body) for path, body in pairs}


def pack(files: dict[str, str]) -> str:
    return "".join(f"-- {path} --\n{_with_mark(files[path])}" for path in sorted(files))


def _with_mark(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n{_NO_NEWLINE}"


def _without_mark(text: str) -> str:
    return text[: -len(_NO_NEWLINE) - 1] if text.endswith(_NO_NEWLINE) else text
