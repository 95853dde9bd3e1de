"""What shows when targets are looked at side by side, each beside its near misses."""

from __future__ import annotations

import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.check.fleet import fleet_findings
from hubctl.check.fleet.duplicates import listed, name_of
from hubctl.check.inventory import (
    Inventory,
    OwnFile,
    Setting,
    inventory_from_json,
    inventory_to_json,
)
from hubctl.check.similar import digest_of, sketch_of, words_of
from hubctl.model.address import parse_address

CHECK = ".claude/commands/check.md"
TEXT = " ".join(f"word{number}" for number in range(200))


def own(path: str, text: str, *, rendered: bool = False) -> OwnFile:
    words = words_of(text.encode())
    return OwnFile(path, digest_of(words), sketch_of(words), rendered)


def holding(target: str, *files: OwnFile) -> Inventory:
    return Inventory(target=target, files=tuple(sorted(files)))


def told(*inventories: Inventory) -> list[tuple[str, str]]:
    return [(finding.rule, finding.address) for finding in fleet_findings(inventories)]


# -- copies ----------------------------------------------------------------------------------------


def test_one_command_in_two_repositories():
    (finding,) = fleet_findings(
        [holding("web", own(CHECK, "Do  it")), holding("api", own(CHECK, "Do it\n"))]
    )
    assert (finding.rule, finding.address) == ("fleet/duplicate", f"api:{CHECK}")
    assert finding.message.startswith("the command check stands in api and web — ")
    assert "commands/" in finding.hint and "hubctl apply" in finding.hint
    assert finding.exit_code == 0


def test_copies_under_other_names_are_one_group():
    other = ".claude/commands/dev/verify.md"
    (finding,) = fleet_findings(
        [holding("api", own(CHECK, TEXT)), holding("web", own(other, TEXT))]
    )
    assert "check (also called dev:verify) stands in api and web" in finding.message


def test_copies_that_differ_a_little():
    changed = TEXT.replace("word77", "other")
    found = [
        holding("api", own(CHECK, TEXT)),
        holding("docs", own(CHECK, changed)),
        holding("web", own(CHECK, TEXT)),
    ]
    (finding,) = fleet_findings(found)
    assert (finding.rule, finding.address) == ("fleet/near-duplicate", f"api:{CHECK}")
    assert "stands in api, docs and web, at least 9" in finding.message


@pytest.mark.parametrize(
    "inventories",
    [
        [holding("api", own(CHECK, "Do it")), holding("web", own(CHECK, "Do that"))],
        [holding("api", own(CHECK, "Do it"), own(".claude/commands/b.md", "Do it"))],
        [holding("api", own(CHECK, "Do it")), holding("web", own(".claude/agents/a.md", "Do it"))],
        [holding("api", own(CHECK, "Do it")), holding("web", own(CHECK, "Do it", rendered=True))],
        [holding("api", own(CHECK, "")), holding("web", own(CHECK, " \n"))],
        [
            holding("api", own(CHECK, TEXT)),
            holding("web", own(CHECK, " ".join(reversed(TEXT.split())))),
        ],
    ],
    ids=["other words", "one repository", "other kinds", "rendered", "empty", "other order"],
)
def test_what_is_no_copy(inventories):
    assert told(*inventories) == []


def test_strangers_stay_apart_among_copies():
    stranger = " ".join(f"term{number}" for number in range(200))
    inventories = [
        holding("api", own(CHECK, TEXT), own(".claude/rules/a.md", stranger)),
        holding("web", own(CHECK, TEXT), own(".claude/rules/a.md", stranger + " more")),
        holding("docs", own(CHECK, stranger)),
    ]
    assert told(*inventories) == [
        ("fleet/duplicate", f"api:{CHECK}"),
        ("fleet/near-duplicate", "api:.claude/rules/a.md"),
    ]


# -- names -----------------------------------------------------------------------------------------

SKILL = ".claude/skills/pytest/SKILL.md"


def test_a_name_that_the_hub_gave_the_account():
    host = holding("host", own(SKILL, TEXT, rendered=True))
    (finding,) = fleet_findings([host, holding("api", own(".claude/commands/pytest.md", "Mine"))])
    assert (finding.rule, finding.address) == (
        "fleet/taken-name",
        "api:.claude/commands/pytest.md",
    )
    (finding,) = fleet_findings([host, holding("api", own(SKILL, TEXT))])
    assert "with the same text" in finding.message
    assert finding.hint == "delete this copy"


@pytest.mark.parametrize(
    "inventories",
    [
        [holding("host", own(SKILL, "a")), holding("api", own(SKILL, "b"))],
        [holding("host", own(SKILL, "a", rendered=True)), holding("api", own(CHECK, "b"))],
        [
            holding("host", own(SKILL, "a", rendered=True)),
            holding("api", own(".claude/agents/pytest.md", "b")),
        ],
        [holding("api", own(SKILL, "a"))],
    ],
    ids=["not rendered", "another name", "agents have names of their own", "no account"],
)
def test_names_that_are_free(inventories):
    assert told(*inventories) == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (".claude/commands/a/b.md", "a:b"),
        (".claude/skills/a/SKILL.md", "a"),
        (".claude/agents/a.md", "a"),
    ],
)
def test_names_as_people_call_them(path, name):
    assert name_of(path) == name


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ("a", "a"),
        ("ba", "a and b"),
        ("cab", "a, b and c"),
        ("dcab", "a, b, c and d"),
        ("edcab", "a, b, c and 2 more"),
    ],
)
def test_lists_are_short(names, text):
    assert listed(names) == text


# -- values ----------------------------------------------------------------------------------------

COMMITTED, LOCAL = ".claude/settings.json", ".claude/settings.local.json"


def setting(value: object, shown: str | None = None) -> Setting:
    return Setting(json.dumps(value), shown or json.dumps(value))


def with_values(target: str, **values: Setting) -> Inventory:
    found = {f"{COMMITTED}#/{key.replace('__', '/')}": value for key, value in values.items()}
    return Inventory(target=target, settings=found)


def test_a_key_with_two_values():
    (finding,) = fleet_findings(
        [
            with_values("api", model=setting("opus")),
            with_values("docs", model=setting("sonnet")),
            with_values("web", model=setting("sonnet")),
        ]
    )
    assert (finding.rule, finding.address) == (
        "fleet/different-values",
        f"api:{COMMITTED}#/model",
    )
    assert 'model is "sonnet" in docs and web; "opus" in api' in finding.message
    assert "defaults.settings" in finding.hint and "hubctl apply --take" in finding.hint


def test_the_local_file_wins():
    local = Inventory(
        target="api",
        settings={
            f"{COMMITTED}#/model": setting("opus"),
            f"{LOCAL}#/model": setting("sonnet"),
        },
    )
    assert told(local, with_values("web", model=setting("sonnet"))) == []
    (finding,) = fleet_findings([local, with_values("web", model=setting("opus"))])
    assert 'model is "sonnet" in api; "opus" in web' in finding.message


@pytest.mark.parametrize(
    "inventories",
    [
        [with_values("api", model=setting("opus")), with_values("web", model=setting("opus"))],
        [with_values("api", model=setting("opus")), with_values("web", theme=setting("dark"))],
        [with_values("host", model=setting("opus")), with_values("web", model=setting("sonnet"))],
        [with_values("api", env__PORT=setting("1")), with_values("web", env__PORT=setting("2"))],
        [with_values(f"r{n}", env__PORT=setting(str(n // 2))) for n in range(4)],
    ],
    ids=["equal", "other keys", "the account", "two variables", "no majority"],
)
def test_values_that_may_differ(inventories):
    assert told(*inventories) == []


def test_a_variable_that_most_agree_on():
    inventories = [with_values(f"r{n}", env__TZ=setting("UTC", "‹hidden›")) for n in range(3)]
    inventories.append(with_values("x", env__TZ=setting("CET", "‹hidden›")))
    (finding,) = fleet_findings(inventories)
    assert finding.address == f"x:{COMMITTED}#/env/TZ"
    assert "UTC" not in finding.message


def test_many_values_make_one_short_note():
    inventories = [with_values(f"r{n}", model=setting(f"m{n}")) for n in range(50)]
    (finding,) = fleet_findings(inventories)
    assert "47 more values elsewhere" in finding.message
    assert len(finding.message) < 200


# -- all -------------------------------------------------------------------------------------------

FILES = st.builds(
    own,
    st.sampled_from([CHECK, SKILL, ".claude/rules/a.md"]),
    st.sampled_from([TEXT, TEXT + " more", "short", ""]),
    rendered=st.booleans(),
)
INVENTORIES = st.lists(
    st.builds(
        Inventory,
        target=st.sampled_from(["host", "a", "b", "c"]),
        files=st.lists(FILES, max_size=3).map(tuple),
        settings=st.dictionaries(
            st.sampled_from([f"{COMMITTED}#/model", f"{LOCAL}#/model", f"{COMMITTED}#/env/A"]),
            st.builds(setting, st.sampled_from(["x", "y"])),
        ),
    ),
    unique_by=lambda inventory: inventory.target,
)


@given(INVENTORIES)
@settings(max_examples=60, deadline=None)
def test_order_does_not_count_and_addresses_are_theirs(inventories):
    findings = fleet_findings(inventories)
    assert findings == fleet_findings(reversed(inventories))
    targets = {inventory.target for inventory in inventories}
    assert all(parse_address(finding.address).target in targets for finding in findings)
    kept = [inventory_from_json(i.target, inventory_to_json(i)) for i in inventories]
    assert kept == inventories


def test_inventories_come_back_from_json():
    found = Inventory(
        target="api", files=(own(CHECK, TEXT),), settings={f"{COMMITTED}#/model": setting("x")}
    )
    text = json.dumps(inventory_to_json(found))
    assert inventory_from_json("api", json.loads(text)) == found


def test_the_cost_grows_with_the_number_of_files():
    """Four times as many inventories may not cost sixteen times as much."""

    def cost(count: int) -> float:
        chance = random.Random(3)
        inventories = []
        for number in range(count):
            words = chance.choices([f"w{n}" for n in range(3000)], k=80)
            near = TEXT + f" {number}"
            files = (own(CHECK, " ".join(words)), own(SKILL, near))
            inventories.append(holding(f"r{number}", *files))
        start = time.process_time()
        fleet_findings(inventories)
        return time.process_time() - start

    small, large = min(cost(100) for _ in range(3)), min(cost(400) for _ in range(3))
    assert large < 9 * small
