"""Secrets: what is found, what is not, and that nothing found is ever repeated."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from hubctl.config.secrets import is_sensitive, mask, scan_text, scan_value
from hubctl.model.finding import Severity
from tests.secrets.samples import ASSIGNED, HARMLESS, RANDOM, SECRETS, some

KINDS = [(kind, text) for kind, texts in SECRETS.items() for text in texts]
AROUND = ["{}", "key: {}", "  - '{}'  # comment", '{{"a": "{}"}},', "run --with={} -v", "größe: {}"]


@pytest.mark.parametrize(("kind", "text"), KINDS, ids=[kind for kind, _ in KINDS])
@pytest.mark.parametrize("around", AROUND)
def test_every_known_shape_is_found_wherever_it_stands(kind: str, text: str, around: str) -> None:
    line = around.format(text)
    findings = scan_text(f"a: 1\n\n{line}\nb: 2\n", file="canonical.yaml")
    assert [f.rule for f in findings] == [f"secret/{kind}"]
    (finding,) = findings
    assert finding.severity is Severity.ERROR
    assert finding.exit_code == 2
    assert finding.location is not None
    assert (finding.location.file, finding.location.line) == ("canonical.yaml", 3)
    assert 0 < finding.location.column - line.index(text) <= len(text)
    assert_silent(findings, text)


def assert_silent(findings: tuple, text: str) -> None:
    for finding in findings:
        shown = repr(finding)
        assert "‹hidden, " in finding.message
        assert not any(text[i : i + 8] in shown for i in range(max(len(text) - 7, 1)))


@pytest.mark.parametrize("line", ASSIGNED)
def test_a_key_that_says_secret(line: str) -> None:
    kind, secret = ASSIGNED[line]
    findings = scan_text(line, file="f")
    assert [f.rule for f in findings] == [f"secret/{kind}"]
    assert "${NAME}" in findings[0].hint
    if secret:
        assert findings[0].location.column == line.index(secret) + 1
        assert f"hidden, {len(secret)} characters" in findings[0].message
        assert secret not in repr(findings)


@pytest.mark.parametrize("line", HARMLESS)
def test_ordinary_settings_and_references(line: str) -> None:
    assert scan_text(line, file="f") == ()


def test_every_secret_of_a_line_and_every_line() -> None:
    one, other = SECRETS["github-token"][0], SECRETS["anthropic-key"][0]
    text = f"a: {one} {other}\r\nb: 1\r\nc: {one}\r\n"
    found = [(f.location.line, f.location.column, f.rule) for f in scan_text(text, file="f")]
    assert found == [
        (1, 4, "secret/github-token"),
        (1, 5 + len(one), "secret/anthropic-key"),
        (3, 4, "secret/github-token"),
    ]


def test_a_default_inside_a_reference_is_no_reference() -> None:
    (finding,) = scan_text("token: ${TOKEN:-" + SECRETS["github-token"][0] + "}", file="f")
    assert finding.rule == "secret/github-token"


def test_a_token_is_hidden_whole_not_its_prefix_alone() -> None:
    token = SECRETS["github-token"][0]
    (finding,) = scan_text(f"a: {token}", file="f")
    assert finding.message.endswith(f"‹hidden, {len(token)} characters›")


def test_a_false_alarm_can_be_marked() -> None:
    assert scan_text(f"api_key: {RANDOM}  # pragma: allowlist secret\n", file="f") == ()


@pytest.mark.parametrize("before", [0, 3000, 4090, 4096, 7000, 50_000])
def test_a_very_long_line(before: int) -> None:
    text = "a " * (before // 2) + SECRETS["github-token"][0] + " b" * 3000
    (finding,) = scan_text(text, file="f")
    assert finding.location.column == before // 2 * 2 + 1


def test_values_are_found_with_their_path() -> None:
    value = {
        "env": {"A": "b", "GITHUB_TOKEN": RANDOM, "URL": "https://u:" + some(12) + "@h/"},
        "args": ["-v", "--api-key=" + RANDOM],
        "headers": {"Authorization": "Bearer " + RANDOM},
        "text": "line\n\nkey " + SECRETS["aws-key"][0],
        "n": 1,
        "nothing": None,
    }
    findings = scan_value(("mcp", "x"), value, file="canonical.yaml")
    assert [(f.path, f.rule) for f in findings] == [
        ("mcp.x.env.GITHUB_TOKEN", "secret/token"),
        ("mcp.x.env.URL", "secret/password-in-a-url"),
        ("mcp.x.args[1]", "secret/token"),
        ("mcp.x.headers.Authorization", "secret/token"),
        ("mcp.x.text", "secret/aws-key"),
    ]
    assert RANDOM not in repr(findings)
    assert {f.location.file for f in findings if f.location} == {"canonical.yaml"}


@pytest.mark.parametrize("value", [None, 1, True, "", [], {}, {"token": "${X}"}, {"token": 5}])
def test_harmless_values(value: object) -> None:
    assert scan_value(("api_key",), value) == ()


def test_a_value_under_a_secret_key() -> None:
    (finding,) = scan_value(("defaults", "api_key"), RANDOM)
    assert (finding.path, finding.location) == ("defaults.api_key", None)


def test_mask() -> None:
    assert mask("abcdefghijkl") == "‹hidden, 12 characters›"
    assert mask("a") == "‹hidden, 1 character›"


SENSITIVE = """
env.A  env  settings.env.X.y  repositories.api.env.A  units.u.environment.A
mcp.db.headers.Accept  hooks.x.headers  apiKeyHelper  settings.otelHeadersHelper  policyHelper
headersHelper  awsAuthRefresh  awsCredentialExport  gcpAuthRefresh  infrastructure.redis.password
x.githubToken  x.API_KEY  x.client-secret  x.passwd  credentials.user  x.db_pass  x.tokenValue
"""
OPEN = """
settings.model  thresholds.max_tokens  x.token_budget  x.key  repositories.env.path
repositories.token  profiles.secret.language  x.keybindings  x.publicKey  x.environments
x.tokenizer  x.pass  x.token_file  mcp.env.command
"""


@pytest.mark.parametrize("path", SENSITIVE.split())
def test_sensitive(path: str) -> None:
    assert is_sensitive(tuple(path.split(".")))


@pytest.mark.parametrize("path", ["", *OPEN.split()])
def test_not_sensitive(path: str) -> None:
    assert not is_sensitive(tuple(path.split(".")) if path else ())


ORDINARY = """\
repositories:
  repo_{0}:
    path: ~/src/repo_{0}   # tokens are counted, keys are not secrets
    language: python
    settings:
      env: {{API_KEY: "${{API_KEY}}", MAX_TOKENS: "200000"}}
      apiKeyHelper: ~/bin/key.sh
"""


def test_four_megabytes_are_quick() -> None:
    text = "".join(ORDINARY.format(n) for n in range(16_000))
    assert len(text) > 3_500_000
    started = time.process_time()
    assert scan_text(text, file="f") == ()
    assert time.process_time() - started < 4


def test_a_thousand_small_texts_are_quick() -> None:
    texts = [ORDINARY.format(n) for n in range(1000)]
    started = time.process_time()
    assert not any(scan_text(text, file="f") for text in texts)
    assert time.process_time() - started < 1


def test_detect_secrets_is_imported_only_where_it_may_find_something() -> None:
    code = (
        "import sys; from hubctl.config.secrets import scan_text\n"
        "assert not scan_text(sys.argv[1], file='f')\n"
        "assert not [m for m in sys.modules if m.startswith(('detect_secrets', 'requests'))]\n"
        "assert scan_text(sys.argv[2], file='f')\n"
        "assert 'detect_secrets' in sys.modules\n"
    )
    texts = (ORDINARY.format(1), "a: " + SECRETS["gitlab-token"][0])
    command = [sys.executable, "-c", code, *texts]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
