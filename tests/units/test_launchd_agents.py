from __future__ import annotations

import json
import plistlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.errors import UsageError
from hubctl.model.calendar import parse_calendar
from hubctl.model.finding import Severity
from hubctl.render.launchd import losses
from hubctl.render.schedule import launchd_intervals
from hubctl.render.unit_spec import read_units
from hubctl.render.units import unit_findings
from tests.units.runs import next_runs
from tests.units.subjects import CASES, GOLDEN, files_of, host, states_of, units_of

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "schemas/launchd.schema.json").read_text()
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def mac(**unit: Any) -> Any:
    return host({"job": {"command": "/bin/true", **unit}}, platform="darwin")


def agent(**unit: Any) -> dict[str, Any]:
    (text,) = files_of(mac(**unit)).values()
    found: dict[str, Any] = plistlib.loads(text.encode())
    VALIDATOR.validate(found)
    return found


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str) -> None:
    folder = GOLDEN / case / "launchd"
    expected = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    files = files_of(host(units_of(case), platform="darwin"))
    assert files == expected
    for name, text in files.items():
        found = plistlib.loads(text.encode())
        VALIDATOR.validate(found)
        assert name == f"{found['Label']}.plist"


def test_the_schema_is_one_and_every_key_is_described() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    keys = SCHEMA["properties"] | SCHEMA["$defs"]["interval"]["properties"]
    assert [key for key, value in keys.items() if not value.get("description")] == []


@pytest.mark.parametrize(
    "change",
    [
        {"Lable": "x"},
        {"ProgramArguments": []},
        {"StartInterval": 0},
        {"StartInterval": "5"},
        {"StartCalendarInterval": [{"Hour": 24}]},
        {"StartCalendarInterval": [{"Day": 1, "Weekday": 1}]},
        {"StartCalendarInterval": [{"Second": 1}]},
        {"RunAtLoad": True, "StartInterval": 5},
        {"KeepAlive": {}},
        {"EnvironmentVariables": {"A": 1}},
    ],
)
def test_the_schema_refuses(change: dict[str, Any]) -> None:
    good = {"Label": "hubctl-team-job", "ProgramArguments": ["/bin/true"]}
    VALIDATOR.validate(good)
    assert not VALIDATOR.is_valid(good | change)


def test_the_command_reaches_launchd_word_by_word() -> None:
    words = ["/bin/x", "a b", "", '"', "\\", "%h", "$HOME", "<&>", "--", "ünï"]
    assert agent(command=words)["ProgramArguments"] == words


def test_an_origin_that_would_end_the_comment() -> None:
    subject = host({"job": {"command": "/bin/x"}}, platform="darwin", canonical="a--\n-->b.yaml")
    (text,) = files_of(subject).values()
    assert plistlib.loads(text.encode())["Label"] == "hubctl-team-job"


@pytest.mark.parametrize(
    ("unit", "key", "expected"),
    [
        ({"every": "2min"}, "StartInterval", 120),
        ({"every": "1h 30min"}, "StartInterval", 5400),
        ({"schedule": "hourly"}, "StartCalendarInterval", [{"Minute": 0}]),
        ({"schedule": "minutely"}, "StartCalendarInterval", [{}]),
        ({"schedule": ["4:00", "*-*-* 4:00"]}, "StartCalendarInterval", [{"Hour": 4, "Minute": 0}]),
        ({"type": "simple", "restart": "always"}, "KeepAlive", True),
        ({"type": "simple", "restart": "on-failure"}, "KeepAlive", {"SuccessfulExit": False}),
        ({"type": "simple", "restart": "no"}, "KeepAlive", None),
        ({}, "RunAtLoad", True),
        ({"every": 60}, "RunAtLoad", None),
        ({"nice": 0}, "Nice", 0),
    ],
)
def test_keys(unit: dict[str, Any], key: str, expected: object) -> None:
    assert agent(**unit).get(key) == expected


def test_states_name_the_label() -> None:
    assert states_of(mac(every=60)) == {
        "hubctl-team-job#enabled": "enabled",
        "hubctl-team-job#active": "active",
    }


@pytest.mark.parametrize(
    ("unit", "lost"),
    [
        ({"memory_max": "30M"}, ["memory_max"]),
        ({"cpu_quota": "10%"}, ["cpu_quota"]),
        (
            {"every": "90s", "randomized_delay": "5s", "accuracy": "1s"},
            ["randomized_delay", "accuracy"],
        ),
        ({"timeout": "5min"}, ["timeout"]),
        ({"after": "a.target", "wants": "a.target"}, ["after", "wants"]),
        ({"schedule": "daily"}, ["persistent"]),
        ({"schedule": "daily", "persistent": True}, ["persistent"]),
        ({"schedule": "4:00:30"}, ["persistent", "schedule"]),
        ({"every": "1.5s"}, ["every"]),
        ({"type": "simple", "restart": "on-watchdog"}, ["restart"]),
        ({"systemd": {"Service": {"Slice": "x"}}}, ["the `systemd` map is for systemd only"]),
        ({"every": "90s", "nice": 5, "environment": {"A": "b"}}, []),
    ],
)
def test_what_is_lost_is_named(unit: dict[str, Any], lost: list[str]) -> None:
    (read,) = read_units(mac(**unit)).units
    assert [text.partition(":")[0] for text in losses(read)] == lost
    findings = unit_findings(mac(**unit))
    assert {(f.rule, f.severity, f.exit_code) for f in findings} <= {
        ("units/lost", Severity.NOTE, 0)
    }
    assert [f.message for f in findings] == [
        f"unit hubctl-team-job: {text}" for text in losses(read)
    ]
    assert len(files_of(mac(**unit))) == 1


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        ({"schedule": "9:00 Europe/Berlin"}, "local time zone only, not Europe/Berlin"),
        ({"schedule": "2030-*-*"}, "no years"),
        ({"schedule": "*-*~1"}, "end of a month"),
        ({"schedule": "Mon *-*-1..7"}, "on a weekday or on a day of the month"),
        ({"schedule": "*:*:0/10"}, "once a minute"),
        ({"schedule": "*:*:0,30"}, "once a minute"),
        ({"schedule": "*:*:0.5"}, "no parts of a second"),
        ({"schedule": "*-*-1..20 1..20:1..20"}, "8000 calendar entries"),
        ({"every": "500ms"}, "every second"),
        ({"systemd": {"Timer": {"OnBootSec": "5min"}}}, "its times are in the `systemd` map only"),
        ({"command": None, "systemd": {"Service": {"ExecStart": "/bin/x"}}}, "its command is in"),
    ],
)
def test_what_launchd_cannot_run_is_left_out_with_the_reason(
    unit: dict[str, Any], reason: str
) -> None:
    (finding,) = unit_findings(mac(**unit))
    assert (finding.severity, finding.exit_code) == (Severity.WARNING, 1)
    assert finding.path == "units.job"
    assert f"is not rendered: {reason}" in finding.message or reason in finding.message
    assert files_of(mac(**unit)) == {}
    assert states_of(mac(**unit)) == {}


def _listed(high: int, low: int = 0) -> st.SearchStrategy[str]:
    numbers = st.integers(low, high)
    return st.one_of(
        st.just("*"),
        st.lists(numbers, min_size=1, max_size=3).map(lambda found: ",".join(map(str, found))),
        st.builds("{}/{}".format, numbers, st.integers(1, high // 2)),
    )


_DATES = st.one_of(
    st.builds("*-{}-{}".format, _listed(12, 1), _listed(31, 1)),
    st.sampled_from(["Mon", "Sat,Sun", "Mon..Fri", "Wed *-3,6-*"]),
)


@settings(max_examples=60, deadline=None)
@given(st.builds("{} {}:{}".format, _DATES, _listed(23), _listed(59)))
def test_the_intervals_mean_the_minutes_of_the_expression(text: str) -> None:
    try:
        calendar = parse_calendar(text)
        intervals = launchd_intervals(calendar)
    except UsageError:
        return  # runs that cannot happen, or too many of them
    moment = datetime(2027, 12, 30, 22, 17)
    for run in next_runs(calendar, moment, 5):
        assert any(_fits(run, interval) for interval in intervals), run
    for minute in range(1, 400):
        then = moment + timedelta(minutes=minute)
        wanted = next_runs(calendar, then - timedelta(minutes=1), 1) == (then,)
        assert any(_fits(then, interval) for interval in intervals) is wanted, then


def _fits(moment: datetime, interval: dict[str, int]) -> bool:
    """Whether launchd starts a job with this interval at this moment, as launchd.plist(5) says."""
    parts = {
        "Month": moment.month,
        "Day": moment.day,
        "Weekday": moment.isoweekday() % 7,
        "Hour": moment.hour,
        "Minute": moment.minute,
    }
    return moment.second == 0 and all(parts[key] == value for key, value in interval.items())
