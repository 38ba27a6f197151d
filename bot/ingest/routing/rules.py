"""Rules of sources: the effect on a new item that a rule's search finds (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.bounds import RULE_QUERY
from bot.errors import UserError
from bot.ingest.markup.text import has_letters
from bot.ingest.routing.category_words import category_of
from persian.foreign_text import one_line
from persian.matching import MatchableText, holds, matches
from persian.query import Query, parse_query
from storage.records import Category, RuleAction, SourceRule

TAG_CHARS = 40
"""The longest tag that a rule adds."""


@dataclass(frozen=True, slots=True)
class Routing:
    """The route of an item: its category, tags to add, and the other effects of the rules.

    `dropped_by` is the rule that keeps it from readers, None where none does. `is_quiet` has it published and not
    pushed. `breaking_by` is the rule by which it is suggested to editors as breaking news.
    """

    category_id: int
    tags: tuple[str, ...] = ()
    dropped_by: SourceRule | None = None
    waits: bool = False
    is_quiet: bool = False
    breaking_by: SourceRule | None = None


def route(
    rules: Sequence[SourceRule], terms: MatchableText, category_id: int, known: Sequence[Category]
) -> Routing:
    """Return where an item of these terms goes that would be in a category without rules.

    Every rule is asked with the item's first category. Of several that set a category the first one counts.
    """
    hits = [rule for rule in rules if is_hit(rule.query, terms, category_id, known)]
    chosen = _category_set_by(hits, known)
    routing = Routing(category_id if chosen is None else chosen)
    for rule in hits:
        routing = _with_effect(routing, rule)
    return routing


def _category_set_by(hits: Sequence[SourceRule], known: Sequence[Category]) -> int | None:
    ids = {category.slug: category.id for category in known}
    slugs = (rule.argument for rule in hits if rule.action is RuleAction.CATEGORY)
    return next((ids[slug] for slug in slugs if slug in ids), None)


def _with_effect(routing: Routing, rule: SourceRule) -> Routing:
    """Return a routing with the effect of one more rule, but for the category."""
    match rule.action:
        case RuleAction.DROP:
            return replace(routing, dropped_by=routing.dropped_by or rule)
        case RuleAction.REVIEW:
            return replace(routing, waits=True)
        case RuleAction.QUIET:
            return replace(routing, is_quiet=True)
        case RuleAction.BREAKING:
            return replace(routing, breaking_by=routing.breaking_by or rule)
        case RuleAction.TAG:
            return replace(routing, tags=(*routing.tags, rule.argument))
        case RuleAction.CATEGORY:
            return routing


def is_hit(query: str, terms: MatchableText, category_id: int, known: Sequence[Category]) -> bool:
    """Return whether a rule's search finds an item of these terms in that category."""
    search = _query(query)
    if not search.category:
        return matches(search, terms)
    category = category_of((search.category,), known)
    return category is not None and category.id == category_id and holds(search, terms)


def checked_query(text: str, known: Sequence[Category]) -> str:
    """Return a rule's search in one line.

    Raises UserError for one that is too long, finds nothing or names no category.
    """
    query = parse_query(RULE_QUERY.check(text))
    if not (query.words or query.phrases or query.category) or query.is_impossible or query.unclear:
        raise UserError("rule-query-empty")
    if query.category and category_of((query.category,), known) is None:
        raise UserError("category-unknown", name=query.category[:60])
    return " ".join(text.split())


def checked_argument(action: RuleAction, argument: str, known: Sequence[Category]) -> str:
    """Return the slug of a CATEGORY's or the text of a TAG's argument, "" for other actions. Raises UserError."""
    if action is RuleAction.CATEGORY:
        chosen = category_of((argument,), known)
        if chosen is None:
            raise UserError("category-unknown", name=argument[:60])
        return chosen.slug
    if action is RuleAction.TAG:
        tag = one_line(argument)
        if not has_letters(tag) or len(tag) > TAG_CHARS:
            raise UserError("rule-tag-wrong", most=TAG_CHARS)
        return tag
    return ""


def is_equal(rule: SourceRule, query: str, action: RuleAction, argument: str) -> bool:
    """Return whether a rule does the same with the same items: its search may be written otherwise."""
    return (rule.action, rule.argument) == (action, argument) and _query(rule.query) == _query(query)


def effect_of(rule: SourceRule) -> str:
    """Return what a rule does, as text that depends on no language."""
    return f"{rule.action} {rule.argument}".strip()


@lru_cache(maxsize=4096)
def _query(text: str) -> Query:
    return parse_query(text)
