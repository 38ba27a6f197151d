"""Every command by name: what /help and the menus show, in which order, and who may use it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from bot.newsroom.permissions import Right, may
from storage.records import Role

READERS_ORDER = (
    *("latest", "categories", "category", "article", "search", "subscribe", "unsubscribe", "subscriptions"),
    *("digest", "saved", "history", "settings", "cancel", "help"),
)
STAFF_ORDER = (
    *("post", "import", "drafts", "preview", "edit", "submit", "approve", "publish", "planned", "breaking"),
    "follow",
    *("correct", "retract", "outbox", "stats", "sources", "channels", "comments", "editors", "invite"),
    *("announce", "audit", "pause", "resume"),
)
"""The order of /help and the menus; what stands in none of the two (/start) is heard, and not listed."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command without its slash. `right` None is everybody's; `in_groups` are offered there too."""

    name: str
    right: Right | None = None
    in_groups: bool = False

    @property
    def text_key(self) -> str:
        """The key of the line that says what it does, for /help and the menus."""
        return f"command-{self.name}"


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands that are listed, in their order: everybody's, and the newsroom's."""

    readers: tuple[Command, ...]
    staff: tuple[Command, ...]

    @classmethod
    def of(cls, declared: Iterable[Command]) -> Self:
        """Return the commands that are listed. Raises KeyError where one of them is not declared."""
        by_name = {command.name: command for command in declared}
        return cls(
            readers=tuple(by_name[name] for name in READERS_ORDER),
            staff=tuple(by_name[name] for name in STAFF_ORDER),
        )

    @property
    def in_groups(self) -> tuple[Command, ...]:
        """The commands that are offered in groups."""
        return tuple(command for command in self.readers if command.in_groups)

    def of_role(self, role: Role | None) -> tuple[Command, ...]:
        """Return the newsroom's commands that somebody of that role may use."""
        return tuple(command for command in self.staff if command.right is not None and may(role, command.right))
