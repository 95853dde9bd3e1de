"""The client program on this machine: where it is, its version, and an environment to try it in.

What runs in that environment has a home of its own and a key that is none, talks to a stub model,
and reaches nothing else. Which settings it meets there, and what is done with it, is the caller's.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

from hubctl.errors import OperationError, UsageError
from hubctl.system.private_home import private_environment
from hubctl.system.process import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.system.process import Runner

PROGRAM = "claude"
NO_KEY = "hubctl-sends-no-key"
_NOWHERE = "http://127.0.0.1:9"  # the discard port: a proxy that nobody answers at
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_VERSION_SECONDS = 30.0


def find_client(given: str) -> str:
    """The client's absolute path: `given` (absolute), or `claude` of the PATH where that is "".

    Raises:
        UsageError: `given` is no program.
        OperationError: none is installed.
    """
    if given:
        if os.path.isfile(given) and os.access(given, os.X_OK):
            return given
        raise UsageError(f"{given} is no program", hint="name the client's own program")
    found = shutil.which(PROGRAM)
    if found is None:
        raise OperationError(
            f"no Claude Code is installed here: no program {PROGRAM!r} in the PATH",
            hint="install it, or name its program with --client PATH",
        )
    return os.path.abspath(found)


def client_version(client: str, env: Mapping[str, str], *, runner: Runner = run) -> str:
    """What the client says it is, such as `2.1.328`.

    Raises:
        OperationError: it does not start, or says nothing like a version.
    """
    done = runner((client, "--version"), timeout=_VERSION_SECONDS, env=env)
    found = _VERSION.match(done.stdout)
    if done.returncode or found is None:
        raise OperationError(f"{client} is no Claude Code that works here: {done.complaint[:300]}")
    return found[0]


def stub_environment(home: str, url: str) -> dict[str, str]:
    """The whole environment of a client that lives in `home` and knows only the model at `url`."""
    return private_environment(home) | client_variables(url) | {"TMPDIR": os.path.join(home, "tmp")}


def client_variables(url: str) -> dict[str, str]:
    """What leads a client to the model at `url`, and keeps it from everywhere else.

    Its settings may say otherwise in `env`, which goes before the environment: hand the same to
    it on its command line.
    """
    return {
        "ANTHROPIC_BASE_URL": url,
        "ANTHROPIC_API_KEY": NO_KEY,
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "CLAUDE_CODE_MAX_RETRIES": "0",
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_ERROR_REPORTING": "1",
        "HTTP_PROXY": _NOWHERE,
        "HTTPS_PROXY": _NOWHERE,
        "NO_PROXY": "127.0.0.1",
        **registrations_to(url),
    }


def registrations_to(url: str) -> dict[str, str]:
    """The client's own telemetry as a witness: it names every hook that it took into account."""
    return {
        "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
        "OTEL_LOGS_EXPORTER": "otlp",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
        "OTEL_EXPORTER_OTLP_ENDPOINT": url,
        "OTEL_LOG_TOOL_DETAILS": "1",
        "OTEL_LOGS_EXPORT_INTERVAL": "500",
    }
