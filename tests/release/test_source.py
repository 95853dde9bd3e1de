from __future__ import annotations

import pytest

from hubctl.errors import UsageError
from hubctl.release.source import read_source

SUM = "a" * 64
GOOD = [
    ("hubctl", "ours", "", "", ""),
    ("/srv/hooks", "folder", "/srv/hooks", "", ""),
    ("../hooks", "folder", "../hooks", "", ""),
    ("git+https://h.example/x.git", "git", "https://h.example/x.git", "", ""),
    ("git+https://h.example/x.git@v1.2", "git", "https://h.example/x.git", "v1.2", ""),
    ("git+ssh://git@h.example/x.git@v1", "git", "ssh://git@h.example/x.git", "v1", ""),
    ("git+file:///srv/x.git", "git", "file:///srv/x.git", "", ""),
    (f"https://h.example/x.tar.gz#sha256={SUM}", "archive", "https://h.example/x.tar.gz", "", SUM),
    (f"file:///srv/x.zip#sha256={SUM.upper()}", "archive", "file:///srv/x.zip", "", SUM),
    (f"/srv/x.tgz#sha256:{SUM}", "archive", "/srv/x.tgz", "", SUM),
]


@pytest.mark.parametrize(("text", "kind", "place", "tag", "checksum"), GOOD)
def test_a_source_is_read_and_written_back(
    text: str, kind: str, place: str, tag: str, checksum: str
) -> None:
    found = read_source(text)
    assert (found.kind, found.place, found.tag, found.checksum) == (kind, place, tag, checksum)
    assert read_source(str(found)) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-x",
        "git+http://h.example/x.git",
        "git+ext::sh -c id",
        "git+git://h.example/x.git",
        "git+https://h.example/x.git@--upload-pack=x",
        "git+https://h.example/x.git@a b",
        "git+https://h.example/x.git@a..b",
        "https://h.example/x.tar.gz",
        "https://h.example/x.tar.gz#sha256=abc",
        f"https://h.example/x.tar.gz#md5={SUM}",
        "/srv/x.tar.gz",
        "ftp://h.example/x.zip",
    ],
)
def test_what_is_no_source(text: str) -> None:
    with pytest.raises(UsageError):
        read_source(text)
