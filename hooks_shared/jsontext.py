"""JSON text to values and back without the `json` package, which alone doubles a hook's start.

Uses the C scanner and encoder that `json` itself wraps; `json` is imported only where an
interpreter lacks them. Anything that is not JSON is a ValueError.
"""

try:
    from _json import encode_basestring_ascii as _quote
    from _json import make_encoder as _make_encoder
    from _json import make_scanner as _make_scanner
except ImportError:
    _make_scanner = None  # type: ignore[assignment, misc]

_SPACE = " \t\n\r"


class _Rules:
    """What the C scanner asks of a decoder."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int

    @staticmethod
    def parse_constant(name: str) -> object:
        raise ValueError(f"{name} is not JSON")


def loads(text: str) -> object:
    """The value that `text` spells.

    Raises:
        ValueError: it is not one JSON value, or nested too deeply.
    """
    if _make_scanner is None:
        return _loads_slowly(text)
    text = text.strip(_SPACE)
    try:
        value, end = _make_scanner(_Rules())(text, 0)  # type: ignore[arg-type]
    except StopIteration as stop:
        raise ValueError(f"no JSON value at character {stop.value}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except SystemError:  # how Python 3.11 says it where nobody has imported `json.decoder`
        raise ValueError("no JSON") from None
    if end != len(text):
        raise ValueError(f"more text after the JSON value at character {end}")
    return value


def dumps(value: object) -> str:
    """ASCII text of a JSON value on one line, without spaces.

    Raises:
        ValueError: it holds NaN, an infinity or itself.
        TypeError: it holds something that is no JSON value.
    """
    if _make_scanner is None:
        return _dumps_slowly(value)
    encoder = _make_encoder({}, _refuse, _quote, None, ":", ",", False, False, False)
    return "".join(encoder(value, 0))


def _refuse(value: object) -> object:
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _loads_slowly(text: str) -> object:
    import json

    try:
        return json.loads(text.strip(_SPACE), parse_constant=_Rules.parse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _dumps_slowly(value: object) -> str:
    import json

    return json.dumps(value, separators=(",", ":"), allow_nan=False)
