"""The lint of `.mcp.json`, row by row."""

from __future__ import annotations

import pytest

from hubctl.check.mcp_lint import RULES, lint_mcp
from hubctl.model.address import parse_address
from hubctl.model.finding import Severity

STDIO = {"command": "npx", "args": ["-y", "x"]}
HTTP = {"type": "http", "url": "https://example.com"}
CASES = [
    ("a local program", STDIO, []),
    ("variables that may not be set", {**STDIO, "env": {"A": "${B:-x}"}, "args": ["${C}"]}, []),
    ("an address with its type", HTTP, []),
    ("an address without its type", {"url": "https://example.com"}, ["mcp/url-without-type"]),
    ("a transport nobody has", {"type": "grpc", "url": "https://x"}, ["mcp/unknown-type"]),
    ("a transport that is no text", {"type": 5, "command": "x"}, ["mcp/unknown-type"]),
    ("nothing at all", {}, ["mcp/nothing-to-reach"]),
    ("http without an address", {"type": "http", "command": "x"}, ["mcp/nothing-to-reach"]),
    ("seconds", {**STDIO, "timeout": 30}, ["mcp/timeout"]),
    ("one second", {**STDIO, "timeout": 1000}, []),
    ("a timeout in words", {**HTTP, "timeout": "1000"}, ["mcp/timeout"]),
    ("arguments in one text", {"command": "npx", "args": "-y x"}, ["mcp/no-text"]),
    ("a number among variables", {**STDIO, "env": {"PORT": 1}}, ["mcp/no-text"]),
    ("a number among headers", {**HTTP, "headers": {"X": 1}}, ["mcp/no-text"]),
    ("a program in a home folder", {"command": "/home/ann/bin/x"}, ["mcp/committed-home"]),
    ("an argument in a home folder", {**STDIO, "args": ["/Users/a/x"]}, ["mcp/committed-home"]),
    ("a home folder by its variable", {"command": "${HOME}/bin/x"}, []),
    ("text instead of a server", "npx x", ["mcp/no-object"]),
]


@pytest.mark.parametrize(("name", "server", "rules"), CASES, ids=[case[0] for case in CASES])
def test_rules_that_apply(name, server, rules):
    findings = lint_mcp({"mcpServers": {"a/b": server}}, scope="committed", file="api:.mcp.json")
    assert [finding.rule for finding in findings] == rules
    for finding in findings:
        assert parse_address(finding.address).pointer[:2] == ("mcpServers", "a/b")
        assert finding.severity is Severity.WARNING


def test_every_rule_has_a_row():
    assert {rule for case in CASES for rule in case[2]} == {rule.id for rule in RULES}


def test_a_file_of_one_machine_may_name_its_home():
    server = {"command": "/home/ann/bin/x"}
    assert lint_mcp({"mcpServers": {"a": server}}, scope="local") == ()


def test_a_document_of_another_shape_has_nothing_to_say():
    assert lint_mcp({"mcpServers": []}, scope="committed") == ()


def test_no_value_is_shown():
    server = {**HTTP, "headers": {"Authorization": 918273645}}
    assert "918273645" not in repr(lint_mcp({"mcpServers": {"a": server}}, scope="local"))
