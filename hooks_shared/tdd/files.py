"""Which files are production code, tests or neither, and where the tests of a file stand.

By the conventions of each language alone; nothing is run and nothing imported.
"""

import os

from hooks_shared.safety.match import fits_glob
from hooks_shared.shell.values import words

PRODUCTION, TEST, OTHER = "production", "test", "other"
PYTHON, JAVASCRIPT, GO, RUST = "python", "javascript", "go", "rust"
_LANGUAGES = {
    ".py": PYTHON,
    ".go": GO,
    ".rs": RUST,
    **dict.fromkeys(words(".js .jsx .mjs .cjs .ts .tsx .mts .cts .vue .svelte"), JAVASCRIPT),
}
_TEST_FOLDERS = words("tests test __tests__ __mocks__ testdata e2e cypress spec specs testing")
_OTHER_FOLDERS = words(
    "docs doc examples example migrations alembic fixtures __fixtures__ benchmarks benches scripts "
    "bin .github .storybook .claude .vscode public static dist build out target node_modules "
    "vendor third_party coverage .venv venv site-packages notebooks stories"
)
_OTHER_NAMES = words(
    "setup.py noxfile.py fabfile.py tasks.py manage.py wsgi.py asgi.py conf.py _version.py "
    "version.py doc.go build.rs gulpfile.js Gruntfile.js karma.conf.js"
)
_OTHER_PARTS = (".config.", ".setup.", ".stories.", ".d.", ".fixture.")
_OF_FOLDER = words("__init__ __main__ index mod")  # named after the folder they stand in
_GENERIC = _OF_FOLDER | {"main", "lib"}
_LISTED = 2000


def language_of(path: str) -> str:
    """The language of a file by its ending, "" for one whose tests nobody here can read."""
    name = path.rpartition("/")[2]
    return _LANGUAGES.get(name[name.rfind(".") :].lower(), "") if "." in name[1:] else ""


def kind_of(relative: str, tests: list[str], exempt: list[str]) -> str:
    """PRODUCTION, TEST or OTHER; `tests`, `exempt` are the user's own patterns (`*` any text)."""
    language = language_of(relative)
    if any(fits_glob(relative, pattern) for pattern in exempt):
        return OTHER
    if any(fits_glob(relative, pattern) for pattern in tests):
        return TEST
    if not language:
        return OTHER
    *folders, name = relative.split("/")
    if _is_test(name, folders, language):
        return TEST
    if any(folder in _OTHER_FOLDERS for folder in folders) or name in _OTHER_NAMES:
        return OTHER
    unusual = name.startswith(".") or any(part in name for part in _OTHER_PARTS)
    return OTHER if unusual else PRODUCTION


def _is_test(name: str, folders: list[str], language: str) -> bool:
    if any(folder in _TEST_FOLDERS for folder in folders):
        return True
    stem = name.rpartition(".")[0]
    if language == PYTHON:
        return stem.startswith("test_") or stem.endswith("_test") or stem in ("conftest", "tests")
    if language == JAVASCRIPT:
        return any(part in name for part in (".test.", ".spec.", ".cy.", ".e2e."))
    if language == GO:
        return stem.endswith("_test")
    return stem in ("tests", "test") or stem.endswith(("_test", "_tests"))


def is_generic(relative: str) -> bool:
    """Whether a file's name says nothing: `index`, `lib`, `__init__`."""
    return relative.rpartition("/")[2].partition(".")[0] in _GENERIC


def subject_of(relative: str) -> str:
    """The word that a test of this file has to say: its module's name, or its folder's."""
    *folders, name = relative.split("/")
    stem = name.partition(".")[0]
    return folders[-1] if stem in _OF_FOLDER and folders else stem


def tests_of(root: str, relative: str) -> list[str]:
    """Where the tests of a production file may stand, absolute, the likeliest first."""
    language = language_of(relative)
    folder, _, name = relative.rpartition("/")
    stem, _, ending = name.rpartition(".")
    here = f"{root}/{folder}" if folder else root
    if language == GO:
        found = [f"{here}/{stem}_test.go"]
        return found + [f"{here}/{one}" for one in _names(here) if one.endswith("_test.go")]
    if language == RUST:
        found = [f"{root}/{relative}", f"{root}/tests/{stem}.rs"]
        return found + [f"{root}/tests/{one}" for one in _names(f"{root}/tests")]
    if language == PYTHON:
        return _python_tests(root, here, folder, subject_of(relative))
    return _javascript_tests(root, here, folder, stem, ending)


def _python_tests(root: str, here: str, folder: str, subject: str) -> list[str]:
    inner = folder.removeprefix("src/").removeprefix("src")
    below = [inner, inner.partition("/")[2], "", "unit", f"unit/{inner}"]
    places = [f"{root}/{top}/{part}" for top in ("tests", "test") for part in below]
    places += [f"{here}/tests", here]
    names = (f"test_{subject}.py", f"{subject}_test.py")
    return [os.path.normpath(f"{place}/{name}") for name in names for place in places]


def _javascript_tests(root: str, here: str, folder: str, stem: str, ending: str) -> list[str]:
    endings = dict.fromkeys((ending, "ts", "tsx", "js", "jsx", "mjs"))
    inner = folder.removeprefix("src/").removeprefix("src")
    places = [here, f"{here}/__tests__", f"{here}/tests"]
    places += [f"{root}/{top}/{inner}" for top in ("tests", "test", "__tests__")]
    places += [f"{root}/{top}" for top in ("tests", "test", "__tests__")]
    kinds = ("test", "spec")
    return [
        os.path.normpath(f"{place}/{stem}.{kind}.{one}")
        for place in places
        for kind in kinds
        for one in endings
    ]


def suggested_test(root: str, relative: str) -> str:
    """Which file to write the test into, relative to the root."""
    language = language_of(relative)
    if language == RUST:
        return f"{relative}` in its `#[cfg(test)] mod tests"
    found = tests_of(root, relative)
    there = next((one for one in found if os.path.isfile(one)), "")
    if not there and language == PYTHON:
        known = (one for one in found if os.path.isdir(one.rpartition("/")[0]))
        there = next(known, f"{root}/tests/test_{subject_of(relative)}.py")
        if there.rpartition("/")[0] == f"{root}/{relative}".rpartition("/")[0]:
            there = f"{root}/tests/test_{subject_of(relative)}.py"
    if not there:
        beside = [one for one in found if "/__tests__/" in one]
        usual = next((one for one in beside if os.path.isdir(one.rpartition("/")[0])), found[0])
        there = usual
    return there[len(root) + 1 :]


def is_about(test: str, text: str, root: str, relative: str) -> bool:
    """Whether a test file is about a production file: by its place, or by what it names."""
    if test in tests_of(root, relative):
        return True
    subject = subject_of(relative)
    return _says(text, subject)


def _says(text: str, word: str) -> bool:
    """Whether `word` stands in `text` as a word of its own."""
    start = text.find(word)
    while start >= 0 and word:
        before, after = text[start - 1 : start] or " ", text[start + len(word) :][:1] or " "
        if not (_is_letter(before) or _is_letter(after)):
            return True
        start = text.find(word, start + 1)
    return False


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))[:_LISTED]
    except OSError:
        return []
