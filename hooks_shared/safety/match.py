"""Compares a command or a path with what a user wrote: words in order, `*` for any text."""

from hooks_shared.shell.values import last_name


def fits_words(argv: list[str], words: list[str], options: list[str]) -> bool:
    """Whether `argv` is the program `words[0]` and has the other words, in order, behind it.

    `options`: one of them has to be there too, unless there are none.
    """
    if not argv or not fits_glob(last_name(argv[0]), words[0]):
        return False
    index = 1
    for word in words[1:]:
        while index < len(argv) and not fits_glob(argv[index], word):
            index += 1
        if index >= len(argv):
            return False
        index += 1
    return not options or any(one in argv for one in options)


def fits_glob(text: str, pattern: str) -> bool:
    """Whether `pattern`, in which `*` stands for any text, fits the whole of `text`."""
    if "*" not in pattern:
        return text == pattern
    head, *middle, tail = pattern.split("*")
    if not text.startswith(head) or len(text) < len(head) + len(tail) or not text.endswith(tail):
        return False
    position, end = len(head), len(text) - len(tail)
    for part in middle:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True
