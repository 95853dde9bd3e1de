"""Prices and context windows of models: the shipped file with its date, and what a hub adds to it.

Owns the choice of the price that holds for one answer. A model that nobody knows has none; there is
no default. Pure but for reading hubctl's own file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from hubctl.metrics.days import day_of
from hubctl.model.hashing import hash_bytes
from hubctl.system.data import read_data

if TYPE_CHECKING:
    from collections.abc import Mapping

_MILLION = 1_000_000
_LARGE = "[1m]"
_NAMES = 1000
# What providers put around a model's own name.
_AROUND = re.compile(
    r"^(?:.*[./])?(claude-[a-z0-9.-]+?)"
    r"(?:[@-](?:20\d{6}|latest|default))?(?:-v\d+(?::\d+)?(?::\d+k)?)?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Dollars per million tokens.

    Attributes:
        since: ISO day from which it holds. above: tokens of prompt beyond which it holds.
        speed: `fast`, or "" for the standard one.
    """

    input: float
    output: float
    cache_read: float
    cache_write: float
    cache_hour: float
    since: str = ""
    above: int = -1
    speed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What is known of a model; `window` and `large_window` in tokens, 0 for unknown."""

    prices: tuple[Price, ...]
    window: int = 0
    large_window: int = 0


class Usage(NamedTuple):
    """Tokens of one answer, and when and how it was given. time: microseconds since 1970."""

    time: int
    input: int
    output: int
    cache_read: int = 0
    cache_write: int = 0
    cache_hour: int = 0
    web_searches: int = 0
    speed: str = ""
    tier: str = ""

    @property
    def prompt(self) -> int:
        """Tokens that went in."""
        return self.input + self.cache_read + self.cache_write


class Prices:
    """All known models. date: of the shipped file; mark: changes with anything in it."""

    def __init__(self, document: Mapping[str, Any], mark: str) -> None:
        self.date = str(document.get("date", ""))
        self.mark = mark
        self._search = float(document.get("web_search", 0))
        self._batch = float(document.get("batch", 1))
        self._models = {name: _model(row) for name, row in document["models"].items()}
        self._aliases: Mapping[str, str] = document.get("aliases", {})
        self._found: dict[str, Model | None] = {}

    def __iter__(self) -> Any:
        return iter(self._models.items())

    def model(self, name: str) -> Model | None:
        """What is known of a model as the client or a provider names it."""
        if name not in self._found:
            if len(self._found) >= _NAMES:
                self._found.clear()  # names come from outside, and a collector runs for long
            own = plain(name)
            known = self._models.get(name) or self._models.get(own)
            self._found[name] = known or self._models.get(self._aliases.get(own, ""))
        return self._found[name]

    def cost(self, name: str, usage: Usage) -> float | None:
        """Dollars at list price; None where the model, or its price at that speed, is unknown."""
        model = self.model(name)
        price = _fitting(model.prices, usage) if model else None
        if price is None:
            return None
        dollars = (
            price.input * usage.input
            + price.output * usage.output
            + price.cache_read * usage.cache_read
            + price.cache_write * (usage.cache_write - usage.cache_hour)
            + price.cache_hour * usage.cache_hour
        )
        if usage.tier == "batch":
            dollars *= self._batch
        return dollars / _MILLION + usage.web_searches * self._search

    def window(self, name: str, used: int) -> int:
        """Tokens that fit into the context of a session that holds `used`; 0 where unknown."""
        model = self.model(name)
        if model is None:
            return 0
        large = model.large_window or model.window
        return large if name.endswith(_LARGE) or used > model.window > 0 else model.window


def plain(name: str) -> str:
    """A model's own name, without its date and what a provider puts around it."""
    found = _AROUND.match(name.removesuffix(_LARGE))
    return found[1].replace(".", "-") if found else name


def _fitting(prices: tuple[Price, ...], usage: Usage) -> Price | None:
    """The last price that holds; one of another speed never does."""
    speed = "fast" if usage.speed == "fast" else ""
    found = None
    for price in prices:
        if price.speed == speed and usage.prompt > price.above and _since(price, usage.time):
            found = price
    return found


def _since(price: Price, time: int) -> bool:
    return not price.since or day_of(time) >= price.since


def _model(row: Mapping[str, Any]) -> Model:
    return Model(
        prices=tuple(_price(one) for one in row.get("prices", ())),
        window=int(row.get("window") or 0),
        large_window=int(row.get("large_window") or 0),
    )


def _price(row: Mapping[str, Any]) -> Price:
    into = float(row["input"])
    return Price(
        input=into,
        output=float(row["output"]),
        cache_read=float(row.get("cache_read", into * 0.1)),
        cache_write=float(row.get("cache_write", into * 1.25)),
        cache_hour=float(row.get("cache_hour", into * 2)),
        since=str(row.get("from", "")),
        above=int(row.get("above", -1)),
        speed=str(row.get("speed", "")),
    )


@lru_cache(maxsize=1)
def shipped_prices() -> Prices:
    """The prices that travel with hubctl."""
    return prices({})


def prices(added: Mapping[str, Mapping[str, Any]]) -> Prices:
    """The shipped prices with `metrics.prices` of a hub, model by model, on top.

    A model's row is `input` and `output`, and what a shipped price has besides; `window` too.
    """
    data = read_data("schemas/models.json")
    document = json.loads(data)
    mine = {name: {"window": row.get("window"), "prices": [row]} for name, row in added.items()}
    document["models"] = {**document["models"], **mine}
    mark = json.dumps(mine, sort_keys=True) if mine else ""
    return Prices(document, hash_bytes(data + mark.encode()))
