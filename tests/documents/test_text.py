"""Owned blocks of text files."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hubctl.documents import DocumentError, edit_document, read_document
from hubctl.model.item import BlockText, JsonValue
from hubctl.model.state import ABSENT
from tests.documents.building import address, drop, edit, put, undo, value_at

MD = "CLAUDE.md"
IGNORE = ".gitignore"
BEGIN = "<!-- hubctl:begin hub · from canonical.yaml, edit there and run hubctl apply -->"
END = "<!-- hubctl:end hub -->"
BLOCK = f"{BEGIN}\nours\n{END}\n"


def block(text: str, comment: str = "html") -> BlockText:
    return BlockText(text=text, comment=comment)


def put_block(text: str, name: str = "hub", path: str = MD):
    return put(f"block:{name}", block(text, "html" if path == MD else "hash"), path)


# before, after; removing gives the first text again
INSERTED = [
    ("", BLOCK),
    ("# Mine\n", f"# Mine\n\n{BLOCK}"),
    ("# Mine", f"# Mine\n\n{BLOCK}"),
    ("# Mine\n\n", f"# Mine\n\n{BLOCK}"),
    ("# Mine\n\n\n", f"# Mine\n\n\n{BLOCK}"),
    ("# Mine\n  ", f"# Mine\n  \n{BLOCK}"),
    ("\n", f"\n{BLOCK}"),
    ("a\r\nb\r\n", f"a\r\nb\r\n\r\n{BLOCK}".replace("\r\n", "\n").replace("\n", "\r\n")),
    ("a\r\nb", f"a\nb\n\n{BLOCK}".replace("\n", "\r\n")),
    ("\ufeff", f"\ufeff{BLOCK}"),
    ("\ufeff# é\n", f"\ufeff# é\n\n{BLOCK}"),
    ("```\nopen fence\n", f"```\nopen fence\n\n{BLOCK}"),
    ("a\x0b\x1c\u2028b\n", f"a\x0b\x1c\u2028b\n\n{BLOCK}"),
]


@pytest.mark.parametrize(("before", "after"), INSERTED)
def test_a_new_block_stands_at_the_end_and_goes_without_a_trace(before, after):
    edited = edit(before.encode(), put_block("ours\n"))
    assert edited.data.decode() == after
    assert value_at(edited.data, "block:hub", MD) == block("ours\n")
    back = edit(edited.data, drop("block:hub", MD), containers=edited.containers)
    assert (back.data.decode(), back.containers) == (before, {})


def test_a_new_file_is_the_block_and_goes_with_it():
    edited = edit(None, put_block("a\n\nb\n", path=IGNORE))
    assert edited.data.decode() == (
        "# hubctl:begin hub · from canonical.yaml, edit there and run hubctl apply\n"
        "a\n\nb\n# hubctl:end hub\n"
    )
    assert value_at(edited.data, "block:hub", IGNORE) == block("a\n\nb\n", "hash")
    back = edit(edited.data, drop("block:hub", IGNORE), containers=edited.containers)
    assert (back.data, back.containers) == (None, {})
    mine = edit(edited.data + b"mine\n", drop("block:hub", IGNORE), containers=edited.containers)
    assert mine.data == b"mine\n"
    assert edit(None, drop("block:hub", MD)).data is None


def test_bytes_that_are_no_utf8_survive():
    data = b"caf\xe9 \xff\n"
    edited = edit(data, put_block("ours\n"))
    assert edited.data == data + b"\n" + BLOCK.encode()
    assert edit(edited.data, drop("block:hub", MD), containers=edited.containers).data == data


CHANGED = [
    (f"a\n{BLOCK}b\n", f"a\n{BEGIN}\nnew\n{END}\nb\n"),
    (f"a\n{BLOCK}b\n".replace("\n", "\r\n"), f"a\n{BEGIN}\nnew\n{END}\nb\n".replace("\n", "\r\n")),
    (
        "<!--hubctl:begin hub-->\nx\ny\n<!--  hubctl:end hub  -->  \nz",
        "<!--hubctl:begin hub-->\nnew\n<!--  hubctl:end hub  -->  \nz",
    ),
    (f"\ufeff{BLOCK.rstrip()}", f"\ufeff{BEGIN}\nnew\n{END}"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CHANGED)
def test_changing_a_block_leaves_every_other_line(before, after):
    edited = edit(before.encode(), put_block("new\n"))
    assert edited.data.decode() == after
    assert edit(edited.data, put_block("new\n")).data is edited.data


def test_line_ends_alone_are_no_difference():
    data = f"a\n{BEGIN}\nours\r\n{END}\n".encode()
    assert value_at(data, "block:hub", MD) == block("ours\n")
    assert edit(data, put_block("ours\n")).data is data
    assert edit(data, put_block("ours\r\n")).data is data


def test_an_empty_block_is_two_markers():
    edited = edit(b"", put_block(""))
    assert edited.data.decode() == f"{BEGIN}\n{END}\n"
    assert value_at(edited.data, "block:hub", MD) == block("")


def test_what_the_user_puts_behind_the_block_stays_a_line_of_its_own():
    for before in ("mine", "mine\n", "mine\n\n", " "):
        edited = edit(before.encode(), put_block("ours\n"))
        back = edit(edited.data + b"more\n", drop("block:hub", MD), containers=edited.containers)
        assert back.data.decode().split("\n")[0] == before.split("\n")[0]
        assert back.data.decode().endswith("\nmore\n")


def test_a_blank_line_that_the_user_took_away_is_not_taken_again():
    edited = edit(b"mine\n", put_block("ours\n"))
    closer = edited.data.replace(b"mine\n\n", b"mine\n")
    back = edit(closer, drop("block:hub", MD), containers=edited.containers)
    assert back.data == b"mine\n"


def test_the_last_block_to_go_gives_the_bytes_back_whichever_it_is():
    edits = [put_block("1\n", "one"), put_block("2\n", "two"), put_block("3\n", "three")]
    for order in itertools.permutations(undo(edits)):
        edited = edit(b"no line end", *edits)
        for removal in order:
            edited = edit(edited.data, removal, containers=edited.containers)
        assert (edited.data, edited.containers) == (b"no line end", {})


def test_a_block_without_a_record_takes_its_lines_along_only():
    data = f"a\n\n{BLOCK}\nb\n".encode()
    assert edit(data, drop("block:hub", MD)).data == b"a\n\n\nb\n"
    forged = {f"{MD}#block:hub": "a\n\n"}
    assert edit(data, drop("block:hub", MD), containers=forged).data == b"a\n\n\nb\n"


FENCED = [
    f"```\n{BLOCK}```\n",
    f"```markdown\n{BLOCK}```\n",
    f"~~~~ x\n~~~\n{BLOCK}~~~~~\n",
    f"```\n```sh\n{BLOCK}```\n",
    f"  ````\n```\n{BEGIN}\n````\n",
    f"```\n{END}\n```\n",
    f"    {BEGIN}\n    {END}\n",
    "# hubctl:begin hub\n",
    f"text {BEGIN}\n",
    "<!-- hubctl:begins hub -->\n",
]


@pytest.mark.parametrize("before", FENCED)
def test_an_example_is_no_marker(before):
    document = read_document(MD, before.encode())
    assert document.get(address("block:hub", MD)) is ABSENT
    edited = edit(before.encode(), put_block("real\n"))
    assert edited.data.decode().startswith(before)
    assert value_at(edited.data, "block:hub", MD) == block("real\n")
    back = edit(edited.data, drop("block:hub", MD), containers=edited.containers)
    assert back.data == before.encode()


def test_fences_inside_of_a_block_are_not_the_users():
    before = "```\nforgotten\n"
    edited = edit(before.encode(), put_block("```sh\nls\n```\n"))
    assert value_at(edited.data, "block:hub", MD) == block("```sh\nls\n```\n")
    assert read_document(IGNORE, f"```\n{BLOCK}```\n".encode()).get(address("block:hub", IGNORE))


MALFORMED = [
    (f"a\n{BEGIN}\n", "never ends", 2),
    (f"a\n\n{END}\n", "does not begin", 3),
    (f"{BLOCK}{BLOCK}", "a second time", 4),
    (f"{BEGIN}\n{BEGIN}\n{END}\n", "inside the block 'hub'", 2),
    (f"{BEGIN}\n<!-- hubctl:begin b -->\n<!-- hubctl:end b -->\n{END}\n", "inside the block", 2),
    (f"{BEGIN}\n<!-- hubctl:end other -->\n{END}\n", "'other' ends here", 2),
    (f"{BEGIN}\r\n{BEGIN}\r\n{END}\r\n", "inside the block", 2),
]


@pytest.mark.parametrize(("text", "message", "line"), MALFORMED)
def test_markers_that_do_not_pair_up_are_refused_with_their_line(text, message, line):
    for action in (
        lambda: read_document(MD, text.encode()),
        lambda: edit(text.encode(), put_block("x\n")),
    ):
        with pytest.raises(DocumentError) as caught:
            action()
        assert message in caught.value.message
        assert caught.value.line == line


@pytest.mark.parametrize("data", [b"\xff\xfea\0", b"\xfe\xff\0a", b"a\0b"])
def test_utf16_and_binary_are_refused(data):
    with pytest.raises(DocumentError, match="not a UTF-8 text file"):
        read_document(MD, data)


REFUSED = [
    put_block("no line end"),
    put_block(f"{END}\n"),
    put_block("a\rb\n"),
    put_block("a\0\n"),
    put_block("\ud800\n"),
    put("block:hub", block("x\n", "hash"), MD),
    put("block:hub", block("x\n", "slashes"), IGNORE),
    put("block:a b", block("x\n"), MD),
    put("block:--", block("x\n"), MD),
    put("/a", 1, MD),
    put("block:hub", JsonValue(value=1), MD),
]


@pytest.mark.parametrize("one", REFUSED)
def test_what_could_not_be_found_again_is_refused(one):
    with pytest.raises(DocumentError):
        edit(b"mine\n", one)


def test_two_blocks_and_their_styles_are_kept_apart():
    one = "# hubctl:begin one\n1\n# hubctl:end one"
    two = "<!-- hubctl:begin two -->\n<!-- hubctl:end two -->"
    data = f"a\n{one}\n{two}\n".encode()
    assert dict(read_document(IGNORE, data).parts()) == {
        "block:one": block("1\n", "hash"),
        "block:two": block(""),
    }
    assert [f for f, _ in read_document(MD, data).parts()] == ["block:two"]


# An example in a fence, not a lone marker: that would make most texts malformed.
_EXAMPLE = f"````\n{BLOCK}````"
_MARKDOWN = ["text", "", " ", "# Title", "```", "~~~", "- é😀", "# hubctl:begin x", "\x0b", "  x "]
_LINES = st.lists(st.sampled_from([*_MARKDOWN, _EXAMPLE]), max_size=5)
_TAILS = st.sampled_from(["", "last", "\n", "\n\n"])
_TEXTS = st.lists(st.sampled_from(["", "a", "```", "# b", "- c", "é"]), max_size=3).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@st.composite
def user_texts(draw: st.DrawFn) -> bytes:
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = "\n".join(draw(_LINES)) + draw(_TAILS)
    mark = draw(st.sampled_from(["", "\ufeff"]))
    rubbish = draw(st.sampled_from([b"", b"\xff\xe9 "]))
    data = mark.encode() + rubbish + text.replace("\n", newline).encode()
    try:
        read_document(MD, data)
    except DocumentError:
        assume(False)
    return data


@given(
    st.one_of(st.none(), user_texts()),
    st.lists(_TEXTS, min_size=1, max_size=3),
    st.randoms(use_true_random=False),
)
@settings(deadline=None)
def test_blocks_come_and_go_in_any_order(data, texts, random):
    edits = [put_block(text, f"b{number}") for number, text in enumerate(texts)]
    edited = edit_document(MD, data, edits, {})
    if data is not None:
        assert edited.data.startswith(data)
    for one in edits:
        assert value_at(edited.data, one.address.fragment, MD) == one.value
    assert edit_document(MD, edited.data, edits, edited.containers).data is edited.data
    removals = undo(edits)
    random.shuffle(removals)
    at_once = edit_document(MD, edited.data, removals, edited.containers)
    assert (at_once.data, at_once.containers) == (data, {})
    for removal in removals:
        edited = edit_document(MD, edited.data, [removal], edited.containers)
    assert (edited.data, edited.containers) == (data, {})


@given(user_texts(), _TEXTS, _TEXTS, user_texts())
@settings(deadline=None)
def test_changing_a_block_touches_nothing_around_it(data, first, second, below):
    above = edit(data, put_block(first, "b")).data
    whole = above + below.removeprefix(b"\xef\xbb\xbf")
    try:
        document = read_document(MD, whole)
    except DocumentError:
        assume(False)
    assume(document.get(address("block:b", MD)) == block(first))
    changed = edit(whole, put_block(second, "b")).data
    assert value_at(changed, "block:b", MD) == block(second)
    assert changed.startswith(data)
    assert changed.endswith(below.removeprefix(b"\xef\xbb\xbf"))
