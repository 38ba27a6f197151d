"""The part of PromQL that our alerts and our dashboard use, evaluated over two scrapes of a process.

https://prometheus.io/docs/prometheus/latest/querying/basics/ describes the language. A range holds the two scrapes,
however long it is; so a rate is what grew between them. Whatever is not known here raises ValueError.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import inf, nan

from prometheus_client.parser import text_string_to_metric_families

Labels = tuple[tuple[str, str], ...]
Vector = dict[Labels, float]
Value = float | Vector

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_:][A-Za-z0-9_:]*)|(?P<text>\"[^\"]*\")"
    r"|(?P<range>\[\d+[smhd]\])|(?P<sign>==|!=|=~|!~|>=|<=|[-+*/(){},=<>]))"
)
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_CALCULATE: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: a / b if b else nan,
}
_AGGREGATE: Mapping[str, Callable[[Sequence[float]], float]] = {"sum": sum, "min": min, "max": max}
_MATCH: Mapping[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "=~": lambda value, pattern: re.fullmatch(pattern, value) is not None,
    "!~": lambda value, pattern: re.fullmatch(pattern, value) is None,
}


@dataclass(frozen=True)
class Scrape:
    """The answer of /metrics at an instant (seconds): samples by name, and the names that it may tell of."""

    at: float
    samples: Mapping[str, Vector]
    names: frozenset[str]

    @classmethod
    def of(cls, text: str, at: float) -> "Scrape":
        """Read the answer of /metrics."""
        samples: dict[str, Vector] = {}
        names: set[str] = set()
        for family in text_string_to_metric_families(text):
            endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(family.type, [""])
            names |= {family.name + ending for ending in endings}
            for sample in family.samples:
                samples.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
        return cls(at, samples, frozenset(names))


class Query:
    """One expression over two scrapes."""

    def __init__(self, expression: str, before: Scrape, now: Scrape) -> None:
        self._tokens = list(_tokens(expression))
        self._before = before
        self._now = now
        self.names: set[str] = set()
        self.labels: set[str] = set()

    def value(self) -> Value:
        """Return the value. Raises ValueError for what is no PromQL that is known here."""
        value = self._sets()
        if self._tokens:
            raise ValueError(f"not understood: {self._tokens[0][1]}")
        return value

    def _peek(self) -> str:
        return self._tokens[0][1] if self._tokens else ""

    def _next(self, expected: str = "") -> str:
        if not self._tokens or (expected and self._peek() != expected):
            raise ValueError(f"{expected or 'more'} expected at {self._peek()!r}")
        return self._tokens.pop(0)[1]

    def _sets(self) -> Value:
        left = self._comparison()
        while (word := self._peek()) in ("and", "unless"):
            self._next()
            on = None
            if self._peek() == "on":
                self._next()
                on = self._names()
            right = self._comparison()
            if not (isinstance(left, dict) and isinstance(right, dict)):
                raise ValueError(f"{word} joins vectors")
            there = {_kept(labels, on) for labels in right}
            left = {
                labels: value for labels, value in left.items() if (_kept(labels, on) in there) == (word == "and")
            }
        return left

    def _comparison(self) -> Value:
        left = self._calculation(("+", "-"), lambda: self._calculation(("*", "/"), self._primary))
        if self._peek() not in _COMPARE:
            return left
        compare = _COMPARE[self._next()]
        right = self._calculation(("+", "-"), lambda: self._calculation(("*", "/"), self._primary))
        if not isinstance(left, dict) or isinstance(right, dict):
            raise ValueError("a vector is compared with a number")
        return {labels: value for labels, value in left.items() if compare(value, right)}

    def _calculation(self, signs: Sequence[str], part: Callable[[], Value]) -> Value:
        left = part()
        while self._peek() in signs:
            left = _calculated(left, _CALCULATE[self._next()], part())
        return left

    def _primary(self) -> Value:
        if not self._tokens:
            raise ValueError("the expression ends too early")
        kind, word = self._tokens.pop(0)
        if kind == "number":
            return float(word)
        if word == "(":
            inner = self._sets()
            self._next(")")
            return inner
        if kind != "name":
            raise ValueError(f"not understood: {word}")
        if word in _AGGREGATE:
            return self._aggregation(_AGGREGATE[word])
        if self._peek() == "(":
            return self._call(word)
        return self._selected(word, self._now)

    def _aggregation(self, join: Callable[[Sequence[float]], float]) -> Vector:
        by: tuple[str, ...] = ()
        if self._peek() == "by":
            self._next()
            by = self._names()
        self._next("(")
        inner = self._sets()
        self._next(")")
        if not isinstance(inner, dict):
            raise ValueError("a number is aggregated")
        groups: dict[Labels, list[float]] = {}
        for labels, value in inner.items():
            groups.setdefault(_kept(labels, by), []).append(value)
        return {labels: join(values) for labels, values in groups.items()}

    def _call(self, function: str) -> Value:
        self._next("(")
        match function:
            case "time":
                value: Value = self._now.at
            case "absent":
                inner = self._sets()
                value = {} if inner else {(): 1.0}
            case "rate" | "increase":
                value = self._growth(per_second=function == "rate")
            case "histogram_quantile":
                quantile = float(self._next())
                self._next(",")
                buckets = self._sets()
                assert isinstance(buckets, dict), "buckets are a vector"
                value = _quantiles(quantile, buckets)
            case _:
                raise ValueError(f"unknown function: {function}")
        self._next(")")
        return value

    def _growth(self, *, per_second: bool) -> Vector:
        name, tokens = self._next(), list(self._tokens)
        now = self._selected(name, self._now, ranged=True)
        left, self._tokens = self._tokens, tokens
        before = self._selected(name, self._before, ranged=True)
        self._tokens = left
        seconds = self._now.at - self._before.at if per_second else 1.0
        return {labels: (value - before[labels]) / seconds for labels, value in now.items() if labels in before}

    def _selected(self, name: str, scrape: Scrape, *, ranged: bool = False) -> Vector:
        if name not in scrape.names:
            raise ValueError(f"no such metric: {name}")
        self.names.add(name)
        series = dict(scrape.samples.get(name, {}))
        if self._peek() == "{":
            self._next()
            while self._peek() != "}":
                label, match, pattern = self._next(), _MATCH[self._next()], self._next().strip('"')
                self.labels.add(label)
                series = {
                    labels: value for labels, value in series.items() if match(dict(labels).get(label, ""), pattern)
                }
                if self._peek() == ",":
                    self._next()
            self._next("}")
        if ranged != bool(self._tokens and self._tokens[0][0] == "range"):
            raise ValueError(f"{name}: a range is {'missing' if ranged else 'not expected'}")
        if ranged:
            self._next()
        return series

    def _names(self) -> tuple[str, ...]:
        self._next("(")
        names = []
        while self._peek() != ")":
            names.append(self._next())
            if self._peek() == ",":
                self._next()
        self._next(")")
        self.labels.update(names)
        return tuple(names)


def _tokens(expression: str) -> Iterator[tuple[str, str]]:
    place, text = 0, expression.rstrip()
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise ValueError(f"not understood: {text[place:]}")
        place = token.end()
        assert token.lastgroup is not None, "one group matches"
        yield token.lastgroup, token[token.lastgroup]


def _kept(labels: Labels, names: Sequence[str] | None) -> Labels:
    return labels if names is None else tuple(label for label in labels if label[0] in names)


def _calculated(left: Value, calculate: Callable[[float, float], float], right: Value) -> Value:
    if isinstance(left, dict) and isinstance(right, dict):
        return {labels: calculate(value, right[labels]) for labels, value in left.items() if labels in right}
    if isinstance(left, dict):
        assert not isinstance(right, dict), "told apart above"
        return {labels: calculate(value, right) for labels, value in left.items()}
    if isinstance(right, dict):
        return {labels: calculate(left, value) for labels, value in right.items()}
    return calculate(left, right)


def _quantiles(quantile: float, buckets: Vector) -> Vector:
    """Return the quantile of each histogram, interpolated within its bucket; NaN where nothing was observed."""
    keyed = sorted(
        (tuple(label for label in labels if label[0] != "le"), dict(labels)["le"], n)
        for labels, n in buckets.items()
    )
    return {
        labels: _quantile(quantile, sorted((float(bound), count) for _, bound, count in group))
        for labels, group in groupby(keyed, key=lambda bucket: bucket[0])
    }


def _quantile(quantile: float, buckets: Sequence[tuple[float, float]]) -> float:
    wanted = quantile * buckets[-1][1]
    if buckets[-1][0] != inf or not wanted:
        return nan
    below, counted = 0.0, 0.0
    for bound, count in buckets:
        if count >= wanted:
            return below if bound == inf else below + (bound - below) * (wanted - counted) / (count - counted)
        below, counted = bound, count
    return nan
