"""The proofs behind every edit: a result that harms anybody is refused, whoever made it."""

from __future__ import annotations

import json

import pytest

from hubctl.documents.arrange import arrange
from hubctl.documents.json_proof import prove_json
from hubctl.documents.text_edit import prove_text
from hubctl.documents.yaml_document import read_yaml
from hubctl.documents.yaml_proof import prove_yaml
from hubctl.errors import OperationError
from hubctl.model.item import BlockText, Handler
from tests.documents.building import PRE_COMMIT, command, drop, put

RUN = "/r/current/run.py"
OURS = {"hooks": [{"type": "command", "command": RUN}]}
USERS = {"matcher": "Bash", "hooks": [{"type": "command", "command": "mine"}]}

# edits, before, after
JSON_HARM = [
    ([put("/a", 1)], {"b": 1}, {"b": 1}),
    ([put("/a", 1)], {"b": 1}, {"a": True, "b": 1}),
    ([put("/a", 1)], {"b": 1}, {"a": 1}),
    ([put("/a", 1)], {"b": 1}, {"b": 1.0, "a": 1}),
    ([put("/a", 1)], {"b": 1, "c": 2}, {"c": 2, "b": 1, "a": 1}),
    ([put('/l="x"', "x")], {"l": ["a", "b"]}, {"l": ["b", "a", "x"]}),
    ([put('/l="x"', "x")], {"l": ["a", "a"]}, {"l": ["a", "x"]}),
    ([drop('/l="x"')], {"l": ["a", "x"]}, {"l": ["a", "x"]}),
    ([drop("/a")], {"a": 1, "b": {}}, {}),
    ([put("hook:Stop/hubctl", command(RUN))], {}, {"hooks": {"Stop": [{**OURS, "matcher": "x"}]}}),
    ([drop("hook:Stop/hubctl")], {"hooks": {"Stop": [USERS, OURS]}}, {}),
    ([drop("hook:Stop/hubctl")], {"hooks": {"Stop": [OURS, OURS]}}, {"hooks": {"Stop": [OURS]}}),
    (
        [put("hook:Stop/hubctl", command(RUN))],
        {"hooks": {"Stop": [USERS]}},
        {"hooks": {"Stop": [{**USERS, "matcher": "Edit"}, OURS]}},
    ),
]
JSON_RIGHT = [
    ([put("/a", 1)], {"b": 1}, {"b": 1, "a": 1}),
    ([drop('/l="x"')], {"l": ["x", "a", "x"]}, {"l": ["a"]}),
    (
        [put("hook:Stop/hubctl", command(RUN))],
        {"hooks": {"Stop": [USERS]}},
        {"hooks": {"Stop": [USERS, OURS]}},
    ),
]


@pytest.mark.parametrize(("edits", "before", "after"), JSON_HARM)
def test_a_harmed_json_file_is_refused(edits, before, after):
    with pytest.raises(OperationError):
        prove_json(fresh(before), fresh(after), arrange(edits))


@pytest.mark.parametrize(("edits", "before", "after"), JSON_RIGHT)
def test_a_right_json_file_passes(edits, before, after):
    prove_json(fresh(before), fresh(after), arrange(edits))


def fresh(value: object) -> object:
    return json.loads(json.dumps(value))


BLOCK = "<!-- hubctl:begin hub -->\nours\n<!-- hubctl:end hub -->\n"
TEXT_HARM = [
    ("a\nb\n", f"a\n\n{BLOCK}"),
    ("a\nb\n", f"b\na\n\n{BLOCK}"),
    ("a\n", "a\n"),
    ("a\n", f"a\n\n{BLOCK}".replace("ours", "other")),
    (f"a\n{BLOCK.replace('hub', 'x')}", f"a\n{BLOCK}"),
]


@pytest.mark.parametrize(("before", "after"), TEXT_HARM)
def test_a_harmed_text_file_is_refused(before, after):
    one = put("block:hub", BlockText(text="ours\n", comment="html"), "CLAUDE.md")
    with pytest.raises(OperationError):
        prove_text("CLAUDE.md", before, after, [one])
    prove_text("CLAUDE.md", "a\n", f"a\n\n{BLOCK}", [one])


ENTRY = "- repo: local\n  hooks: [{id: ours}]\n"
YAML_HARM = [
    ("ci: 1\n", f"ci: 2\nrepos:\n{ENTRY}"),
    ("ci: 1\n", f"repos:\n{ENTRY}"),
    ("ci: 1\n", "ci: 1\nrepos: []\n"),
    ("repos:\n- repo: a\n", f"repos:\n{ENTRY}"),
    ("repos:\n- repo: a\n- repo: b\n", f"repos:\n- repo: b\n- repo: a\n{ENTRY}"),
    ("repos:\n- hooks: [{id: x}]\n", f"repos:\n- hooks: [{{id: y}}]\n{ENTRY}"),
    (
        "repos:\n- repo: local\n  hooks: [{id: ours}, {id: mine}]\n",
        f"repos:\n{ENTRY}",
    ),
]


@pytest.mark.parametrize(("before", "after"), YAML_HARM)
def test_a_harmed_pre_commit_file_is_refused(before, after):
    value = Handler(matcher="", entry={"repo": "local", "hooks": [{"id": "ours"}]})
    one = put("hook:pre-commit/ours", value, PRE_COMMIT)
    with pytest.raises(OperationError, match="would"):
        prove_yaml(PRE_COMMIT, read_yaml(before.encode()), read_yaml(after.encode()), [one])
