"""Words around secrets: keys that hold one, references that are none, values that look like one.

Pure judgement over single words; knows no file and no finding.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PASSWORDS = frozenset(("password", "passwd", "passphrase", "pwd", "passwort", "pass"))
_SINGLE = (_PASSWORDS - {"pass"}) | {
    *("token", "secret", "credential", "credentials", "apikey", "authorization"),
}
_BEFORE_KEY = frozenset(
    (
        *("api", "access", "secret", "private", "auth", "encryption", "signing", "master"),
        *("account", "service", "client", "admin"),
    )
)
_BEFORE_PASS = frozenset(
    ("db", "database", "user", "admin", "root", "pg", "mysql", "redis", "smtp", "mail")
)
_TRAILING = frozenset(("value", "text", "string", "plain", "raw", "base64"))

# Texts that the client, the shell or a secret store resolves; the value itself is elsewhere.
_REFERENCE = re.compile(
    r"\$\{|\{\{|`|\A\$[A-Za-z_(]|\A\{\w*\}\Z"
    r"|\A(?:op|vault|env|file|secrets?|keyring|keychain|pass|ref|sops|doppler|ssm|bw|arn|gcp-sm"
    r"|aws-sm|azure-kv|infisical|1password|bitwarden|projects|https?)(?::|/)"
    r"|\A(?:~/|\.{1,2}/|<.*>\Z|%\w+%\Z|!\w|\*\w)"
    r"|\A/(?:home|Users|etc|usr|var|opt|run|tmp|mnt|media|srv|root|private|data|app)/"
)
_HASH = re.compile(r"\A(?:sha|md5|blake)[0-9a-z]{0,5}[:-]", re.IGNORECASE)
_UUID = re.compile(r"\A[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)
_VARIABLE = re.compile(r"\A[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")
_PLACEHOLDER = re.compile(
    r"(?<![a-z])(?:example|placeholder|your|change[-_ ]?me|dummy|redacted|fake|replace|insert|todo"
    r"|sample)(?![a-z])|EXAMPLE|x{5}|\*{3}|\.{3}|…|0{8}|\A(?:1234567|abcdefg)",
    re.IGNORECASE,
)
_DEFAULTS = frozenset(
    (
        *("password", "passwd", "pass", "pwd", "secret", "token", "key", "user", "username"),
        *("admin", "root", "guest", "test", "postgres", "mysql", "redis", "none", "null", "true"),
        *("false", "changeme", "hidden", "prompt", "required"),
    )
)
# Parts of names: words, small numbers, versions, dates.
_NAME_PART = re.compile(r"(?:[A-Za-z]+|v?\d{1,4}|\d{6}|\d{8}|[A-Za-z]{2,}\d{1,6})\Z")
_SEPARATORS = re.compile(r"[-_./:@ +,=]+")
_SHORTEST = 12
_SHORTEST_PASSWORD = 6
_RANDOM = 3.0  # bits a character; English words joined up stay below, hexadecimal keys above


@lru_cache(maxsize=1024)
def words_of(name: str) -> tuple[str, ...]:
    """`githubAPIToken`, `GITHUB_API_TOKEN`, `github-api-token` → the same words."""
    return tuple(word.lower() for word in _WORDS.findall(name))


@lru_cache(maxsize=1024)
def is_secret_key(name: str) -> bool:
    """Whether a key of this name holds a secret itself (`max_tokens`, `token_file` do not)."""
    words = words_of(name)
    while len(words) > 1 and words[-1] in _TRAILING:
        words = words[:-1]
    if not words:
        return False
    before = set(words[-2:-1])
    return (
        words[-1] in _SINGLE
        or (words[-1] == "key" and bool(_BEFORE_KEY & before))
        or (words[-1] == "pass" and bool(_BEFORE_PASS & before))
    )


def is_password_key(name: str) -> bool:
    """Whether people choose what stands under this key, so that it need not look random."""
    return bool(_PASSWORDS & set(words_of(name)))


def is_harmless(value: str) -> bool:
    """Whether a value is a reference, a hash, an id or a placeholder, whatever its key says."""
    text = value.strip()
    patterns = (_REFERENCE, _HASH, _UUID, _VARIABLE, _PLACEHOLDER)
    return text.lower() in _DEFAULTS or any(pattern.search(text) for pattern in patterns)


def is_placeholder(value: str) -> bool:
    """Whether a value only shows what a secret would look like."""
    return bool(_PLACEHOLDER.search(value))


def looks_random(value: str) -> bool:
    """Whether a value looks generated: no name, no words, many different characters."""
    if len(value) < _SHORTEST or any(c.isspace() for c in value):
        return False
    if all(_NAME_PART.match(part) for part in _SEPARATORS.split(value) if part):
        return _is_mixed(value)
    return _entropy(value) > _RANDOM


def looks_chosen(value: str) -> bool:
    """Whether a value may be a password: more than a plain word."""
    return len(value) >= _SHORTEST_PASSWORD and not value.isalpha() and not value.isspace()


def _is_mixed(value: str) -> bool:
    """Letters only, but capitals where no word has them."""
    inner = sum(a.islower() and b.isupper() for a, b in pairwise(value))
    outer = sum(a.isupper() and b.islower() for a, b in pairwise(value))
    return len(value) >= 20 and min(inner, outer) * 5 >= len(value)


def _entropy(text: str) -> float:
    """Shannon's, in bits a character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
