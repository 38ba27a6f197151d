"""The copy editor over articles: titles, leads and formatted blocks, whose marks and links stay (pure)."""

import html
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.newsroom.limits import BODY_LIMIT, LEAD_LIMIT, TITLE_LIMIT
from bot.render.html import escape
from persian.copy_edit.editor import NO_HOUSE_STYLE, HouseStyle, corrections, proposals
from persian.copy_edit.edits import TextEdit, applied
from persian.copy_edit.tokens import Span
from storage.records import Block, Content

_TAG = re.compile(r"(<[^<>]*>)")
_MOST_PASSES = 8
_AROUND = 16

_FindEdits = Callable[[str, HouseStyle, Sequence[Span]], Sequence[TextEdit]]


@dataclass(frozen=True, slots=True)
class CopyProposal:
    """A proposed change of one place: a few words around it `before` and `after`, and the content with it."""

    before: str
    after: str
    content: Content


def corrected_content(content: Content, style: HouseStyle = NO_HOUSE_STYLE) -> Content:
    """Return a content with all that is certain corrected in its title, lead and body."""
    return _each_text(content, lambda markup: corrected_html(markup, style))


def corrected_html(markup: str, style: HouseStyle = NO_HOUSE_STYLE) -> str:
    """Return inline HTML with all that is certain corrected; its tags, and what stands in code, stay."""
    for _ in range(_MOST_PASSES):
        edited = _Inline(markup).edited(corrections, style)
        if edited == markup:
            break
        markup = edited
    return markup


def proposals_for(content: Content, style: HouseStyle = NO_HOUSE_STYLE) -> Iterator[CopyProposal]:
    """Yield the proposed changes of a content, in the order of its text. Each is made when it is asked for."""
    for markup, put in _places(content):
        inline = _Inline(markup)
        for edit in proposals(inline.text, style, inline.code):
            changed = inline.with_edits([edit])
            if changed != markup:
                yield CopyProposal(*_around(inline.text, edit), put(changed))


def corrected_words(content: Content, style: HouseStyle = NO_HOUSE_STYLE) -> Iterator[tuple[str, str]]:
    """Yield the words that are corrected at first sight, as they are and as they would be."""
    for markup, _ in _places(content):
        inline = _Inline(markup)
        yield from _changed_words(inline.text, corrections(inline.text, style, inline.code))


def with_all_proposals(content: Content, style: HouseStyle = NO_HOUSE_STYLE) -> Content:
    """Return a content with every proposed change."""
    return _each_text(content, lambda markup: _Inline(markup).edited(proposals, style))


class _Inline:
    """Inline HTML as plain text, with the pieces between its tags."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._parts = _TAG.split(markup)
        self._texts = [html.unescape(part) for part in self._parts[::2]]
        self.text = "".join(self._texts)
        self.code = list(self._code())

    def edited(self, find: _FindEdits, style: HouseStyle) -> str:
        return self.with_edits(find(self.text, style, self.code))

    def with_edits(self, edits: Sequence[TextEdit]) -> str:
        """Return the markup after edits, but for those that reach over a tag."""
        pieces, begin, waiting, has_changed = [], 0, deque(edits), False
        for text in self._texts:
            end = begin + len(text)
            within = list(_taken_within(waiting, begin, end))
            pieces.append(escape(applied(text, within)))
            has_changed = has_changed or bool(within)
            begin = end
        if not has_changed:
            return self._markup
        tags = [*self._parts[1::2], ""]
        return "".join(part for pair in zip(pieces, tags, strict=True) for part in pair)

    def _code(self) -> Iterator[Span]:
        begin, depth = 0, 0
        for text, tag in zip(self._texts, [*self._parts[1::2], ""], strict=True):
            if depth:
                yield begin, begin + len(text)
            depth += (tag == "<code>") - (tag == "</code>")
            begin += len(text)


def _taken_within(waiting: deque[TextEdit], begin: int, end: int) -> Iterator[TextEdit]:
    """Remove the edits that begin in a piece of a text; yield, by their places in it, those that end there, too."""
    while waiting and waiting[0].begin <= end and (waiting[0].begin < end or waiting[0].end == end):
        edit = waiting.popleft()
        if begin <= edit.begin and edit.end <= end:
            yield replace(edit, begin=edit.begin - begin, end=edit.end - begin)


def _each_text(content: Content, change: Callable[[str], str]) -> Content:
    """Return a content with each text changed; a title and a lead are plain text.

    A title, a lead or a body that would be too long afterwards stays as it is.
    """

    def plain(text: str, most: int) -> str:
        changed = html.unescape(change(escape(text)))
        return changed if len(changed) <= most else text

    body = tuple(
        replace(block, html=change(block.html), items=tuple(change(item) for item in block.items))
        for block in content.body
    )
    if sum(len(block.html) + sum(map(len, block.items)) for block in body) > BODY_LIMIT:
        body = content.body
    title, lead = plain(content.title, TITLE_LIMIT), plain(content.lead, LEAD_LIMIT)
    return replace(content, title=title, lead=lead, body=body)


def _places(content: Content) -> Iterator[tuple[str, Callable[[str], Content]]]:
    """Yield each text of a content as inline HTML, with the function that puts another in its place."""
    yield escape(content.title), lambda markup: replace(content, title=html.unescape(markup))
    yield escape(content.lead), lambda markup: replace(content, lead=html.unescape(markup))
    for index, block in enumerate(content.body):
        yield (
            block.html,
            lambda markup, index=index: _with_block(  # type: ignore[misc]
                content, index, replace(content.body[index], html=markup)
            ),
        )
        for place, item in enumerate(block.items):
            yield (
                item,
                lambda markup, index=index, place=place: _with_item(  # type: ignore[misc]
                    content, index, place, markup
                ),
            )


def _with_block(content: Content, index: int, block: Block) -> Content:
    return replace(content, body=(*content.body[:index], block, *content.body[index + 1 :]))


def _with_item(content: Content, index: int, place: int, markup: str) -> Content:
    block = content.body[index]
    items = (*block.items[:place], markup, *block.items[place + 1 :])
    return _with_block(content, index, replace(block, items=items))


def _changed_words(text: str, edits: Sequence[TextEdit]) -> Iterator[tuple[str, str]]:
    """Yield the whole words around edits that stand in their order, before and after; neighbours go together."""
    groups: list[tuple[int, int, list[TextEdit]]] = []
    for edit in edits:
        begin, end = _whole_words(text, edit)
        if groups and edit.begin <= groups[-1][1]:
            first, last, within = groups.pop()
            begin, end, neighbours = first, max(last, end), [*within, edit]
        else:
            neighbours = [edit]
        groups.append((begin, end, neighbours))
    for begin, end, within in groups:
        moved = [replace(edit, begin=edit.begin - begin, end=edit.end - begin) for edit in within]
        yield text[begin:end], applied(text[begin:end], moved)


def _whole_words(text: str, edit: TextEdit) -> tuple[int, int]:
    """Return where the words that an edit touches begin and end, on its line."""
    begin = text.rfind(" ", 0, edit.begin) + 1
    begin = text.rfind("\n", begin, edit.begin) + 1 or begin
    space = text.find(" ", edit.end)
    end = len(text) if space < 0 else space
    line_end = text.find("\n", edit.end, end)
    return begin, end if line_end < 0 else line_end


def _around(text: str, edit: TextEdit) -> tuple[str, str]:
    """Return a few whole words around an edit, as they are and as they would be."""
    begin = text.rfind(" ", 0, max(0, edit.begin - _AROUND)) + 1
    space = text.find(" ", edit.end + _AROUND)
    end = len(text) if space < 0 else space
    after = text[begin : edit.begin] + edit.text + text[edit.end : end]
    return text[begin:end].replace("\n", " "), after.replace("\n", " ")
