"""Hostile texts: whatever makes a reader of text do the same work again and again."""

import json
from collections.abc import Callable

Make = Callable[[int], str]
"""Makes a text of about so many characters."""

_UNITS = {
    "letters": "a",
    "persian": "ا",
    "words": "a ",
    "persian words": "علم و ",
    "spaces": " ",
    "lines": "\n",
    "short lines": "a\n",
    "digits": "1",
    "persian digits": "۵",
    "dates": "1404/10/03 ",
    "clocks": "8:30 ",
    "labels": "شناسه خبر : تاریخ انتشار : ",
    "endings": "انتهای پیام / ",
    "half-spaces": "ا\u200c",
    "bare half-spaces": "\u200c",
    "accents": "\u0301",
    "marks of byte order": "\ufeff",
    "cells": "<td>a",
    "marks of direction": "\u200f\u2068",
    "ligatures": "\ufdfa",
    "beyond the first plane": "\U0001f600",
    "hashtags": "#a ",
    "bare hashes": "#",
    "commas": "،,",
    "dots": "a.",
    "slashes": "/1",
    "dashes": " - ",
    "bars": " | ",
    "colons": "a:",
    "at signs": "a@",
    "exclusions": '-"a" ',
    "quotes": '"',
    "open quotes": "«a ",
    "numbered": "1. a\n",
    "points": "- a\n",
    "addresses": "https://a.b/c?d=e&",
    "escapes": "%41",
    "entities": "&amp;",
    "broken entities": "&#",
    "tags": "<b>a</b>b",
    "open tags": "<b>",
    "closing tags": "</b>",
    "broken tags": "<a href=",
    "broken angles": "<",
    "links": '<a href="https://a.b">a</a>',
    "breaks": "<p>a<br>",
    "comments": "<!--",
    "scripts": "<script>",
    "declarations": "<![CDATA[<!DOCTYPE[",
    "items": "<item><title>a</title>",
    "outlines": "<outline text='a' xmlUrl=\"a\"",
    "braces": '{"a":',
    "brackets": "[(",
}


def _maker(unit: str, begin: str = "") -> Make:
    def make(size: int) -> str:
        return begin + unit * max(1, size // len(unit))

    return make


_HALVES = {
    "many open tags around paragraphs": ("<b>", "<p>a"),
    "many open tags around boxes": ("<b>", "<div>a"),
    "many open tags around tables": ("<i>", "<table><tr><td>a"),
    "ends of what is not open": ("<b>", "</i>"),
    "boxes in boxes": ("<div>a", "</div>"),
    "lists in lists": ("<ul><li>a", "</li></ul>"),
    "quotations in quotations": ("<blockquote>a", "</blockquote>"),
    "brackets in brackets": ("[", "]"),
    "quotes in quotes": ("«", "»"),
}


def _halves(first: str, second: str) -> Make:
    def make(size: int) -> str:
        count = max(1, size // (len(first) + len(second)))
        return first * count + second * count

    return make


def _named_text(size: int) -> str:
    """Return a page whose state has a long text, and many articles that name it as theirs."""
    text = "a b " * (size // 8)
    row = '3:{"title":"a","body":"$2","content":"$2","text":"$2"}\n'
    stream = f"2:T{len(text):x},{text}" + row * (size // 2 // len(row))
    return f"<title>a</title><h1>a</h1><script>self.__next_f.push([1,{json.dumps(stream)}])</script>"


_ADDRESSES = {
    "a long path": ("https://a.example/news", "/1"),
    "a path of dates": ("https://a.example", "/2026/11/28"),
    "a path of words": ("https://a.example", "/a-"),
    "a path of steps back": ("https://a.example", "/a/.."),
    "a long query": ("https://a.example/?", "a=1&"),
    "an escaped path": ("https://a.example/", "%25"),
    "an address in addresses": ("https://a.example/?u=", "https%3A//a.example/?u="),
}

HOSTILE: dict[str, Make] = (
    {name: _maker(unit) for name, unit in _UNITS.items()}
    | {name: _halves(*halves) for name, halves in _HALVES.items()}
    | {name: _maker(unit, begin) for name, (begin, unit) in _ADDRESSES.items()}
    | {"a text that many articles name": _named_text}
)
"""The texts by name."""
