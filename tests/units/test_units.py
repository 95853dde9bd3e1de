from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.model.address import parse_address
from hubctl.model.finding import Severity
from hubctl.model.state import Scope
from hubctl.model.target import Target
from hubctl.render.units import unit_findings
from hubctl.system.systemd import verify
from tests.units.subjects import CASES, GOLDEN, files_of, host, items_of, one, states_of, units_of

if TYPE_CHECKING:
    from hubctl.model.item import Item


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str) -> None:
    folder = GOLDEN / case / "systemd"
    expected = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert files_of(host(units_of(case))) == expected
    assert unit_findings(host(units_of(case))) == ()


@pytest.mark.usefixtures("systemd_analyze")
@pytest.mark.parametrize("case", CASES)
def test_systemd_has_nothing_to_say_about_the_golden_cases(case: str) -> None:
    units = {name: {**unit, "command": _runnable(unit)} for name, unit in units_of(case).items()}
    files = files_of(host(units))
    assert files
    assert verify(files) == ()


def _runnable(unit: dict[str, Any]) -> list[str]:
    """The command with a program that exists everywhere."""
    command = unit["command"]
    return ["/bin/sh", *(command if isinstance(command, list) else command.split())[1:]]


def test_states() -> None:
    assert states_of(host(units_of("repository_units"))) == {
        "hubctl-team-api-nightly-tests.timer#enabled": "enabled",
        "hubctl-team-api-nightly-tests.timer#active": "active",
        "hubctl-team-api-worker.service#enabled": "enabled",
        "hubctl-team-api-worker.service#active": "active",
        "hubctl-team-greeting.service#enabled": "disabled",
    }
    assert states_of(one(schedule="daily", enabled=False)) == {
        "hubctl-team-job.timer#enabled": "disabled",
        "hubctl-team-job.timer#active": "inactive",
    }


def test_items_are_local_addressable_and_hide_environments() -> None:
    items = items_of(host(units_of("repository_units")))
    assert {item.scope for item in items} == {Scope.LOCAL}
    assert all(parse_address(str(item.address)) == item.address for item in items)
    assert {item.spec for item in items} == {
        ("units", name) for name in units_of("repository_units")
    }
    hidden = {_name(item) for item in items if item.sensitive}
    assert hidden == {"hubctl-team-api-nightly-tests.service"}


def _name(item: Item) -> str:
    return item.address.path.rpartition("/")[2]


def test_other_targets_and_macos_get_none() -> None:
    subject = host(units_of("six_timers"))
    repository = replace(subject, target=Target(name="api", root="/home/dev/src/api"))
    assert items_of(replace(subject, spec={"name": "host"})) == ()
    assert unit_findings(repository) == ()
    names = files_of(host(units_of("six_timers"), platform="darwin"))
    assert {name.rpartition(".")[2] for name in names} == {"plist"}


def service(**unit: Any) -> list[str]:
    """Lines of the service of a unit called `job`."""
    return files_of(one(**unit))["hubctl-team-job.service"].splitlines()


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("hubctl drift --fix", "ExecStart=/home/dev/.local/bin/hubctl drift --fix"),
        ("notify-send 'a b' c\\ d", 'ExecStart=notify-send "a b" "c d"'),
        ("~/bin/x ~/y a~/b", 'ExecStart=/home/dev/bin/x /home/dev/y "a~/b"'),
        ("sh -c 'a && b > $HOME/c'", 'ExecStart=sh -c "a && b > $$HOME/c"'),
        (["sh", "-c", "echo `id` 100%"], 'ExecStart=sh -c "echo `id` 100%%"'),
        (["./run", 5, True], "ExecStart=/srv/app/run 5 true"),
        ("../bin/run", "ExecStart=/srv/bin/run"),
        ("echo 5$ $", "ExecStart=echo 5$$ $$"),
    ],
)
def test_commands(command: object, line: str) -> None:
    assert line in service(command=command, working_directory="/srv/app")


def test_what_the_systemd_map_says_replaces_and_adds() -> None:
    lines = service(
        memory_max="1G",
        nice=5,
        systemd={
            "Service": {
                "MemoryMax": "2G",
                "Nice": [],
                "ExecStartPre": ["a", "-b %h"],
                "Slice": "x",
            },
            "Unit": {"Description": "other"},
            "Install": {"WantedBy": "basic.target"},
        },
    )
    wanted = ["MemoryMax=2G", "ExecStartPre=a", "ExecStartPre=-b %h", "Slice=x"]
    assert [line for line in lines if line in wanted] == wanted
    assert not [line for line in lines if line.startswith(("Nice", "MemoryMax=1G"))]
    assert "Description=other" in lines
    assert lines[-2:] == ["[Install]", "WantedBy=basic.target"]


def test_a_connection_starts_a_unit_that_listens() -> None:
    subject = one(type="simple", listen=4318)
    files = files_of(subject)
    assert "ListenStream=127.0.0.1:4318\n" in files["hubctl-team-job.socket"]
    assert "WantedBy=sockets.target\n" in files["hubctl-team-job.socket"]
    assert "Requires=hubctl-team-job.socket\n" in files["hubctl-team-job.service"]
    assert "[Install]" not in files["hubctl-team-job.service"]
    assert states_of(subject) == {
        "hubctl-team-job.socket#enabled": "enabled",
        "hubctl-team-job.socket#active": "active",
    }


def test_a_socket_may_be_made_of_the_systemd_map_alone() -> None:
    files = files_of(one(type="simple", systemd={"Socket": {"ListenStream": "%t/job"}}))
    assert "ListenStream=%t/job" in files["hubctl-team-job.socket"].splitlines()


def test_hubctl_in_a_unit_works_on_this_hub() -> None:
    subject = one(command="hubctl alerts check")
    machine = replace(subject.machine, hub_dir="/home/dev/my hub")
    line = 'ExecStart=/home/dev/.local/bin/hubctl --hub "/home/dev/my hub" alerts check'
    subject = replace(subject, machine=machine)
    assert line in files_of(subject)["hubctl-team-job.service"].splitlines()


def test_a_timer_may_be_made_of_the_systemd_map_alone() -> None:
    files = files_of(one(systemd={"Timer": {"OnBootSec": "5min"}}))
    assert "OnBootSec=5min" in files["hubctl-team-job.timer"]
    assert "[Install]" not in files["hubctl-team-job.service"]


def test_a_command_may_be_made_of_the_systemd_map_alone() -> None:
    subject = host({"job": {"systemd": {"Service": {"ExecStart": ["/bin/a", "/bin/b $X"]}}}})
    text = files_of(subject)["hubctl-team-job.service"]
    assert "ExecStart=/bin/a\nExecStart=/bin/b $X\n" in text


def test_the_own_repository_goes_first_when_a_unit_names_another() -> None:
    units = {
        "build": {"command": "/bin/true"},
        "api/build": {"command": "/bin/true", "repository": "api", "directory": "/srv/api"},
        "api/test": {
            "command": "/bin/true",
            "repository": "api",
            "directory": "/srv/api",
            "after": ["build", "api/build", "basic.target"],
        },
        "test": {"command": "/bin/true", "after": "build"},
    }
    files = files_of(host(units))
    own = "hubctl-team-api-build.service"
    assert f"After={own} {own} basic.target" in files["hubctl-team-api-test.service"]
    assert "After=hubctl-team-build.service" in files["hubctl-team-test.service"]


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"command": ""}, "units.job.command", "needs a command"),
    ({"command": []}, "units.job.command", "needs a command"),
    ({"command": {"a": 1}}, "units.job.command", "needs a command"),
    ({"command": "a | b"}, "units.job.command", "'|' would need a shell"),
    ({"command": "a > b"}, "units.job.command", "'>' would need a shell"),
    ({"command": "rm *.tmp"}, "units.job.command", "'*' would need a shell"),
    ({"command": 'echo "$HOME"'}, "units.job.command", "'$H' would need a shell"),
    ({"command": "echo $(id)"}, "units.job.command", "would need a shell"),
    ({"command": "echo 'a"}, "units.job.command", "cannot be split"),
    ({"command": ["-x"]}, "units.job.command", "cannot run a program"),
    ({"command": ["/opt/$X/y"]}, "units.job.command", "cannot run a program"),
    ({"command": "/bin/a\nExecStart=/bin/b"}, "units.job.command", "line break"),
    ({"command": ["/bin/a", "b\x00"]}, "units.job.command", "control character"),
    ({"command": ["/bin/a", None]}, "units.job.command", "not nothing"),
    ({"description": "a\nExecStart=/bin/evil"}, "units.job.description", "line break"),
    ({"description": "a\u2028b"}, "units.job.description", "line break"),
    ({"description": "\ud800"}, "units.job.description", "control character"),
    ({"description": "a\\"}, "units.job.description", "backslash"),
    ({"schedule": "often"}, "units.job.schedule", "not a calendar expression"),
    ({"schedule": ["daily", "25:00"]}, "units.job.schedule", "not a calendar expression"),
    ({"schedule": "daily\n[Service]"}, "units.job.schedule", "line break"),
    ({"every": "often"}, "units.job.every", "not a time span"),
    ({"every": 0}, "units.job.every", "cannot run every 0"),
    ({"every": True}, "units.job.every", "not a time span"),
    ({"randomized_delay": "x", "every": 5}, "units.job.randomized_delay", "not a time span"),
    ({"accuracy": "x", "every": 5}, "units.job.accuracy", "not a time span"),
    ({"timeout": "x"}, "units.job.timeout", "not a time span"),
    ({"memory_max": "30MB"}, "units.job.memory_max", "not a memory limit"),
    ({"cpu_quota": 10}, "units.job.cpu_quota", "not a CPU quota"),
    ({"nice": 20}, "units.job.nice", "from -20 to 19"),
    ({"nice": "5"}, "units.job.nice", "from -20 to 19"),
    ({"nice": True}, "units.job.nice", "from -20 to 19"),
    ({"type": "forking"}, "units.job.type", "none of oneshot, simple"),
    ({"restart": "sometimes"}, "units.job.restart", "none of no, on-failure"),
    ({"restart": "always"}, "units.job.restart", "type simple"),
    ({"enabled": "yes"}, "units.job.enabled", "true or false"),
    ({"persistent": 1, "schedule": "daily"}, "units.job.persistent", "true or false"),
    ({"environment": ["A=1"]}, "units.job.environment", "a map is expected"),
    ({"environment": {"A B": "1"}}, "units.job.environment", "'A B' cannot be the name"),
    ({"environment": {"A": "1\nB=2"}}, "units.job.environment.A", "line break"),
    ({"environment": {"A": {"b": 1}}}, "units.job.environment.A", "not a map"),
    ({"working_directory": "srv"}, "units.job.working_directory", "absolute path"),
    ({"working_directory": "/a\n[X]"}, "units.job.working_directory", "line break"),
    ({"after": "nothing"}, "units.job.after", "no unit 'nothing'"),
    ({"wants": ["a b.service"]}, "units.job.wants", "no unit"),
    ({"documentation": "see there"}, "units.job.documentation", "no link"),
    ({"systemd": {"Path": {}}}, "units.job.systemd", "'Path' is none of"),
    ({"listen": 0, "type": "simple"}, "units.job.listen", "from 1 to 65535"),
    ({"listen": "80", "type": "simple"}, "units.job.listen", "from 1 to 65535"),
    ({"listen": 4318}, "units.job.listen", "a oneshot has ended"),
    (
        {"listen": 4318, "type": "simple", "every": "1h"},
        "units.job.listen",
        "by the clock or by a connection",
    ),
    ({"systemd": {"Unit]\n[Service": {}}}, "units.job.systemd", "none of Unit, Service"),
    ({"systemd": {"Service": ["Nice=1"]}}, "units.job.systemd.Service", "a map is expected"),
    ({"systemd": {"Service": {"A=b\nC": 1}}}, "units.job.systemd", "cannot be a key"),
    ({"systemd": {"Service": {"Slice": "a\nb"}}}, "units.job.systemd.Service.Slice", "line break"),
    ({"systemd": {"Service": {"Slice": "a\\"}}}, "units.job.systemd.Service.Slice", "backslash"),
    ({"systemd": {"Service": {"Slice": {}}}}, "units.job.systemd.Service.Slice", "not a map"),
]


@pytest.mark.parametrize(("unit", "path", "message"), REFUSED)
def test_a_unit_that_cannot_be_is_refused_and_not_rendered(
    unit: dict[str, Any], path: str, message: str
) -> None:
    subject = one(**unit)
    findings = unit_findings(subject)
    assert [finding.path for finding in findings] == [path]
    assert message in findings[0].message
    assert (findings[0].severity, findings[0].exit_code) == (Severity.ERROR, 2)
    assert items_of(subject) == ()


def test_every_reason_is_told_at_once_and_other_units_stay() -> None:
    units = {
        "bad": {"command": "a | b", "nice": 99, "every": "x"},
        "good": {"command": "/bin/true", "schedule": "daily"},
    }
    findings = unit_findings(host(units))
    assert [finding.path.rpartition(".")[2] for finding in findings] == ["command", "every", "nice"]
    assert list(files_of(host(units))) == ["hubctl-team-good.service", "hubctl-team-good.timer"]


@pytest.mark.parametrize(
    "name", ["../x", "a b", "a.service", "", "x\ny", "ä", "-x", "x" * 300, "a@"]
)
def test_names_that_no_file_may_have(name: str) -> None:
    subject = host({name: {"command": "/bin/true"}})
    assert items_of(subject) == ()
    (finding,) = unit_findings(subject)
    assert "letters, digits" in finding.message
    assert "\n" not in finding.path + finding.address + finding.message


@pytest.mark.parametrize("hub", ["", "a b", "../x", "Team\n"])
def test_a_hub_whose_name_no_file_may_have(hub: str) -> None:
    subject = host({"job": {"command": "/bin/true"}}, hub=hub)
    assert items_of(subject) == ()
    assert len(unit_findings(subject)) == 1


def test_two_units_of_one_file_are_refused() -> None:
    units = {
        "api-x": {"command": "/bin/true"},
        "api/x": {"command": "/bin/true", "repository": "api", "directory": "/srv/api"},
        "Job": {"command": "/bin/true"},
        "job": {"command": "/bin/true"},
    }
    findings = unit_findings(host(units))
    assert [(f.path, f.message) for f in findings] == [
        ("repositories.api.units.x", "its files would be those of units.api-x"),
        ("units.job", "its files would be those of units.Job"),
    ]
    assert list(files_of(host(units))) == ["hubctl-team-Job.service", "hubctl-team-api-x.service"]


def test_a_unit_whose_repository_is_not_on_this_machine_is_left_out_with_a_note() -> None:
    unit = {"command": "./run", "repository": "api", "directory": ""}
    (finding,) = unit_findings(host({"api/job": unit}))
    assert finding.severity is Severity.NOTE
    assert finding.path == "repositories.api.units.job"
    assert "api has no path on this machine" in finding.message
    assert items_of(host({"api/job": unit})) == ()


def test_null_means_not_given() -> None:
    unit = {
        **dict.fromkeys(("description", "schedule", "every", "nice", "timeout", "enabled")),
        **dict.fromkeys(("type", "restart", "after", "wants", "persistent", "memory_max")),
        "environment": {"A": None, "B": "1"},
        "systemd": {"Timer": None, "Service": {"Slice": None, "Nice": 1}},
    }
    subject = host({"job": {"command": "/bin/true", **unit}, "gone": None})
    assert unit_findings(subject) == ()
    (text,) = files_of(subject).values()
    assert text.partition("[Service]\n")[2] == (
        "Type=oneshot\nExecStart=/bin/true\nEnvironment=B=1\nNice=1\n\n"
        "[Install]\nWantedBy=default.target\n"
    )


def test_a_relative_program_is_found_from_the_home_folder_where_none_is_given() -> None:
    assert "ExecStart=/home/dev/bin/x" in service(command="bin/x")


@pytest.mark.parametrize(
    ("unit", "key"),
    [
        ({"persistent": True}, "persistent"),
        ({"persistent": True, "every": "5min"}, "persistent"),
        ({"randomized_delay": "5min"}, "randomized_delay"),
        ({"accuracy": "1s", "type": "simple"}, "accuracy"),
    ],
)
def test_a_field_without_effect_is_a_note_and_the_unit_stays(
    unit: dict[str, Any], key: str
) -> None:
    (finding,) = unit_findings(one(**unit))
    assert (finding.severity, finding.exit_code) == (Severity.NOTE, 0)
    assert finding.path == f"units.job.{key}"
    assert "hubctl-team-job.service" in files_of(one(**unit))


_TEXT = st.text(max_size=20) | st.text(st.sampled_from("\n\r\\\"'%$=[];# aE\u2028"), max_size=8)
_VALUES = st.one_of(_TEXT, st.none(), st.booleans(), st.integers(), st.floats(), st.lists(_TEXT))
_UNITS = st.fixed_dictionaries(
    {"command": st.one_of(_TEXT, st.lists(_TEXT, max_size=4).map(lambda w: ["/bin/x", *w]))},
    optional={
        "description": _VALUES,
        "schedule": _VALUES,
        "environment": st.dictionaries(_TEXT | st.just("A"), _VALUES, max_size=3),
        "working_directory": _TEXT.map(lambda text: f"/srv/{text}"),
        "systemd": st.dictionaries(
            st.sampled_from(["Service", "Unit"]) | _TEXT,
            st.dictionaries(_TEXT | st.just("Slice"), _VALUES, max_size=2),
            max_size=2,
        ),
        "after": _VALUES,
        "nice": _VALUES,
        "documentation": _VALUES,
    },
)
_OURS = {
    *("Description", "Documentation", "After", "Wants", "Type", "ExecStart", "WorkingDirectory"),
    *("Environment", "Nice", "WantedBy", "OnCalendar"),
}


@settings(max_examples=100, deadline=None)
@given(_TEXT | st.just("job"), _UNITS, st.sampled_from(["linux", "darwin"]))
def test_no_value_can_smuggle_in_a_directive(
    name: str, unit: dict[str, Any], platform: str
) -> None:
    subject = host({name: unit}, platform=platform)
    findings = unit_findings(subject)
    assert items_of(subject) or findings
    assert not any("\n" in f.path + f.address for f in findings)
    own = {key for keys in (unit.get("systemd") or {}).values() for key in keys}
    for file, text in files_of(subject).items():
        assert "/" not in file
        text.encode("utf-8")
        if not file.endswith(".plist"):
            assert _keys(text) <= _OURS | own
            assert text.count("\nExecStart=") == 1


def _keys(text: str) -> set[str]:
    """Keys of a unit file, read as systemd does: line by line, a backslash joining two."""
    joined = text.replace("\\\n", " ")
    lines = [line for line in joined.split("\n") if line and line[0] not in "#;["]
    return {line.partition("=")[0] for line in lines}
