"""Fetching one file from an address: https, this very machine, or a file. Bounded in size and time.

Every redirection has to obey the same rule. What the bytes are worth is the caller's to check.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from hubctl.errors import OperationError, UsageError

if TYPE_CHECKING:
    from http.client import HTTPMessage

MAX_BYTES = 32 << 20
_STEP = 1 << 16
_WAIT_SECONDS = 20.0  # for an answer, and between two parts of it
_ALL_SECONDS = 300.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def require_safe(url: str) -> None:
    """Refuse what could be read or changed on its way.

    Raises:
        UsageError: it is neither https, nor of this machine, nor a file.
    """
    parts = urllib.parse.urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if parts.scheme not in ("https", "file") and not local:
        raise UsageError(
            f"hooks are fetched over https only, not from {parts.scheme}:",
            hint="write https://…, file:///… or the path of a folder",
        )
    if parts.username or parts.password:
        raise UsageError("an address with a password in it is kept in records", hint="leave it out")


def download(url: str) -> bytes:
    """The bytes at an address.

    Raises:
        UsageError: the address is not safe (see `require_safe`).
        OperationError: it cannot be fetched, or is larger than MAX_BYTES.
    """
    require_safe(url)
    opener = urllib.request.build_opener(_SafeRedirects())
    until = time.monotonic() + _ALL_SECONDS
    parts: list[bytes] = []
    size = 0
    try:
        with opener.open(url, timeout=_WAIT_SECONDS) as answer:
            while part := answer.read(_STEP):
                parts.append(part)
                size += len(part)
                if size > MAX_BYTES or time.monotonic() > until:
                    why = "is too big" if size > MAX_BYTES else "takes too long"
                    raise OperationError(f"{url} {why}; it was not used")
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise OperationError(f"cannot fetch {url}: {reason}") from error
    return b"".join(parts)


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows only to addresses that could have been given in the first place."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - the library's signature
        self,
        req: urllib.request.Request,
        fp: Any,
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """See the base class; another scheme, or a file, is no place to be sent to."""
        require_safe(newurl)
        if urllib.parse.urlsplit(newurl).scheme == "file":
            raise OperationError(f"{req.full_url} leads to a file of this machine")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
