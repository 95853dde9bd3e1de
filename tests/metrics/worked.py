"""A home in which there was bad work just now, told by those who write such things for real.

Transcripts as the client writes them, a spool through the hooks' own store; both are read by a
refresh. Every alert of the first hub has a reason here.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from hooks_shared import store as spool
from hubctl.metrics.refresh import refresh
from hubctl.metrics.store import metrics_path
from hubctl.system.places import find_places
from tests.metrics.sessions import NOON, answer_line, call_lines, result_line, write_session

OUTPUT = 150_000  # tokens of one answer


class Home:
    """Its places, and the parts of the work that were done."""

    def __init__(self, path):
        self._path = path
        self.places = find_places({"HOME": str(path)})
        self.store = metrics_path(self.places)

    def work(self, part):
        """A session, its subagents and the hooks that ran in it, all in the last half hour."""
        ago = (datetime.now(UTC) - NOON).total_seconds() - 1700
        session = f"session-{part}"
        lines = [
            answer_line(session, f"m{part}-{n}", f"r{part}-{n}", OUTPUT, seconds=ago + n)
            for n in range(20)
        ]
        unknown = {"model": "model-of-nobody", "seconds": ago + 21}
        lines.append(answer_line(session, f"u{part}", f"ru{part}", 10, **unknown))
        for n in range(20):
            found = {"ok": n % 3 > 0, "seconds": ago + 30 + n}
            lines += call_lines(session, f"call-{part}-{n}", ("Bash", "Read")[n % 2], **found)
        lines += [line for n in range(6) for line in agent_lines(session, part, n, ago + 60)]
        write_session(self._path, session, lines)
        self._spool(session, part)
        done = refresh(self.places)
        assert done.problem == ""

    def _spool(self, session, part):
        hooks = f"{self.places.state}/hub/hooks"
        began = time.time() - 1500
        for n in range(12):
            event = ("PreToolUse", "TaskCreated", "TaskCompleted", "Stop")[n % 4]
            record = {
                "t": began + n,
                "event": event,
                "session": session,
                "folder": f"{self.places.state}/hub/hooks/repositories/home/dev/project",
                "tool": "Bash",
                "ms": 700.0,
                "hooks": [
                    {"id": "git-safety-check", "ms": 650.0, "decision": "deny"},
                    {"id": "auto-format", "ms": 3.0, "problem": "deadline"},
                ],
                "samples": [{"name": "edit", "lines": 3}],
                "code": 0,
                "of": {"task_id": f"task-{part}-{n // 4}"},
            }
            assert spool.append(hooks, record)


def agent_lines(session, part, number, at):
    call = f"agent-call-{part}-{number}"
    asked, _ = call_lines(session, call, "Task", seconds=at + number)
    told = {
        "agentId": f"a{part}{number}",
        "agentType": "Explore",
        "status": "completed" if number % 2 else "failed",
        "totalDurationMs": 500,
    }
    return [asked, result_line(session, call, True, at + number + 1, toolUseResult=told)]
