"""Properties of sources as attributes of an OPML outline, in Peyk's own namespace (pure).

Rules and sections are outlines within that of their source. Secrets are no properties.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.bounds import LONGEST_INTERVAL, MOST_RULES
from bot.errors import SourceError
from persian.foreign_text import one_line
from storage.records import ChangePolicy, RuleAction, SourceKind, SourceState

NAMESPACE = "urn:peyk:source"
"""The namespace of the attributes, which bear the prefix `peyk`."""

_INTERVAL_DIGITS = 12
_WORD_CHARS = 40
_MOST_SECTIONS = 500

_Word = TypeVar("_Word", SourceKind, ChangePolicy, SourceState, RuleAction)


@dataclass(frozen=True, slots=True)
class OpmlRule:
    """A rule of a source. The fields are those of SourceRule."""

    query: str
    action: RuleAction
    argument: str


@dataclass(frozen=True, slots=True)
class OpmlSection:
    """A source's name of a section (a match key), and the slug of the category that editors chose for it."""

    name: str
    category: str


@dataclass(frozen=True, slots=True)
class OpmlProperties:
    """Properties of a source that other programs do not know.

    The fields are those of Source; `category` is a slug.
    """

    kind: SourceKind
    category: str
    review: bool
    interval: int | None
    selector: str
    changes: ChangePolicy
    state: SourceState
    rules: tuple[OpmlRule, ...] = ()
    sections: tuple[OpmlSection, ...] = ()


def attributes_of(properties: OpmlProperties) -> dict[str, str]:
    """Return the attributes of a source's outline."""
    attributes = {
        "peyk:kind": properties.kind.value,
        "peyk:category": properties.category,
        "peyk:to": "review" if properties.review else "publish",
        "peyk:changes": properties.changes.value,
        "peyk:state": properties.state.value,
    }
    if properties.interval is not None:
        attributes["peyk:interval"] = str(properties.interval)
    if properties.selector:
        attributes["peyk:selector"] = one_line(properties.selector)
    return attributes


def parts_of(properties: OpmlProperties) -> list[dict[str, str]]:
    """Return the attributes of the outlines within that of a source: its rules, then its sections."""
    return [*map(attributes_of_rule, properties.rules)] + [
        {"peyk:section": one_line(section.name), "peyk:category": section.category}
        for section in properties.sections
    ]


def attributes_of_rule(rule: OpmlRule) -> dict[str, str]:
    """Return the attributes of a rule's outline."""
    return {
        "peyk:rule": rule.action.value,
        "peyk:query": one_line(rule.query),
        "peyk:argument": one_line(rule.argument),
    }


def rule_of(outline: Mapping[str, str]) -> OpmlRule | None:
    """Return the rule of an outline, None for one of another kind. Raises SourceError for a wrong value."""
    if "peyk:rule" not in outline:
        return None
    action = _word(RuleAction, outline, "peyk:rule", RuleAction.DROP)
    return OpmlRule(outline.get("peyk:query", ""), action, outline.get("peyk:argument", ""))


def properties_of(outline: Mapping[str, str]) -> OpmlProperties | None:
    """Return the properties of an outline, None for one of another program.

    Raises SourceError for a wrong value.
    """
    if "peyk:kind" not in outline:
        return None
    to = outline.get("peyk:to", "publish")
    if to not in ("publish", "review"):
        raise SourceError(f"peyk:to is publish or review, not {to[:_WORD_CHARS]}")
    return OpmlProperties(
        kind=_word(SourceKind, outline, "peyk:kind", SourceKind.FEED),
        category=outline.get("peyk:category", ""),
        review=to == "review",
        interval=_interval(outline.get("peyk:interval", "")),
        selector=outline.get("peyk:selector", ""),
        changes=_word(ChangePolicy, outline, "peyk:changes", ChangePolicy.FOLLOW),
        state=_word(SourceState, outline, "peyk:state", SourceState.ACTIVE),
    )


def with_part(properties: OpmlProperties, outline: Mapping[str, str]) -> OpmlProperties:
    """Return properties with the rule or section that an outline within theirs holds, if it holds one.

    Raises SourceError for a wrong value, and where there are too many.
    """
    if (rule := rule_of(outline)) is not None:
        if len(properties.rules) >= MOST_RULES:
            raise SourceError(f"its source has {MOST_RULES} rules already")
        return replace(properties, rules=(*properties.rules, rule))
    if "peyk:section" in outline:
        if len(properties.sections) >= _MOST_SECTIONS:
            raise SourceError(f"its source has {_MOST_SECTIONS} sections already")
        section = OpmlSection(outline["peyk:section"], outline.get("peyk:category", ""))
        return replace(properties, sections=(*properties.sections, section))
    return properties


def _word(words: type[_Word], outline: Mapping[str, str], name: str, default: _Word) -> _Word:
    written = outline.get(name, default.value)
    try:
        return words(written)
    except ValueError:
        raise SourceError(f"{name} is one of {', '.join(words)}, not {written[:_WORD_CHARS]}") from None


def _interval(written: str) -> int | None:
    if not written:
        return None
    seconds = int(written) if written.isascii() and written.isdigit() and len(written) <= _INTERVAL_DIGITS else 0
    if not 0 < seconds <= LONGEST_INTERVAL:
        raise SourceError(f"peyk:interval is a number of seconds, not {written[:_WORD_CHARS]}")
    return seconds
