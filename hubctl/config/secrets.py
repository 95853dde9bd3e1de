"""Secrets: found before anything is written, named without being shown.

Key shapes come from detect-secrets, in process; rules of our own add what it lacks: keys of
Anthropic and Google, and values assigned to a telling name. A reference that the client or the
shell resolves (`${VAR}`, `op://…`) is no secret.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

# detect-secrets takes half a second to load: it is asked about a line only where one of its own
# key shapes could begin. A test holds this against everything its detectors find.
_MAY_BE_KEY = re.compile(
    r"AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9]|gh[pousr]_|github_pat_|glpat-|gldt-|glft-|glsoat-|glrt-"
    r"|GR1348941|glcbt-|glimt-|glptt-|glagent-|gloas-|xox[a-z]|hooks\.slack\.com|[sr]k_live|sq0csp"
    r"|PRIVATE KEY|PuTTY-User-Key|eyJ|AccountKey|://[^/\s:@]*:[^/\s@]+@|_authToken|pypi-AgE|SG\.[\w-]"
    r"|(?<![A-Za-z0-9])(?:AC|SK)[a-z0-9]{32}|T3BlbkFJ|-us[0-9]{1,2}\b|[0-9]{8,10}:[\w-]{35}"
    r"|[MNO][A-Za-z0-9_-]{23,25}\.[\w-]{6}\.",
)
_DETECTORS = (
    "AWSKeyDetector",
    "AzureStorageKeyDetector",
    "BasicAuthDetector",
    "DiscordBotTokenDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "JwtTokenDetector",
    "MailchimpDetector",
    "NpmDetector",
    "OpenAIDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
    "SendGridDetector",
    "SlackDetector",
    "SquareOAuthDetector",
    "StripeDetector",
    "TelegramBotTokenDetector",
    "TwilioKeyDetector",
)
_OWN = (
    ("anthropic-key", "an Anthropic key", re.compile(r"sk-ant-[A-Za-z0-9_-]{10,}")),
    ("google-api-key", "a Google API key", re.compile(r"AIza[0-9A-Za-z_-]{35}")),
)
_TELLING = (
    r"(?:pass(?:word|wd|phrase)|secret|token|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|credentials?|authorization|bearer)"
)
_ASSIGNED = re.compile(
    rf"(?i)(?P<name>[\w.-]*{_TELLING}[\w-]*)[\"']?\s*[:=]\s*[\"']?(?:bearer\s+|basic\s+)?"
    r"(?P<value>[^\s\"',}\]]{8,})"
)
_TELLING_NAME = re.compile(rf"(?i){_TELLING}")
_REFERENCE = re.compile(r"\$|\{\{|<|%[A-Za-z]|(?:op|vault|env|keychain|aws-sm|gcp-sm|file|pass):")
_HARMLESS = re.compile(
    r"(?i)(?:sha(?:1|256|512)[:-]|/|~/|\.{1,2}/|https?://|[0-9a-f]{8}-[0-9a-f]{4}-|\w+\([^)]*\)$)"
)
_PLAIN_NUMBER = re.compile(r"[0-9._:-]+\Z")
_MIN_ENTROPY = 3.0
_SENSITIVE_PARENTS = frozenset(("env", "headers"))
_SENSITIVE_KEYS = re.compile(r"(?i)helper\Z|" + _TELLING)
_HINT = (
    "write a reference that the client or the shell resolves, such as ${NAME}, or keep it in a "
    "helper such as apiKeyHelper; then change the key, because it has been in a file"
)


def scan_text(text: str, *, file: str) -> tuple[Finding, ...]:
    """Every line of a text that holds something like a secret; no message shows any of it."""
    found: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        for kind, words in _kinds(line):
            found.append(_finding(kind, words, Location(file=file, line=number)))
    return tuple(found)


def scan_value(path: tuple[str, ...], value: object) -> tuple[Finding, ...]:
    """What of a JSON value, found at `path`, is something like a secret."""
    return tuple(
        _finding(kind, words, None, ".".join(at))
        for at, text in _leaves(path, value)
        for kind, words in _kinds(f"{at[-1] if at else ''}: {text}")
    )


def mask(text: str) -> str:
    """What is shown in the place of a sensitive text."""
    return f"‹hidden, {len(text)} character{'' if len(text) == 1 else 's'}›"


def is_sensitive(path: tuple[str, ...]) -> bool:
    """Whether the value at a path of client settings is shown masked everywhere.

    Values under `env` and `headers`, helpers, and whatever has a telling name.
    """
    if any(key in _SENSITIVE_PARENTS for key in path[:-1]):
        return True
    return bool(path) and bool(_SENSITIVE_KEYS.search(path[-1])) and path[-1] != "maxTokens"


def _leaves(path: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves((*path, str(key)), item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(path, item)


def _kinds(line: str) -> list[tuple[str, str]]:
    """Rule and words for each kind of secret in a line, each kind once."""
    found = [(kind, words) for kind, words, shape in _OWN if shape.search(line)]
    if _MAY_BE_KEY.search(line):
        found += _detected(line)
    if not found and _is_assigned(line):
        found.append(("assigned-value", "a value that looks like a secret"))
    return list(dict.fromkeys(found))


def _detected(line: str) -> list[tuple[str, str]]:
    from detect_secrets.core.scan import scan_line
    from detect_secrets.settings import transient_settings

    plugins = [{"name": name} for name in _DETECTORS]
    with transient_settings({"plugins_used": plugins}):
        types = {str(secret.type) for secret in scan_line(line) if not _is_reference(secret)}
    return [(_slug(name), f"something like this: {name}") for name in sorted(types)]


def _is_reference(secret: object) -> bool:
    value = getattr(secret, "secret_value", None)
    return isinstance(value, str) and bool(_REFERENCE.match(value))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _is_assigned(line: str) -> bool:
    if not _TELLING_NAME.search(line):
        return False
    return any(_looks_secret(match["value"]) for match in _ASSIGNED.finditer(line))


def _looks_secret(value: str) -> bool:
    """A word of mixed characters, neither a reference nor one of the harmless long words."""
    if _REFERENCE.match(value) or _HARMLESS.match(value) or _PLAIN_NUMBER.match(value):
        return False
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return mixed and _entropy(value) >= _MIN_ENTROPY


def _entropy(text: str) -> float:
    """Shannon entropy in bits per character."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values())


def _finding(kind: str, words: str, location: Location | None, path: str = "") -> Finding:
    where = f" at {path}" if path and location is None else ""
    return Finding(
        rule=f"secret/{kind}",
        severity=Severity.ERROR,
        message=f"{words} stands here{where}; hubctl never writes secrets",
        location=location,
        path=path,
        hint=_HINT,
        exit_code=2,
    )
