"""Entries of a pre-commit configuration."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from hubctl.documents import DocumentError, edit_document, read_document
from hubctl.documents.same import same_json
from hubctl.model.item import Handler, JsonValue, hash_value
from hubctl.model.state import ABSENT
from tests.documents.building import PRE_COMMIT, TEXTS, address, drop, edit, put, value_at

NAME = "hook:pre-commit/hubctl-drift"
ENTRY = {
    "repo": "local",
    "hooks": [
        {
            "id": "hubctl-drift",
            "name": "hubctl: drift",
            "entry": "hubctl drift --path .",
            "language": "system",
            "pass_filenames": False,
            "types": ["python", "yes"],
        }
    ],
}
DRIFT = Handler(matcher="", entry=ENTRY)
ABOUT = "  # hubctl: from canonical.yaml; edit there, then run hubctl apply"


def lines(dash: int, content: int, nested: int, newline: str = "\n") -> str:
    """The entry in a layout, as a person would write it."""
    one, two = " " * dash, " " * (dash + content)
    item = " " * (dash + content + nested)
    inner = " " * (dash + content + nested + content)
    pad = " " * (content - 1)
    text = (
        f"{one}-{pad}repo: local{ABOUT}\n{two}hooks:\n{item}-{pad}id: hubctl-drift\n"
        f'{inner}name: "hubctl: drift"\n{inner}entry: hubctl drift --path .\n'
        f"{inner}language: system\n{inner}pass_filenames: false\n{inner}types:\n"
        f'{inner}{" " * nested}-{pad}python\n{inner}{" " * nested}-{pad}"yes"\n'
    )
    return text.replace("\n", newline)


FLOW = (
    '{"repo": "local", "hooks": [{"id": "hubctl-drift", "name": "hubctl: drift", '
    '"entry": "hubctl drift --path .", "language": "system", "pass_filenames": false, '
    '"types": ["python", "yes"]}]}'
)
FLAT, INDENTED, WIDE, NESTED = lines(0, 2, 0), lines(2, 2, 2), lines(0, 4, 0), lines(0, 2, 2)
TEXT = "- repo: a\n  hooks:\n  - entry: |\n      a\n      # b\n"
TAGGED = "--- !!map\nrepos: !!seq\n\n  # -x\n  - repo: a\n"
ANCHORED = "repos:\n- &a\n  repo: a\n  hooks: &h\n  - id: x\n"
DEEPER = "- repo: a\n  hooks:\n    - id: x\n"
KEPT = TEXT.replace("|", "|+")
USER = "- repo: a\n  rev: v1  # c\n  hooks:\n  - id: x\n"

# before, after; removing gives the first text again
INSERTED = [
    ("", f"repos:\n{INDENTED}"),
    ("# mine\n", f"# mine\nrepos:\n{INDENTED}"),
    ("---\n", f"---\nrepos:\n{INDENTED}"),
    ("ci: {}\n", f"ci: {{}}\nrepos:\n{INDENTED}"),
    ("ci: {}", f"ci: {{}}\nrepos:\n{INDENTED.rstrip()}"),
    ("ci: {}\n...\n", f"ci: {{}}\nrepos:\n{INDENTED}...\n"),
    ("repos: []\n", f"repos:\n{INDENTED}"),
    ("repos:   [ ]  # none\nci: 1\n", f"repos:  # none\n{INDENTED}ci: 1\n"),
    ("repos:\nci: 1\n", f"repos:\n{INDENTED}ci: 1\n"),
    ("repos:  # c\n", f"repos:  # c\n{INDENTED}"),
    ("repos: ~", f"repos:\n{INDENTED.rstrip()}"),
    ("repos:\n  []\n", f"repos:\n{INDENTED}"),
    (f"repos:\n{USER}", f"repos:\n{USER}{FLAT}"),
    (f"repos:\n{USER}".rstrip(), f"repos:\n{USER}{FLAT.rstrip()}"),
    (f"repos:\n{USER}\n# end\n", f"repos:\n{USER}{FLAT}\n# end\n"),
    (f"repos:\n{USER}  # - id: y\n# z\nci: 1\n", f"repos:\n{USER}  # - id: y\n{FLAT}# z\nci: 1\n"),
    ("repos:\n-   repo: é😀\n", f"repos:\n-   repo: é😀\n{WIDE}"),
    ("repos:\n  - repo: a\n", f"repos:\n  - repo: a\n{INDENTED}"),
    (f"repos:\n{DEEPER}", f"repos:\n{DEEPER}{NESTED}"),
    (f"repos:\n{USER}".replace("\n", "\r\n"), f"repos:\n{USER}{FLAT}".replace("\n", "\r\n")),
    (f"\ufeffrepos:\n{USER}", f"\ufeffrepos:\n{USER}{FLAT}"),
    (f"repos:\n{TEXT}\n\nci: 1\n", f"repos:\n{TEXT}{FLAT}\n\nci: 1\n"),
    (f"repos:\n{KEPT}\n\nci: 1\n", f"repos:\n{KEPT}\n\n{FLAT}ci: 1\n"),
    (f"x: &x [a]\nrepos:\n{USER}    args: *x\n", f"x: &x [a]\nrepos:\n{USER}    args: *x\n{FLAT}"),
    (f"repos: &r  # c-c\n{USER}", f"repos: &r  # c-c\n{USER}{FLAT}"),
    ("--- &d\nci: 1\n", f"--- &d\nci: 1\nrepos:\n{INDENTED}"),
    (TAGGED, f"{TAGGED}{INDENTED}"),
    (ANCHORED, f"{ANCHORED}{FLAT}"),
    ("repos: [{repo: a}]  # c\n", f"repos: [{{repo: a}}, {FLOW}]  # c\n"),
    ('{"repos": [ {"repo": "a"}, ]}', f'{{"repos": [ {{"repo": "a"}}, {FLOW}, ]}}'),
    ('{"repos": [ ]}', f'{{"repos": [{FLOW}]}}'),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), INSERTED)
def test_a_new_entry_looks_like_its_neighbours_and_goes_without_a_trace(before, after):
    edited = edit(before.encode(), put(NAME, DRIFT, PRE_COMMIT))
    assert edited.data.decode() == after
    assert value_at(edited.data, NAME, PRE_COMMIT) == DRIFT
    again = edit(edited.data, put(NAME, DRIFT, PRE_COMMIT), containers=edited.containers)
    assert again.data is edited.data
    back = edit(edited.data, drop(NAME, PRE_COMMIT), containers=edited.containers)
    assert (back.data.decode(), back.containers) == (before, {})


def test_a_new_file_is_the_entry_and_goes_with_it():
    edited = edit(None, put(NAME, DRIFT, PRE_COMMIT))
    assert edited.data.decode() == f"repos:\n{INDENTED}"
    back = edit(edited.data, drop(NAME, PRE_COMMIT), containers=edited.containers)
    assert (back.data, back.containers) == (None, {})
    assert edit(None, drop(NAME, PRE_COMMIT)).data is None


CHANGED = Handler(matcher="", entry={"repo": "local", "hooks": [{"id": "hubctl-drift"}]})


@pytest.mark.parametrize(("newline", "tail"), [("\n", "# end\n"), ("\r\n", "ci: 1\n"), ("\n", "")])
def test_changing_an_entry_leaves_every_other_line(newline, tail):
    before = f"repos:\n{USER}{FLAT}{tail}".replace("\n", newline)
    new = f"- repo: local{ABOUT}\n  hooks:\n  - id: hubctl-drift\n"
    edited = edit(before.encode(), put(NAME, CHANGED, PRE_COMMIT))
    assert edited.data.decode() == f"repos:\n{USER}{new}{tail}".replace("\n", newline)
    flow = edit(f"repos: [{FLOW}, {{repo: a}}]".encode(), put(NAME, CHANGED, PRE_COMMIT))
    assert flow.data == b'repos: [{"repo": "local", "hooks": [{"id": "hubctl-drift"}]}, {repo: a}]'


def test_an_equal_entry_keeps_its_bytes():
    text = (
        "repos:\n- hooks: [{types: [python, 'yes'], pass_filenames: no, language: system, "
        "entry: hubctl drift --path ., id: hubctl-drift, name: 'hubctl: drift'}]\n"
        "  repo: local # mine\n"
    )
    assert value_at(text.encode(), NAME, PRE_COMMIT) == DRIFT
    data = text.encode()
    assert edit(data, put(NAME, DRIFT, PRE_COMMIT)).data is data


SHARED = """\
repos:
- repo: local
  hooks:
  - id: mine
    entry: x  # mine
{}{}# end
"""
OLD = "  - id: hubctl-drift\n    entry: old\n"
OTHER = "  - id: other\n    entry: y\n"


def test_hooks_that_the_user_put_into_our_entry_stay():
    for parts in ((OLD, OTHER), (OTHER, OLD)):
        data = SHARED.format(*parts).encode()
        set_ = edit(data, put(NAME, DRIFT, PRE_COMMIT))
        assert set_.data.decode() == SHARED.format(OTHER, "").replace("# end", f"{FLAT}# end")
        gone = edit(data, drop(NAME, PRE_COMMIT))
        assert gone.data.decode() == SHARED.format(OTHER, "")
    flow = b"repos:\n- {repo: local, hooks: [{id: hubctl-drift}, {id: mine}]}\n"
    gone = edit(flow, drop(NAME, PRE_COMMIT))
    assert gone.data == b"repos:\n- {repo: local, hooks: [{id: mine}]}\n"


def test_our_hook_beside_the_users_is_in_sync_without_its_neighbours():
    mixed = SHARED.format("", FLAT.partition("hooks:\n")[2]).encode()
    assert value_at(mixed, NAME, PRE_COMMIT) == DRIFT
    assert edit(mixed, put(NAME, DRIFT, PRE_COMMIT)).data is mixed


def test_an_entry_of_two_hooks_of_ours_is_one_value():
    both = {"repo": "local", "hooks": [{"id": "hubctl-drift"}, {"id": "hubctl-validate"}]}
    value = Handler(matcher="", entry=both)
    edited = edit(b"repos: []\n", put(NAME, value, PRE_COMMIT))
    assert value_at(edited.data, NAME, PRE_COMMIT, recorded=hash_value(value)) == value
    more = Handler(matcher="", entry={**both, "rev": "1"})
    changed = edit(edited.data, put(NAME, more, PRE_COMMIT, recorded=hash_value(value)))
    assert value_at(changed.data, NAME, PRE_COMMIT, recorded=hash_value(more)) == more
    gone = edit(
        changed.data,
        drop(NAME, PRE_COMMIT, recorded=hash_value(more)),
        containers=edited.containers,
    )
    assert gone.data == b"repos: []\n"


def test_what_is_left_without_a_record_is_still_a_valid_file():
    gone = edit(f"repos:\n{FLAT}".encode(), drop(NAME, PRE_COMMIT))
    assert gone.data == b"repos: []\n"
    forged = {f"{PRE_COMMIT}#/repos": " [{repo: evil}]"}
    gone = edit(f"repos:\n{FLAT}".encode(), drop(NAME, PRE_COMMIT), containers=forged)
    assert gone.data == b"repos: []\n"


BOMB = "x: &a [1,2,3,4,5,6,7,8,9]\n" + "".join(
    f"x{n}: &a{n} [{','.join([f'*a{n - 1}' if n else '*a'] * 9)}]\n" for n in range(30)
)
OURS = "repos:\n- repo: local\n  hooks:\n  - id: hubctl-drift\n"
REFUSED = [
    ("a:\n\t- b\n", "cannot start any token", 2),
    ("a: [\n", "not YAML", 2),
    ("a: 1\n---\nb: 2\n", "another document", 2),
    ("repos:\n- *nobody\n", "undefined alias", 2),
    ("a: &x 1\nb: &x 2\n", "anchor", 2),
    ("repos: []\na: 1\nrepos: []\n", "a second time", 3),
    ("a: 1\nb: \x01\n", "U+0001", 2),
    ("a: 1\rb: 2\r", "U+000D", 1),
    ("a: 1\n# \u2028repos: []\n", "U+2028", 2),
    ("a: " + "[" * 300 + "]" * 300, "nested deeper than 100", 1),
    ("{" * 60_000, "nested deeper than 100", 1),
    ("a:\n" + "- " * 60_000 + "x\n", "nested deeper than 100", 2),
    ("a: '" + "x" * 1_100_000 + "'\n", "more than", 0),
    ("repos: some text\n", "/repos is not a list", 1),
    ("repos: {a: 1}\n", "/repos is not a list", 1),
    ("- repo: a\n", "no `repos:` fits", 1),
    ("{ci: 1}", "no `repos:` fits", 1),
    ("repos: &r []\n", "not written plainly", 1),
    ("a: &a {repo: b}\nrepos: [*a]\n", "an alias stands", 2),
    (f"{OURS}    k: &k 1\nx: *k\n", "edited safely", 0),
    (f"y: &y [1]\n{OURS}    k: *y\n", "an alias stands", 5),
    ("repos:\n- a: &x [*x]\n  hooks:\n  - id: hubctl-drift\n", "too large", 2),
    (f"{BOMB}{OURS}    k: *a29\n", "too large", 1),
    ("a: |\n  text", "ends in a text block", 2),
    ("repos: &r\n- repo: a\nx: *r\n", "an alias elsewhere", 0),
]


@pytest.mark.parametrize(("text", "message", "line"), REFUSED)
def test_what_cannot_be_edited_is_refused_with_its_line_in_bounded_time(text, message, line):
    start = time.process_time()
    with pytest.raises(DocumentError) as caught:
        edit(text.encode(), put(NAME, DRIFT, PRE_COMMIT))
    assert message in caught.value.message
    assert caught.value.line == line
    assert time.process_time() - start < 5


def test_a_colon_inside_a_value_between_brackets_is_part_of_it():
    before = b"repos:\n  - repo: local\n    hooks: [{id: x, args: [--map=a:b, https://x.org/y]}]\n"
    added = edit(before, put(NAME, DRIFT, PRE_COMMIT))
    assert added.data is not None and added.data.startswith(before)
    gone = edit(added.data, drop(NAME, PRE_COMMIT, hash_value(DRIFT)), containers=added.containers)
    assert gone.data == before


def test_removing_the_last_entry_leaves_a_text_block_before_it_whole():
    data = f"repos:\n{TEXT}{FLAT}".rstrip().encode()
    gone = edit(data, drop(NAME, PRE_COMMIT))
    assert gone.data.decode() == f"repos:\n{TEXT}"


def test_a_bomb_elsewhere_is_no_obstacle():
    edited = edit(BOMB.encode(), put(NAME, DRIFT, PRE_COMMIT))
    back = edit(edited.data, drop(NAME, PRE_COMMIT), containers=edited.containers)
    assert back.data == BOMB.encode()


BLOCKED = [
    ("repos: x", "/repos"),
    ("- a", "(the whole file)"),
    ("text", "(the whole file)"),
    ("", None),
    ("repos:", None),
    ("repos: []", None),
    ("a: 1", None),
]


@pytest.mark.parametrize(("text", "pointer"), BLOCKED)
def test_what_stands_in_the_way_is_named(text, pointer):
    document = read_document(PRE_COMMIT, text.encode())
    assert document.blocked(address(NAME, PRE_COMMIT)) == pointer
    assert document.get(address(NAME, PRE_COMMIT)) is ABSENT


@pytest.mark.parametrize(
    "one",
    [
        put("/repos", [], PRE_COMMIT),
        put(NAME, JsonValue(value=1), PRE_COMMIT),
        put("hook:Stop/hubctl", DRIFT, PRE_COMMIT),
        put(NAME, Handler(matcher="", entry={"repo": {1}}), PRE_COMMIT),
        put(NAME, Handler(matcher="", entry={"repo": "\ud800"}), PRE_COMMIT),
    ],
)
def test_what_the_file_cannot_hold_is_refused(one):
    with pytest.raises(DocumentError):
        edit(b"repos: []\n", one)


def test_parts_list_every_hook():
    data = SHARED.format(OLD, OTHER).encode() + b"- junk\n- {repo: b, hooks: [{id: z}]}\n"
    parts = dict(read_document(PRE_COMMIT, data).parts())
    assert list(parts) == [f"hook:pre-commit/{n}" for n in ("mine", "hubctl-drift", "other", "z")]
    assert parts["hook:pre-commit/mine"].entry["hooks"] == [{"id": "mine", "entry": "x"}]


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-20, 20),
    st.sampled_from([0.5, 1e16, -2.5e-7]),
    TEXTS,
    st.sampled_from(
        ["yes", "NO", "null", "~", "1", "1.5", "0x1f", "1e3", "2024-01-01", "- a", "a: b", "a #b",
         "*x", "&x", "!x", "|", ">", "%a", "@a", "`a", "'", '"', "<<", "=", "?", ":", "a ", " a",
         "\x85", "\x7f", "\ufeff", "12:30", "_1", "y", "-", "--x", "{}", "[]", ".inf", "\r\n"]
    ),
)  # fmt: skip
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)


_KEYS = TEXTS.filter(lambda text: text not in ("id", "hooks"))


@st.composite
def entries(draw: st.DrawFn) -> Handler:
    hook = {"id": "hubctl-drift", **draw(st.dictionaries(_KEYS, _VALUES, max_size=3))}
    more = draw(st.dictionaries(_KEYS, _VALUES, max_size=2))
    return Handler(matcher="", entry={"repo": "local", **more, "hooks": [hook]})


@st.composite
def configurations(draw: st.DrawFn) -> bytes:
    """A configuration of a user: own keys around a list of repositories in one layout."""
    dash, nested = draw(st.sampled_from([(0, 0), (2, 2), (0, 2), (4, 0)]))
    content = draw(st.sampled_from([2, 4]))
    one, two, item = " " * dash, " " * (dash + content), " " * (dash + content + nested)
    pad = " " * (content - 1)
    hook = st.sampled_from(
        [f"{item}-{pad}id: x\n", f"{item}-{pad}id: y  # é\n{item}{pad} args: [--a, 'b']\n",
         f"{item}-{pad}id: z\n{item}{pad} entry: |\n{item}{pad}   a\n{item}{pad}   # b\n\n",
         f"{item}-{pad}{{id: w}}\n", f"{item}# - id: v\n", "\n"]
    )  # fmt: skip
    head = f"{one}-{pad}repo: https://x/😀\n{two}hooks:\n{item}-{pad}id: q\n"
    repo = st.builds(
        lambda above, hooks: above + head + "".join(hooks),
        st.sampled_from(["", f"{one}# about\n", "\n"]),
        st.lists(hook, max_size=3),
    )
    key = st.sampled_from(["", "# top\n", "ci:\n  skip: [a]\n", "fail_fast: true\n\n", "x: &x 1\n"])
    repos = "".join(draw(st.lists(repo, max_size=3)))
    empty = draw(st.sampled_from(["repos: []\n", "repos:\n", "repos: ~ # c\n", ""]))
    after = draw(st.sampled_from(["", "# end\n", "\n\n", "exclude: ^a\n", "y: >+\n  text\n\n"]))
    text = draw(key) + (f"repos:\n{repos}" if repos else empty) + after
    # A text block that ends with the file is a case of its own.
    open_end = draw(st.booleans()) and not text.rstrip("\n").endswith(("# b", "  text"))
    text = text.rstrip("\n") if open_end else text
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return (draw(st.sampled_from(["", "\ufeff"])) + text.replace("\n", newline)).encode()


def without_ours(text: bytes) -> object:
    loaded = YAML(typ="safe").load(text.decode("utf-8-sig")) or {}
    repos = [r for r in loaded.pop("repos", None) or [] if "hubctl-drift" not in str(r)]
    return loaded, repos


@given(st.one_of(st.none(), configurations()), entries(), entries())
@settings(deadline=None)
def test_entries_come_change_and_go(data, first, second):
    one, two = put(NAME, first, PRE_COMMIT), put(NAME, second, PRE_COMMIT)
    edited = edit_document(PRE_COMMIT, data, [one], {})
    assert value_at(edited.data, NAME, PRE_COMMIT) == first
    assert without_ours(edited.data) == without_ours(data or b"")
    assert edit_document(PRE_COMMIT, edited.data, [one], edited.containers).data is edited.data
    changed = edit_document(PRE_COMMIT, edited.data, [two], edited.containers)
    assert value_at(changed.data, NAME, PRE_COMMIT) == second
    assert without_ours(changed.data) == without_ours(data or b"")
    back = edit_document(PRE_COMMIT, changed.data, [drop(NAME, PRE_COMMIT)], changed.containers)
    assert (back.data, back.containers) == (data, {})


@given(configurations(), entries())
@settings(deadline=None)
def test_every_line_of_the_user_stays_in_order(data, entry):
    new = edit_document(PRE_COMMIT, data, [put(NAME, entry, PRE_COMMIT)], {}).data
    kept = iter(new.decode("utf-8-sig").splitlines())
    for line in data.decode("utf-8-sig").splitlines():
        # Only what stood behind an empty `repos:` is filled.
        wanted = line.replace(": []", ":").replace(": ~", ":") if "repos:" in line else line
        assert wanted in kept


@given(entries())
@settings(deadline=None)
def test_every_version_of_yaml_reads_an_entry_alike(entry):
    edited = edit_document(PRE_COMMIT, None, [put(NAME, entry, PRE_COMMIT)], {})
    for version in ((1, 1), (1, 2)):
        yaml = YAML(typ="safe", pure=True)
        yaml.version = version
        assert same_json(yaml.load(edited.data.decode())["repos"], [dict(entry.entry)])
