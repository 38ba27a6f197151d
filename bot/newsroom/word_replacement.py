"""Words of an article replaced by others, wherever they stand, with the formatting and links around them (pure)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.newsroom.formatting import FormattedText
from bot.newsroom.limits import BODY_LIMIT, LEAD_LIMIT, TITLE_LIMIT
from persian.normalise import folded
from storage.records import Block, BlockKind, Content

WORDS_LIMIT = 300
"""The most characters that the words to replace, and those in their place, may have."""

_Spans = list[tuple[int, int]]
_AROUND = ' \t\r\n«»"'


@dataclass(frozen=True, slots=True)
class Replacement:
    """The content after a replacement, and the number of places that it changed."""

    content: Content
    places: int


def replace_words(content: Content, words: str, by: str) -> Replacement:
    """Replace `words` in the title, the lead and the body; links and the captions of pictures stay.

    Whole words count before parts of words, and the spelling as written before other spellings of it.
    Raises UserError where the article would be far too long.
    """
    texts = [content.title, content.lead, *(text for block in content.body for text in _texts(block))]
    parts = [FormattedText(text) if at < _PLAIN else FormattedText.of_html(text) for at, text in enumerate(texts)]
    spans_of = _spans_in(parts, words, by)
    _check_growth(parts, spans_of, by)
    new = [
        (part.replaced(spans, by).text if at < _PLAIN else part.replaced(spans, by).html()) if spans else text
        for at, (part, spans, text) in enumerate(zip(parts, spans_of, texts, strict=True))
    ]
    rest = iter(new[_PLAIN:])
    body = tuple(_with_texts(block, [next(rest) for _ in _texts(block)]) for block in content.body)
    return Replacement(replace(content, title=new[0], lead=new[1], body=body), sum(map(len, spans_of)))


def _spans_in(parts: Sequence[FormattedText], words: str, by: str) -> list[_Spans]:
    """Return where words stand in each part that `by` would change, in the first of the ways that finds any."""
    spans_of: list[_Spans] = []
    for find in _WAYS:
        spans_of = [
            [(begin, end) for begin, end in find(part.text, words) if part.text[begin:end] != by] for part in parts
        ]
        if any(spans_of):
            break
    return spans_of


def replacement_in(text: str, instead: Sequence[str], write: Sequence[str]) -> tuple[str, str] | None:
    """Return the two parts of «به‌جای … بنویس …», None where the text is not of that form.

    `instead` and `write` are the spellings of its two words.
    """
    spelt = f" {folded(text)} "
    opening = next((word for word in instead if spelt.startswith(f" {folded(word)} ")), None)
    if opening is None:
        return None
    begin = len(opening)
    places = [(at, word) for word in write if (at := spelt.find(f" {folded(word)} ", begin + 1)) >= 0]
    if not places:
        return None
    at, word = min(places)
    words, by = text[begin:at].strip(_AROUND), text[at + len(word) :].strip(_AROUND)
    return (words, by) if words and by else None


def _check_growth(parts: Sequence[FormattedText], spans_of: Sequence[_Spans], by: str) -> None:
    """Raise UserError where the parts would have more letters than any article, before they are made."""
    grown = sum(len(by) - (end - begin) for spans in spans_of for begin, end in spans)
    length = grown + sum(len(part.text) for part in parts)
    if grown > 0 and length > TITLE_LIMIT + LEAD_LIMIT + BODY_LIMIT:
        raise UserError("post-body-too-long", most=BODY_LIMIT, length=length)


_PLAIN = 2
"""The title and the lead are plain text, the rest is inline HTML."""


def _texts(block: Block) -> Sequence[str]:
    if block.kind is BlockKind.IMAGE:
        return ()
    return block.items or (block.html,)


def _with_texts(block: Block, texts: Sequence[str]) -> Block:
    if not texts:
        return block
    return replace(block, items=tuple(texts)) if block.items else replace(block, html=texts[0])


def _as_written(text: str, words: str) -> _Spans:
    return _spans(text, words)


def _in_any_spelling(text: str, words: str) -> _Spans:
    return _spans(folded(text), folded(words)) if any(letter.isalnum() for letter in words) else []


def _whole(find: Callable[[str, str], _Spans]) -> Callable[[str, str], _Spans]:
    """Return what finds whole words alone."""

    def whole(text: str, words: str) -> _Spans:
        spelt = f" {folded(text)} "
        return [(begin, end) for begin, end in find(text, words) if spelt[begin] == " " and spelt[end + 1] == " "]

    return whole


def _spans(text: str, words: str) -> _Spans:
    spans: _Spans = []
    at = text.find(words) if words else -1
    while at >= 0:
        spans.append((at, at + len(words)))
        at = text.find(words, at + len(words))
    return spans


_WAYS = (_whole(_as_written), _whole(_in_any_spelling), _as_written, _in_any_spelling)
