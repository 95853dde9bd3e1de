"""No secret is written anywhere, and none is shown."""

from __future__ import annotations

import json

import pytest

from tests.support.cli import LOCAL_SETTINGS, MODEL, SETTINGS, rules, tree

# Put together here, so that no scanner mistakes this file for a leak.
KEYS = {
    "anthropic": "sk-" + "ant-" + "api03-" + "Zx9Qw8Er7Ty6" * 3,
    "github": "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "aws": "AKIA" + "Z2X4C6V8B1N3M5Q7",
    "slack": "xo" + "xb-" + "123456789012-123456789012-aBcDeFgHiJkLmNoPqRsTuVwX",
    "assigned": "hunter" + "2hunter" + "3Xy9",
}
# Where a key may stand, and the line it then stands on.
PLACES = {
    "env": (MODEL + "      env:\n        API_TOKEN: {}\n", 10),
    "setting": (MODEL + "        apiToken: {}\n", 9),
    "local": (MODEL + "      local:\n        env:\n          API_TOKEN: '{}'\n", 11),
    "command": (MODEL + "    test_command: API_TOKEN={} make test\n", 9),
    "convention": (MODEL + "    conventions:\n      - 'Use token: {}'\n", 10),
    "comment": ("# api_token: {}\n" + MODEL, 1),
    "mcp": (
        MODEL + "      mcp:\n        x: {{type: http, url: https://x.example,"
        " headers: {{token: '{}'}}}}\n",
        10,
    ),
}
COMMANDS = (
    ("plan",),
    ("plan", "--json"),
    ("diff",),
    ("drift",),
    ("drift", "--format", "sarif"),
    ("drift", "--format", "markdown"),
    ("validate",),
    ("validate", "--json"),
    ("show",),
    ("show", "--json"),
    ("explain", f"api:{SETTINGS}#/model"),
    ("repos", "list"),
    ("apply", "--yes"),
    ("apply", "--yes", "--json"),
    ("drift", "--fix"),
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", KEYS)
def test_a_key_in_canonical_is_refused_with_its_line_and_never_shown(api, key, place):
    text, line = PLACES[place]
    api.canonical(text.format(KEYS[key]))
    before = tree(api.home)
    for command in COMMANDS:
        ran = api.run(*command)
        assert ran.code == 2, (command, ran)
        assert KEYS[key] not in ran.out + ran.err, command
    report = api.report("validate")
    found = [f for f in report["findings"] if f["rule"].startswith("secret/")]
    assert {f["location"]["line"] for f in found} == {line}
    assert f"canonical.yaml:{line}" in api.run("plan").err
    after = tree(api.home)
    assert {path: after[path] for path in before} == before
    assert not [p for p in api.home.rglob("*") if p.is_file() and holds(p, KEYS[key])][1:]


def holds(path, text):
    return text.encode() in path.read_bytes()


def test_a_key_in_the_file_of_this_machine_is_refused_too(api):
    api.put("hub/canonical.local.yaml", f"global: {{env: {{API_TOKEN: {KEYS['anthropic']}}}}}\n")
    ran = api.run("apply", "--yes")
    assert ran.code == 2
    assert "canonical.local.yaml:1" in ran.err
    assert KEYS["anthropic"] not in ran.out + ran.err


@pytest.mark.parametrize("kind", ["rules", "commands", "agents", "fragments"])
def test_a_key_in_a_source_is_refused(api, kind):
    api.put(f"hub/{kind}/house.md", f"---\ndescription: x\n---\nUse {KEYS['anthropic']}\n")
    api.canonical(MODEL + f"      {kind}: [house]\n")
    before = tree(api.home / "src")
    ran = api.run("apply", "--yes")
    assert ran.code == 2
    assert f"{kind}/house.md:4" in ran.err
    assert KEYS["anthropic"] not in ran.out + ran.err + api.run("plan", "-v").out
    assert tree(api.home / "src") == before


@pytest.mark.parametrize(
    "value", ["${API_TOKEN}", "$API_TOKEN", "op://vault/item/field", "{{ token }}"]
)
def test_a_reference_is_no_secret_and_is_written_as_it_stands(api, value):
    api.canonical(MODEL + f"      env:\n        API_TOKEN: '{value}'\n")
    api.apply()
    assert json.loads(api.read("src/api/" + SETTINGS))["env"] == {"API_TOKEN": value}


def test_a_token_of_the_users_own_stops_nothing_and_is_not_shown(api):
    mine = {"env": {"MY_TOKEN": KEYS["anthropic"]}, "x": KEYS["github"]}
    api.put("src/api/" + SETTINGS, json.dumps(mine))
    api.put("src/api/" + LOCAL_SETTINGS, json.dumps(mine))
    api.apply()
    assert json.loads(api.read("src/api/" + SETTINGS)) == {**mine, "model": "sonnet"}
    api.put("src/api/" + SETTINGS, api.read("src/api/" + SETTINGS).replace(b'"x"', b'"y"'))
    for command in (("drift",), ("drift", "--json"), ("plan", "-v"), ("diff",)):
        ran = api.run(*command)
        assert KEYS["anthropic"] not in ran.out + ran.err, command
        assert KEYS["github"] not in ran.out + ran.err, command


def test_values_under_env_are_masked_and_plan_files_are_not(api):
    value = "one quiet value of the environment"
    api.canonical(MODEL + f"      env:\n        PLACE: '{value}'\n")
    for command in (("plan",), ("plan", "--json"), ("plan", "-v"), ("diff",), ("show", "--json")):
        ran = api.run(*command)
        assert value not in ran.out, command
        assert f"‹hidden, {len(value)} characters›" in ran.out, command
    api.ok("plan", "-o", "plan.json")
    assert value in (api.hub / "plan.json").read_text()
    assert (api.hub / "plan.json").stat().st_mode & 0o777 == 0o600
    api.apply()
    for place in api.state.rglob("*"):
        assert place.stat().st_mode & 0o077 == 0, place


def test_what_hubctl_keeps_is_for_this_account_alone_whatever_the_umask(api):
    done = api.process("apply", "--yes", umask=0)
    assert done.code == 0
    for root in (api.state, api.cache):
        for place in (root, *root.rglob("*")):
            assert not place.exists() or place.stat().st_mode & 0o077 == 0, place


HIDDEN = {
    "bidi": "\u202e",
    "zero-width": "\u200b",
    "tag": "\U000e0041",
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_characters_in_a_source_are_a_finding(api, kind):
    api.put("hub/rules/house.md", f"First.\nTidy{HIDDEN[kind]} up.\n")
    api.canonical(MODEL + "      rules: [house]\n")
    report = api.report("plan")
    (finding,) = [f for f in report["findings"] if f["rule"].startswith("hidden-unicode/")]
    assert finding["rule"] == f"hidden-unicode/{kind}"
    assert finding["location"]["line"] == 2
    assert HIDDEN[kind] not in finding["message"]


@pytest.mark.parametrize("path", ["CLAUDE.md", ".claude/rules/theirs.md", "AGENTS.md"])
def test_hidden_characters_in_instructions_of_a_target_are_a_finding_of_drift(api, path):
    api.canonical(MODEL + "    conventions: [Small commits.]\n")
    api.apply()
    place = api.home / "src/api" / path
    before = place.read_bytes() if place.exists() else b""
    api.put(f"src/api/{path}", before + "And\u202e more.\n".encode())
    told = [f for f in api.report("drift")["findings"] if f["rule"].startswith("hidden-unicode/")]
    assert [path in str(f["location"]) for f in told] == [True]


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_characters_in_canonical_itself_are_told(api, kind):
    api.canonical(MODEL + f"    conventions: ['Tidy{HIDDEN[kind]} up.']\n")
    found = rules(api.report("validate"))
    assert [rule for rule in found if "hidden" in rule or "character" in rule]
