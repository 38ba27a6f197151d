"""Kinds of buttons under posts and lists, which rendering draws and readers press."""

from dataclasses import dataclass
from typing import ClassVar, Self

from bot.render.callback_data import CallbackData, Cursor


@dataclass(frozen=True, slots=True)
class ListScope:
    """The articles of a list: those of a category, or all, those newer than the ordinal `since` marked."""

    PATTERN: ClassVar[str] = r"a|s\d{1,18}|c\d{1,9}"

    category_id: int | None = None
    since: int | None = None

    def pack(self) -> str:
        """Return `a`, `sORDINAL` or `cCATEGORY`."""
        if self.category_id is not None:
            return f"c{self.category_id}"
        return "a" if self.since is None else f"s{self.since}"

    @classmethod
    def unpack(cls, text: str, /) -> Self:
        """Return the scope of a text that matches PATTERN."""
        number = int(text[1:] or 0)
        return cls(category_id=number if text[0] == "c" else None, since=number if text[0] == "s" else None)


ALL_ARTICLES = ListScope()
"""The scope of /latest."""


@dataclass(frozen=True, slots=True)
class ListPage(CallbackData, prefix="list"):
    """A page of headlines."""

    scope: ListScope
    cursor: Cursor
