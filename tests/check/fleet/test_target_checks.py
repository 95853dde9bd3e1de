"""What is told of one target, case by case, each beside its near misses."""

from __future__ import annotations

import json

import pytest

from hubctl.check.fleet import FLEET_CHECKS, TARGET_CHECKS, target_findings
from hubctl.check.fleet.seen import LOCAL, MCP, SETTINGS, Link, Seen
from hubctl.model.address import parse_address
from hubctl.model.finding import Severity
from hubctl.render.origin import with_origin

SCRIPT = ".claude/hooks/check.sh"


def told(seen: Seen) -> list[tuple[str, str]]:
    return [(finding.rule, finding.address) for finding in target_findings(seen)]


def running(command: str, **more: object) -> dict:
    handler = {"type": "command", "command": command, **more}
    return {"hooks": {"Stop": [{"hooks": [handler]}]}}


def test_rows_have_an_id_of_their_own_a_reason_and_a_hint():
    rows = (*TARGET_CHECKS, *FLEET_CHECKS)
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.reason and row.hint and not row.reason.endswith(".") for row in rows)


# -- links -----------------------------------------------------------------------------------------


def test_links_that_lead_nowhere():
    links = (
        Link(path=".claude/a", destination="gone", state="dangling"),
        Link(path=".claude/b", destination="b", state="loop"),
        Link(path=".claude/c", destination="/etc", state="outside"),
        Link(path=".claude/d", destination="../x", state="good"),
    )
    findings = target_findings(Seen(target="api", links=links))
    assert [(f.rule, f.address, f.exit_code) for f in findings] == [
        ("fleet/broken-link", "api:.claude/a", 0),
        ("fleet/broken-link", "api:.claude/b", 0),
        ("fleet/outside-link", "api:.claude/c", 0),
    ]


def test_a_broken_link_of_ours_counts():
    link = Link(path=".claude/hooks/hubctl", destination="/x", state="dangling", owned=True)
    (finding,) = target_findings(Seen(target="api", links=(link,)))
    assert (finding.severity, finding.exit_code) == (Severity.WARNING, 1)
    assert finding.hint == "hubctl apply api"


def test_a_link_of_ours_may_lead_out():
    link = Link(path=".claude/hooks/hubctl", destination="/x", state="outside", owned=True)
    assert told(Seen(target="api", links=(link,))) == []


# -- leftovers -------------------------------------------------------------------------------------

BLOCK = b"# Mine\n\n<!-- hubctl:begin hubctl -->\nx\n<!-- hubctl:end hubctl -->\n"


def test_a_block_that_no_ledger_knows():
    seen = Seen(target="api", texts={"CLAUDE.md": BLOCK})
    assert told(seen) == [("fleet/leftover", "api:CLAUDE.md#block:hubctl")]


@pytest.mark.parametrize(
    ("text", "owned"),
    [
        (BLOCK, {"CLAUDE.md#block:hubctl"}),
        (b"```\n" + BLOCK + b"```\n", set()),
        (b"we write hubctl:begin in prose\n", set()),
        (b"<!-- hubctl:begin a -->\nnever ends\n", set()),
    ],
)
def test_blocks_that_are_none_or_are_known(text, owned):
    assert told(Seen(target="api", texts={"CLAUDE.md": text}, owned=frozenset(owned))) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [("x.md", "commands/x.md"), ("x.md", "hubctl:templates/commands/x.md")],
)
def test_a_file_that_no_ledger_knows(name, shown):
    path = f".claude/commands/{name}"
    data = with_origin("commands", name, "Do it.\n", shown).encode()
    assert told(Seen(target="api", texts={path: data})) == [("fleet/leftover", f"api:{path}")]
    assert told(Seen(target="api", texts={path: data}, owned=frozenset({path}))) == []


def test_a_file_that_only_talks_of_it_is_somebodys_own():
    data = b"Lines like `<!-- hubctl: from x.md; edit there, then run hubctl apply -->` say so.\n"
    assert told(Seen(target="api", texts={".claude/rules/a.md": data})) == []


OURS = "p=/x;r=/home/ada/.local/share/hubctl/hooks/current/run.py;$p $r"


def test_an_entry_that_runs_our_hooks():
    seen = Seen(target="api", settings={LOCAL: running(OURS)})
    address = f"{LOCAL}#hook:Stop/hubctl"
    assert told(seen) == [("fleet/leftover", f"api:{address}")]
    known = Seen(target="api", settings={LOCAL: running(OURS)}, owned=frozenset({address}))
    assert told(known) == []


def test_a_link_to_a_release_that_no_ledger_knows():
    path = ".claude/hooks/hubctl"
    destination = "/home/ada/.local/share/hubctl/hooks/current"
    link = Link(path=path, destination=destination, state="good")
    assert ("fleet/leftover", f"api:{path}") in told(Seen(target="api", links=(link,)))


# -- hook scripts ----------------------------------------------------------------------------------


def test_a_script_that_nothing_calls():
    seen = Seen(target="api", scripts=(SCRIPT,), settings={SETTINGS: {"model": "opus"}})
    assert told(seen) == [("fleet/uncalled-hook", f"api:{SCRIPT}")]


CALL = '"$CLAUDE_PROJECT_DIR"/.claude/hooks/check.sh'


@pytest.mark.parametrize(
    "more",
    [
        {"settings": {SETTINGS: running(CALL)}},
        {"settings": {LOCAL: running(f"bash {CALL} --fast")}},
        {"settings": {SETTINGS: {"statusLine": {"type": "command", "command": CALL}}}},
        {"settings": {MCP: {"mcpServers": {"a": {"command": "sh", "args": [CALL]}}}}},
        {"settings": {SETTINGS: running('for h in .claude/hooks/*.sh; do sh "$h"; done')}},
        {"settings": {SETTINGS: running("run-parts .claude/hooks")}},
        {"host_settings": lambda: running(CALL)},
        {"texts": {".claude/agents/a.md": b"---\nhooks: {Stop: check.sh}\n---\n"}},
        {"unreadable": True},
    ],
)
def test_a_script_that_may_be_called(more):
    assert told(Seen(target="api", scripts=(SCRIPT,), **more)) == []


def test_a_script_that_another_one_calls_or_imports():
    scripts = {
        ".claude/hooks/run.py": b"from lib import git\n. ./check.sh\n",
        SCRIPT: b"",
        ".claude/hooks/lib/git.py": b"",
        ".claude/hooks/lib/spare.py": b"print('git')",
    }
    seen = Seen(
        target="api",
        scripts=tuple(scripts),
        settings={SETTINGS: running("python3 .claude/hooks/run.py")},
        read=scripts.__getitem__,
    )
    assert told(seen) == [("fleet/uncalled-hook", "api:.claude/hooks/lib/spare.py")]


@pytest.mark.parametrize(
    "path", ["pre-commit", "commit-msg", "test_x.py", "tests/x.py", "lib/__init__.py", "x.test.ts"]
)
def test_scripts_that_somebody_else_calls(path):
    assert told(Seen(target="api", scripts=(f".claude/hooks/{path}",))) == []


def test_our_own_entry_calls_no_script_of_theirs():
    command = "r=/home/ada/.local/state/hubctl/acme/.claude/hooks/current/run.py;sh $r"
    seen = Seen(
        target="api",
        scripts=(SCRIPT,),
        settings={LOCAL: running(command)},
        owned=frozenset({f"{LOCAL}#hook:Stop/hubctl"}),
    )
    assert told(seen) == [("fleet/uncalled-hook", f"api:{SCRIPT}")]


def test_settings_that_start_missing_files():
    settings = {
        SETTINGS: {
            **running(CALL),
            "apiKeyHelper": "~/bin/key",
            "statusLine": {"type": "command", "command": "./here.sh"},
        },
        MCP: {"mcpServers": {"a/b": {"command": "node", "args": ["tools/gone.js"]}}},
    }
    there = {"/r/here.sh"}
    seen = Seen(target="api", root="/r", home="/h", settings=settings, exists=there.__contains__)
    found = {f.address.partition(":")[2]: f.message for f in target_findings(seen)}
    assert all(f.rule == "fleet/missing-file" and not f.exit_code for f in target_findings(seen))
    assert len(found) == 3
    assert found.pop(".mcp.json#/mcpServers/a~1b/command").startswith("server a/b starts tools/")
    assert found.pop(".claude/settings.json#/apiKeyHelper").startswith(
        "apiKeyHelper starts ‹hidden, 9 characters›"
    )
    (message,) = found.values()
    assert message.startswith("Stop starts .claude/hooks/check.sh, which is not there")


def test_the_accounts_settings_know_no_repository():
    settings = {SETTINGS: running(f"{CALL}; ~/gone.sh")}
    seen = Seen(target="host", root="/h", home="/h", settings=settings, exists=lambda _path: False)
    (finding,) = target_findings(seen)
    assert "~/gone.sh" in finding.message


# -- settings as they stand ------------------------------------------------------------------------


def settings_told(path: str, content: dict, **more: object) -> list[tuple[str, Severity, int]]:
    seen = Seen(target="api", settings={path: content}, **more)
    return [(f.rule, f.severity, f.exit_code) for f in target_findings(seen)]


SWITCH = [("settings/kill-switch", Severity.ERROR, 1)]


@pytest.mark.parametrize("path", [SETTINGS, LOCAL])
@pytest.mark.parametrize(
    "content",
    [{"disableAllHooks": True}, {"env": {"HUBCTL_HOOKS": "off"}}, {"env": {"HUBCTL_HOOKS": "0"}}],
)
def test_what_switches_guards_off(path, content):
    assert settings_told(path, content) == SWITCH
    pointer = "/disableAllHooks" if "env" not in content else "/env/HUBCTL_HOOKS"
    owned = frozenset({f"{path}#{pointer}"})
    assert settings_told(path, content, owned=owned) == SWITCH


@pytest.mark.parametrize(
    "content",
    [{"disableAllHooks": False}, {"env": {"HUBCTL_HOOKS": "on"}}, {"env": {"HUBCTL_HOOK": "off"}}],
)
def test_what_leaves_guards_on(content):
    assert settings_told(SETTINGS, content) == []


def test_what_the_rendered_lint_told_is_not_told_again():
    address = f"api:{SETTINGS}#/disableAllHooks"
    known = frozenset({("settings/kill-switch", address)})
    assert settings_told(SETTINGS, {"disableAllHooks": True}, told=known) == []


def test_a_value_that_drops_the_whole_file():
    assert settings_told(SETTINGS, {"model": 5}) == [("settings/wrong-type", Severity.ERROR, 1)]
    assert settings_told(SETTINGS, {"model": 5}, owned=frozenset({f"{SETTINGS}#/model"})) == []
    broken = {"hooks": {"PreToolUse": [{"hooks": [{"type": "command"}]}]}}
    assert ("settings/hook-missing-field", Severity.ERROR, 1) in settings_told(SETTINGS, broken)


def test_a_handler_that_is_skipped_alone_is_its_owners_business():
    assert settings_told(SETTINGS, {"hooks": {"Stop": [{"hooks": [{"type": "command"}]}]}}) == []


def test_keys_that_are_about_to_go():
    found = settings_told(SETTINGS, {"includeCoAuthoredBy": False})
    assert found == [("settings/deprecated-key", Severity.NOTE, 0)]
    assert settings_told(SETTINGS, {"attribution": {"commit": ""}}) == []


def test_a_home_in_a_file_for_everybody():
    grant = {"permissions": {"allow": ["Read(//home/ada/x)"]}}
    assert settings_told(SETTINGS, grant) == [("settings/committed-home", Severity.NOTE, 0)]
    assert settings_told(LOCAL, grant) == []
    assert settings_told(SETTINGS, {"permissions": {"allow": ["Read(~/x)"]}}) == []
    owned = frozenset({f'{SETTINGS}#/permissions/allow="Read(//home/ada/x)"'})
    assert settings_told(SETTINGS, grant, owned=owned) == []


def test_no_value_of_the_environment_is_shown():
    content = {
        "env": {"HUBCTL_HOOKS": "hunter2hunter2", "HOME": "/hunter2"},
        "apiKeyHelper": "/h/k",
    }
    findings = target_findings(Seen(target="api", settings={SETTINGS: content}))
    assert findings
    assert "hunter2" not in json.dumps([f.message + f.hint + f.address for f in findings])


# -- hidden characters -----------------------------------------------------------------------------


def test_hidden_characters_in_what_a_model_reads():
    texts = {"CLAUDE.md": "a\nb \u202e c\n".encode(), ".gitignore": "\u202e\n".encode()}
    seen = Seen(target="api", texts=texts, absolute=lambda path: f"/r/{path}")
    (finding,) = target_findings(seen)
    assert (finding.address, finding.exit_code) == ("api:CLAUDE.md", 1)
    assert (finding.location.file, finding.location.line) == ("/r/CLAUDE.md", 2)


def test_letters_and_emoji_are_not_hidden():
    texts = {"CLAUDE.md": "Grüße, 日本語, 👩‍👩‍👧 ✅️\n".encode()}
    assert told(Seen(target="api", texts=texts)) == []


def test_our_own_block_is_checked_at_its_source():
    block = "<!-- hubctl:begin hubctl -->\n\u202e\n<!-- hubctl:end hubctl -->\nmine\u202e\n"
    seen = Seen(
        target="api",
        texts={"CLAUDE.md": block.encode()},
        owned=frozenset({"CLAUDE.md#block:hubctl"}),
    )
    (finding,) = target_findings(seen)
    assert finding.location.line == 4


def test_a_file_full_of_them_is_told_in_three():
    texts = {".claude/rules/a.md": b"\xe2\x80\xae\n" * 50}
    findings = target_findings(Seen(target="api", texts=texts))
    assert len(findings) == 3
    assert sum("47 more lines" in finding.message for finding in findings) == 1


def test_every_address_can_be_parsed_and_every_finding_says_what_resolves_it():
    seen = Seen(
        target="api",
        root="/r",
        texts={"CLAUDE.md": BLOCK + "\u202e".encode()},
        settings={
            SETTINGS: {**running("./gone.sh"), "model": 5, "includeCoAuthoredBy": True},
            LOCAL: {"disableAllHooks": True},
        },
        scripts=(SCRIPT,),
        links=(Link(path=".claude/a", destination="x", state="dangling"),),
        exists=lambda _path: False,
    )
    findings = target_findings(seen)
    assert len(findings) == 8
    assert all(str(parse_address(f.address)) == f.address for f in findings)
    assert all(f.hint and "{" not in f.hint for f in findings)
    assert list(findings) == sorted(findings, key=lambda f: (f.address, f.rule, f.message))
