"""Reading one unit of the spec field by field: typed values out, findings for what is wrong.

Everything here is untrusted: nothing that could end a line, and so begin a directive of its own,
gets through. What the values become in a file is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

# Control characters, line and paragraph separators, and halves of characters that no file holds.
FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
SETTING_NAME = re.compile(r"[A-Za-z0-9]+\Z")
VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class Fields:
    """The fields of one unit; problems gather in `findings`.

    Args:
        values: the unit as the spec has it.
        path: its path in the document; address: text of the file it becomes.
    """

    def __init__(self, values: Mapping[str, object], *, path: str, address: str) -> None:
        self.values = values
        self.findings: list[Finding] = []
        self._path = path
        self._address = address

    def refuse(self, key: str, message: str, hint: str = "") -> None:
        """Record that the value at `key` cannot be used."""
        self.tell(key, message, hint, severity=Severity.ERROR, exit_code=2)

    def tell(
        self,
        key: str,
        message: str,
        hint: str = "",
        *,
        severity: Severity = Severity.NOTE,
        exit_code: int = 0,
    ) -> None:
        """Record something about the value at `key`."""
        path = f"{self._path}.{key}" if key else self._path
        self.findings.append(
            Finding(
                rule=f"units/{_RULES[severity]}",
                severity=severity,
                message=message,
                path=path,
                address=self._address,
                hint=hint,
                exit_code=exit_code,
            )
        )

    def line(self, key: str, value: object) -> str:
        """A scalar as the text of one line, "" (and a finding) where it is none."""
        text = _scalar(value)
        if text is None:
            self.refuse(key, f"text is expected, not {_kind(value)}")
            return ""
        if FORBIDDEN.search(text):
            self.refuse(key, "a line break or control character cannot stand in a unit")
            return ""
        return text

    def text(self, key: str, check: Callable[[str], object] | None = None) -> str:
        """The scalar at `key`, "" where it is absent or `check` raises UsageError."""
        if self.values.get(key) is None:
            return ""
        text = self.line(key, self.values[key])
        if text and check is not None:
            try:
                check(text)
            except UsageError as error:
                self.refuse(key, error.message, error.hint)
                return ""
        return text

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """One of a closed set of words."""
        text = self.text(key) or default
        if text not in allowed:
            self.refuse(key, f"{text!r} is none of {', '.join(allowed)}")
            return default
        return text

    def flag(self, key: str, *, default: bool) -> bool:
        """A boolean."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.refuse(key, f"true or false is expected, not {_kind(value)}")
        return default

    def number(self, key: str, low: int, high: int) -> int | None:
        """A whole number in a range; None where it is absent."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.refuse(key, f"a whole number from {low} to {high} is expected")
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of scalars, or one scalar for a list of one."""
        value = self.values.get(key)
        if value is None:
            return ()
        items = value if isinstance(value, (list, tuple)) else (value,)
        return tuple(text for item in items if (text := self.line(key, item)))

    def mapping(self, key: str) -> Mapping[str, object]:
        """A map."""
        value = self.values.get(key)
        if value is None:
            return {}
        if isinstance(value, Mapping):
            return value
        self.refuse(key, f"a map is expected, not {_kind(value)}")
        return {}

    def environment(self) -> tuple[tuple[str, str], ...]:
        """Names and values of `environment`, sorted."""
        pairs = []
        for name, value in sorted(self.mapping("environment").items()):
            if value is None:
                continue
            if VARIABLE_NAME.match(name):
                pairs.append((name, self.line(f"environment.{name}", value)))
            else:
                self.refuse("environment", f"{name!r} cannot be the name of a variable")
        return tuple(pairs)

    def sections(self, known: tuple[str, ...]) -> dict[str, dict[str, tuple[str, ...]]]:
        """The `systemd` map: section → key → values, in the order written."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for section, keys in self.mapping("systemd").items():
            if section not in known:
                self.refuse("systemd", f"{section!r} is none of {', '.join(known)}")
            elif keys is not None and not isinstance(keys, Mapping):
                self.refuse(f"systemd.{section}", f"a map is expected, not {_kind(keys)}")
            else:
                found[section] = self._settings(section, keys or {})
        return found

    def _settings(self, section: str, keys: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
        settings = {}
        for key, value in keys.items():
            path = f"systemd.{section}.{key}" if SETTING_NAME.match(key) else "systemd"
            if path == "systemd":
                self.refuse(path, f"{key!r} cannot be a key of a unit file")
                continue
            if value is None:
                continue
            items = value if isinstance(value, (list, tuple)) else (value,)
            texts = tuple(self.line(path, item) for item in items)
            if any(text.endswith("\\") for text in texts):
                self.refuse(path, "a backslash at the end would join the next line")
            settings[key] = texts
        return settings


_RULES = {
    Severity.ERROR: "invalid-value",
    Severity.WARNING: "not-expressible",
    Severity.NOTE: "without-effect",
}


def _scalar(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    return None


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a map"
    return "a list" if isinstance(value, (list, tuple)) else f"{value!r}"
