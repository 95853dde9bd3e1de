"""Plans as data: one of every status, kind of value and odd character a report can meet."""

from __future__ import annotations

from hubctl.model.address import parse_address
from hubctl.model.change import Change, Plan, TargetPlan
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.item import BlockText, FileText, Handler, JsonValue, LinkTo, UnitState
from hubctl.model.report import Outcome
from hubctl.model.state import ABSENT, Action, Scope, Status

HOME = "/home/ann"
SECRET = "sk-ant-very-secret-0123456789"

_ACTIONS = {
    Status.PENDING: Action.CREATE,
    Status.DRIFTED: Action.UPDATE,
    Status.MISSING: Action.CREATE,
    Status.ORPHAN: Action.DELETE,
}
_REASONS = {
    Status.PENDING: "canonical wants it and nothing stands there",
    Status.DRIFTED: "somebody changed what hubctl wrote",
    Status.MISSING: "somebody removed what hubctl wrote",
    Status.CONFLICT: "canonical and the file changed, each its own way",
    Status.ORPHAN: "canonical no longer wants it",
    Status.UNMANAGED: "somebody added it; hubctl leaves it alone",
    Status.SHADOWED: ".claude/settings.local.json sets another value, which wins",
    Status.UNREADABLE: "it is no JSON document",
}


def at(line, column=0, file="canonical.yaml"):
    return Location(file=file, line=line, column=column)


def change(address, status, desired=None, observed=ABSENT, line=0, **more):
    given = {
        "address": parse_address(address),
        "scope": Scope.COMMITTED,
        "renderer": "settings",
        "status": status,
        "action": _ACTIONS.get(status, Action.NONE),
        "desired": desired,
        "observed": observed,
        "reason": _REASONS.get(status, ""),
        "decided_by": at(line) if line else None,
    }
    return Change(**given | more)


def json_value(value):
    return JsonValue(value=value)


def target(name, *changes, in_sync=0, findings=(), root=""):
    return TargetPlan(
        target=name,
        root=root or f"{HOME}/src/{name}",
        changes=tuple(sorted(changes, key=lambda c: c.address)),
        in_sync=in_sync,
        findings=findings,
    )


def plan(*targets, findings=()):
    return Plan(
        hub="home",
        canonical="canonical.yaml",
        revision="sha256:0123",
        targets=targets,
        findings=findings,
    )


def handler(command, **more):
    return Handler(matcher="Bash", entry={"type": "command", "command": command, **more})


BLOCK_OLD = "# api\n\nRun the tests with `pytest`.\n\n- Python 3.11\n- ruff\n"
BLOCK_NEW = "# api\n\nRun the tests with `pytest -q`.\n\n- Python 3.12\n- ruff\n- mypy\n"
COMMAND = "---\ndescription: Write the failing test first\n---\n\n" + "".join(
    f"{number}. Step {number}\n" for number in range(1, 41)
)

API = target(
    "api",
    change(
        'api:.claude/settings.json#/permissions/allow="Bash(pytest:*)"',
        Status.PENDING,
        json_value("Bash(pytest:*)"),
        line=31,
    ),
    change(
        "api:.claude/settings.json#/model",
        Status.DRIFTED,
        json_value("opus"),
        json_value("sonnet"),
        line=12,
    ),
    change(
        "api:.claude/settings.json#/sandbox",
        Status.DRIFTED,
        json_value({"enabled": True, "network": {"allow": ["registry.example.org", "github.com"]}}),
        json_value({"enabled": False, "network": {"allow": ["registry.example.org"]}, "x": 1}),
        line=14,
    ),
    change(
        "api:.claude/settings.json#/env/API_TOKEN",
        Status.DRIFTED,
        json_value(SECRET),
        json_value("other-secret-value"),
        line=15,
        sensitive=True,
        reason=f"somebody put {SECRET} away",
    ),
    change(
        "api:.claude/settings.json#hook:PreToolUse/hubctl",
        Status.MISSING,
        handler("/bin/sh -c 'run.py PreToolUse'", timeout=5),
        line=9,
    ),
    change(
        "api:CLAUDE.md#block:hub",
        Status.PENDING,
        BlockText(text=BLOCK_NEW, comment="html"),
        BlockText(text=BLOCK_OLD, comment="html"),
        line=40,
        action=Action.UPDATE,
        reason="canonical changed",
        renderer="instructions",
    ),
    change(
        "api:.claude/commands/tdd/red.md",
        Status.PENDING,
        FileText(text=COMMAND),
        line=22,
        renderer="commands",
    ),
    change(
        "api:.claude/hooks/run",
        Status.PENDING,
        LinkTo(destination="/home/ann/.local/share/hubctl/hooks/current/run.py"),
        line=9,
        scope=Scope.LOCAL,
        renderer="hooks",
    ),
    change("api:.claude/rules/old.md", Status.ORPHAN, None, FileText(text="old\n"), renderer=""),
    change(
        "api:.claude/settings.json#/outputStyle",
        Status.CONFLICT,
        json_value("terse"),
        json_value("chatty"),
        line=18,
    ),
    change(
        "api:.claude/settings.json#/companyAnnouncements",
        Status.UNMANAGED,
        None,
        json_value(["hello"]),
    ),
    change(
        "api:.claude/settings.json#/cleanupPeriodDays",
        Status.SHADOWED,
        json_value(30),
        json_value(30),
        line=19,
    ),
    change(
        "api:.claude/settings.json#/spinnerTipsEnabled",
        Status.DRIFTED,
        json_value(False),
        json_value(True),
        line=20,
        excepted="trial until 2030-01-01",
    ),
    in_sync=18,
)
WEB = target(
    "web",
    findings=(
        Finding(
            rule="documents/unparsable",
            severity=Severity.ERROR,
            message="a comment is not JSON, so the file is left alone",
            location=Location(file=f"{HOME}/src/web/.claude/settings.json", line=3, column=5),
            address="web:.claude/settings.json",
            expected="a JSON object",
            hint="remove the comment, then run hubctl plan web",
            exit_code=3,
        ),
    ),
    in_sync=6,
)
HOST = target(
    "host",
    change(
        "host:unit:hub-sync.timer#enabled",
        Status.MISSING,
        UnitState(state="enabled"),
        UnitState(state="disabled"),
        line=60,
        renderer="units",
        scope=Scope.LOCAL,
        action=Action.UPDATE,
        reason="somebody disabled it",
    ),
    in_sync=9,
    root=HOME,
)
WORKER = target("worker", in_sync=12)
FLEET = plan(
    API,
    HOST,
    WEB,
    WORKER,
    findings=(
        Finding(
            rule="fleet/duplicate-skill",
            severity=Severity.WARNING,
            message="skill pytest in api and web is nearly the same text",
            location=at(70, 5),
            path="repositories.web.skills",
            hint="move it to skills/ of the hub",
            exit_code=1,
        ),
    ),
)
CLEAN = plan(target("api", in_sync=20), target("web", in_sync=20))
SMALL = plan(
    target(
        "api",
        change(
            "api:.claude/settings.json#/model",
            Status.DRIFTED,
            json_value("opus"),
            json_value("sonnet"),
            line=12,
        ),
        in_sync=3,
    )
)
ODD = plan(
    target(
        "api",
        change(
            "api:.claude/settings.json#/note",
            Status.DRIFTED,
            json_value(
                "日本語のとても長いテキストが端末の幅を超えてしまう場合にどうなるかを確かめるための文"
            ),
            json_value("evil \x1b[2J\u202etxt\u200b | `x` <b>@ann\n::error::x, %25"),
            line=12,
        ),
        change("api:deep/日本/file.md", Status.MISSING, FileText(text="a\tb\r\n\ud800\x00c")),
        change(
            "api:.claude/settings.json#/x", Status.DRIFTED, json_value(None), json_value([]), line=1
        ),
        in_sync=1,
    )
)
APPLIED = (
    Outcome(target="api", written=7, journal="2030-1"),
    Outcome(
        target="host",
        failed=1,
        exit_code=3,
        message="systemctl --user: no user manager",
        hint="hubctl apply host --only units",
    ),
)
EMPTY = plan()
INVALID = plan(
    findings=(
        Finding(
            rule="canonical/unknown-key",
            severity=Severity.ERROR,
            message="unknown key 'skils'",
            location=at(70, 5),
            path="repositories.web.skils",
            expected="one of skills, commands, agents",
            hint="did you mean skills?",
            exit_code=2,
        ),
        Finding(
            rule="canonical/unknown-profile",
            severity=Severity.ERROR,
            message="no profile is called 'pyhton'",
            location=at(9, 12),
            expected="python, web",
            hint="did you mean python?",
            exit_code=2,
        ),
        Finding(
            rule="sources/unmatched",
            severity=Severity.WARNING,
            message="no skill matches 'speckit.*'",
            location=at(70),
            exit_code=1,
        ),
    ),
)
