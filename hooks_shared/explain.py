"""Answers one event as the dispatcher does, and says on stderr what happened meanwhile.

For `hubctl hooks run EVENT --explain`; the client never runs this. stdout and the exit code are
the dispatcher's own.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    Json = dict[str, object]


def main(arguments: list[str]) -> int:
    """The dispatcher's exit code."""
    known = set(sys.modules)
    talk = os.dup(2)  # the dispatcher leads 1 and 2 away, so that no hook reaches them
    from hooks_shared import dispatch

    def told(record: "Json") -> None:
        os.write(talk, _text(record, sorted(set(sys.modules) - known)).encode("utf-8", "replace"))

    return dispatch.main(arguments, told)


def _text(record: "Json", modules: list[str]) -> str:
    lines = [
        f"event     {record['event']}" + (f", tool {record['tool']}" if record["tool"] else ""),
        f"registry  {record['folder'] or 'none of this repository'}",
        f"verdict   {record['decision'] or 'none'}, exit code {record['code']}",
        f"time      {record['ms']} ms in the dispatcher",
    ]
    hooks = record["hooks"]
    lines += [f"hook      {_hook(row)}" for row in (hooks if isinstance(hooks, list) else [])]
    incidents = record["incidents"]
    told = incidents if isinstance(incidents, list) else []
    lines += [f"incident  {incident}" for incident in told]
    ours = [name for name in modules if name.startswith("hooks_shared")]
    others = [name for name in modules if name not in ours]
    lines.append(f"imports   {len(ours)} of hubctl: {', '.join(ours)}")
    lines.append(f"          {len(others)} others: {', '.join(others) or 'none'}")
    return "\n".join(lines) + "\n"


def _hook(row: "Json") -> str:
    said = row.get("problem") or row.get("decision") or "nothing to say"
    return f"{row['id']}: {row.get('ms', 0)} ms, {said}"
