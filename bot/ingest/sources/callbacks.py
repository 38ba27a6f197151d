"""Kinds of buttons under the notices of sources, and on their pages."""

from dataclasses import dataclass
from typing import Annotated

from bot.render.callback_data import CallbackData, Offset, number

SourceId = Annotated[int, number(9)]
"""The id of a source."""


@dataclass(frozen=True, slots=True)
class SourceList(CallbackData, prefix="sources"):
    """A page of the list of sources."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class SourcePage(CallbackData, prefix="source"):
    """The page of a source, looked at anew."""

    source_id: SourceId
