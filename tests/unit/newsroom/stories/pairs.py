"""Labelled pairs of invented news: one story as two sites tell it, or two events told alike.

The pairs are drawn from a seed, so every run has the same ones. `tuned_on()` is what the thresholds were chosen
with; `held_out()` has other kinds of events, other wordings and other hand-written pairs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from tests.unit.newsroom.stories.agencies import AGENCIES
from tests.unit.newsroom.stories.by_hand import HAND_WRITTEN
from tests.unit.newsroom.stories.events import HELD_OUT, TUNED_ON, Kind, draw, next_event
from tests.unit.newsroom.stories.rewritten import REWRITTEN
from tests.unit.newsroom.stories.tempting import TEMPTING

SEED = 1405


@dataclass(frozen=True, slots=True)
class Text:
    """A text as a feed or page gives it; `body` is a paragraph a line, "" in a feed that has none."""

    title: str
    lead: str
    body: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, whether they are one story, and in which way they are alike."""

    one: Text
    other: Text
    same: bool
    way: str


_SYNONYMS = {
    "گفت": "اظهار داشت", "خبر داد": "اعلام کرد", "افزود": "ادامه داد", "رخ داد": "اتفاق افتاد", "درباره": "در خصوص", "حدود": "قریب به",
    "برگزار شد": "برپا شد", "اعزام شد": "فرستاده شد", "همچنین": "افزون بر این", "است.": "می‌باشد.", "تاکنون": "تا این لحظه", "نفر": "تن",
}  # fmt: skip
_INTROS = (
    "به گزارش خبرنگار ما، در ادامه رخدادهای روزهای اخیر خبر تازه‌ای منتشر شده که واکنش‌های گوناگونی در پی داشته است.",
    "به گزارش پایگاه خبری آوای شهر، ساعتی پیش خبرگزاری‌ها گزارشی را منتشر کردند که بازتاب گسترده‌ای در شبکه‌های اجتماعی داشت.",
    "گروه جامعه - خوانندگان ما در پیام‌هایی جزئیات بیشتری از این ماجرا خواسته‌اند که در پی می‌آید.",
)
_BACKGROUND = (
    "کارشناسان می‌گویند چنین رخدادهایی در سال‌های اخیر بیشتر شده و نیازمند برنامه‌ریزی بلندمدت است.",
    "پیش‌تر نیز خبرهای مشابهی منتشر شده بود که با تکذیب مسئولان همراه شد.",
    "در شبکه‌های اجتماعی کاربران واکنش‌های گسترده‌ای به این موضوع نشان داده‌اند و برخی خواستار پیگیری شده‌اند.",
    "مرکز پژوهش‌ها در گزارشی که بهار امسال منتشر کرد به ابعاد گوناگون این موضوع پرداخته بود.",
)


def tempting() -> list[Pair]:
    """Return pairs that no threshold was chosen with at first: daily templates, what follows an event, agency text."""
    return list(_labelled(TEMPTING, "tempting"))


def rewritten() -> list[Pair]:
    """Return pairs of rewritten agency text and of templates filled in anew."""
    return list(_labelled(REWRITTEN, "rewritten"))


def agencies() -> list[Pair]:
    """Return pairs as Iranian agencies tell them: without numbers, with spellings of their own, in another order."""
    return list(_labelled(AGENCIES, "agencies"))


def tell(kind: Kind, facts: dict[str, str], rng: Random) -> Text:
    """Return one way to tell an event."""
    sentences = [rng.choice(ways).format(**facts) for ways in kind.body]
    middle = sentences[1:]
    rng.shuffle(middle)
    lines = [" ".join(part) for part in _in_paragraphs([*sentences[:1], *middle], rng)]
    return Text(rng.choice(kind.titles).format(**facts), rng.choice(kind.leads).format(**facts), "\n".join(lines))


def tuned_on() -> list[Pair]:
    """Return the pairs that thresholds may be chosen with."""
    return [*_drawn(TUNED_ON, Random(SEED), each=24), *(_labelled(HAND_WRITTEN[::2], "by hand"))]


def held_out() -> list[Pair]:
    """Return the pairs that nothing was chosen with."""
    return [*_drawn(HELD_OUT, Random(SEED + 1), each=24), *(_labelled(HAND_WRITTEN[1::2], "by hand"))]


def _drawn(kinds: tuple[Kind, ...], rng: Random, *, each: int) -> Iterator[Pair]:
    for kind in kinds:
        for number in range(each):
            facts = draw(kind, rng)
            text = tell(kind, facts, rng)
            way = list(_SAME)[number % len(_SAME)]
            yield Pair(text, _SAME[way](kind, facts, text, rng), True, f"{kind.name}/{way}")
            way = list(_OTHER)[number % len(_OTHER)]
            one, other = _OTHER[way](kind, facts, rng)
            yield Pair(one, other, False, f"{kind.name}/{way}")


def _labelled(pairs: tuple[tuple[bool, str, str, str, str, str, str], ...], way: str) -> Iterator[Pair]:
    for same, title, lead, body, other_title, other_lead, other_body in pairs:
        yield Pair(Text(title, lead, body), Text(other_title, other_lead, other_body), same, way)


def _in_paragraphs(sentences: list[str], rng: Random) -> Iterator[list[str]]:
    while sentences:
        count = rng.randint(1, 3)
        yield sentences[:count]
        sentences = sentences[count:]


# One story, told again


def _retitled(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    return replace(text, title=_other(kind.titles, facts, text.title, rng))


def _new_lead(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    return replace(_retitled(kind, facts, text, rng), lead=_other(kind.leads, facts, text.lead, rng))


def _other_intro(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    retitled = _retitled(kind, facts, text, rng)
    return replace(retitled, lead=rng.choice(_INTROS), body=f"{text.lead}\n{text.body}")


def _shortened(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    return replace(_retitled(kind, facts, text, rng), body=text.body.split("\n")[0])


def _feed_of_it(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    return replace(_retitled(kind, facts, text, rng), body="")


def _page_without_lead(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    return replace(text, lead="", body=f"به گزارش خبرگزاری ما، {text.lead}\n{text.body}")


def _longer(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    added = rng.sample(_BACKGROUND, 2)
    return replace(_retitled(kind, facts, text, rng), body="\n".join([text.body, *added]))


def _respelled(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    table = str.maketrans("یک۰۱۲۳۴۵۶۷۸۹", "يك0123456789")
    joined = rng.choice(["", " "])
    return Text(*(part.translate(table).replace("\u200c", joined) for part in (text.title, text.lead, text.body)))


def _synonyms(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    def changed(part: str) -> str:
        for word, other in _SYNONYMS.items():
            part = part.replace(word, other)
        return part

    return Text(changed(text.title), changed(text.lead), changed(text.body))


def _rewritten(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    again = tell(kind, facts, rng)
    return again if again != text else _retitled(kind, facts, text, rng)


def _feed_of_a_rewritten_page(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    return replace(_rewritten(kind, facts, text, rng), lead=text.lead, body="")


def _reordered(kind: Kind, facts: dict[str, str], text: Text, rng: Random) -> Text:
    lines = text.body.split("\n")
    return replace(_retitled(kind, facts, text, rng), body="\n".join(lines[1:] + lines[:1]))


_SAME: dict[str, Callable[[Kind, dict[str, str], Text, Random], Text]] = {
    "retitled": _retitled,
    "new lead": _new_lead,
    "other intro": _other_intro,
    "shortened": _shortened,
    "feed of it": _feed_of_it,
    "page without lead": _page_without_lead,
    "longer": _longer,
    "respelled": _respelled,
    "synonyms": _synonyms,
    "rewritten": _rewritten,
    "feed of a rewritten page": _feed_of_a_rewritten_page,
    "reordered": _reordered,
}


# Two events, told alike


def _next_told_alike(kind: Kind, facts: dict[str, str], rng: Random) -> tuple[Text, Text]:
    """Word for word the same template, as price lists and forecasts are written."""
    seed = rng.random()
    later = next_event(kind, facts, rng)
    return tell(kind, facts, Random(seed)), tell(kind, later, Random(seed))


def _next_told_otherwise(kind: Kind, facts: dict[str, str], rng: Random) -> tuple[Text, Text]:
    return tell(kind, facts, rng), tell(kind, next_event(kind, facts, rng), rng)


def _next_in_feeds(kind: Kind, facts: dict[str, str], rng: Random) -> tuple[Text, Text]:
    one, other = _next_told_alike(kind, facts, rng)
    return replace(one, body=""), replace(other, body="")


def _feed_of_the_next(kind: Kind, facts: dict[str, str], rng: Random) -> tuple[Text, Text]:
    one, other = _next_told_alike(kind, facts, rng)
    return one, replace(other, body="")


def _under_one_title(kind: Kind, facts: dict[str, str], rng: Random) -> tuple[Text, Text]:
    one, other = _next_told_otherwise(kind, facts, rng)
    return one, replace(other, title=one.title)


def _other_place(kind: Kind, facts: dict[str, str], rng: Random) -> tuple[Text, Text]:
    """The same words, and half of the numbers, of other towns, persons and things."""
    seed, later = rng.random(), draw(kind, rng)
    named = ("city", "person", "team", "of")
    moved = {
        field: later[field] if way.partition(":")[0] in named or rng.random() < 0.5 else value
        for (field, value), way in zip(facts.items(), kind.facts.values(), strict=True)
    }
    return tell(kind, facts, Random(seed)), tell(kind, moved, Random(seed))


def _with_one_background(kind: Kind, facts: dict[str, str], rng: Random) -> tuple[Text, Text]:
    """Two events of one kind, and paragraphs that the newsroom puts under both."""
    one, other = _next_told_otherwise(kind, facts, rng)
    added = "\n".join(rng.sample(_BACKGROUND, 3))
    return replace(one, body=f"{one.body}\n{added}"), replace(other, body=f"{other.body}\n{added}")


_OTHER: dict[str, Callable[[Kind, dict[str, str], Random], tuple[Text, Text]]] = {
    "next told alike": _next_told_alike,
    "next told otherwise": _next_told_otherwise,
    "next in feeds": _next_in_feeds,
    "feed of the next": _feed_of_the_next,
    "under one title": _under_one_title,
    "other place": _other_place,
    "with one background": _with_one_background,
}


def _other(ways: tuple[str, ...], facts: dict[str, str], taken: str, rng: Random) -> str:
    return rng.choice([one for way in ways if (one := way.format(**facts)) != taken])
