"""Every command by name: what /help and the menus show, in which order, and who may use it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Self

from bot.newsroom.permissions import Right, may
from storage.records import Role

READERS_ORDER = (
    *("latest", "top", "categories", "category", "article", "search", "subscribe", "unsubscribe", "subscriptions"),
    *("digest", "saved", "history", "tip", "settings", "cancel", "help"),
)
STAFF_JOBS = {
    "write": ("desk", "post", "import", "drafts", "preview", "edit", "submit", "words"),
    "publish": ("approve", "publish", "planned", "breaking", "follow", "correct", "retract"),
    "watch": ("comments", "tips", "outbox", "stats", "audit"),
    "reach": ("sources", "channels", "announce"),
    "lead": ("editors", "invite", "pause", "resume"),
}
"""The newsroom's commands by job, in the order of /help; what is listed nowhere (/start) is heard all the same."""

_DAILY = (
    *(
        "desk",
        "post",
        "import",
        "drafts",
        "approve",
        "publish",
        "planned",
        "breaking",
        "comments",
        "tips",
        "outbox",
        "stats",
        "sources",
    ),
    *("latest", "search", "settings", "cancel", "help"),
)
"""The commands that the menu of somebody of the newsroom holds, as far as their role may use them."""


WHISPERED = ("latest", "category", "search")
"""The commands that nobody else sees in a group, neither the question nor the answer (Bot API 10.2)."""


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
    """The commands that are listed, in their order: everybody's, and the newsroom's by job."""

    readers: tuple[Command, ...]
    jobs: Mapping[str, tuple[Command, ...]]

    @classmethod
    def of(cls, declared: Iterable[Command]) -> Self:
        """Return the commands that are listed. Raises KeyError where one of them is not declared."""
        by_name = {command.name: command for command in declared}
        return cls(
            readers=tuple(by_name[name] for name in READERS_ORDER),
            jobs={job: tuple(by_name[name] for name in names) for job, names in STAFF_JOBS.items()},
        )

    @property
    def staff(self) -> tuple[Command, ...]:
        """The newsroom's commands of all jobs."""
        return tuple(chain(*self.jobs.values()))

    @property
    def in_groups(self) -> tuple[Command, ...]:
        """The commands that are offered in groups."""
        return tuple(command for command in self.readers if command.in_groups)

    def jobs_of(self, role: Role | None) -> dict[str, list[Command]]:
        """Return the newsroom's commands that somebody of that role may use, by job."""
        allowed = {
            job: [command for command in commands if _allows(command, role)] for job, commands in self.jobs.items()
        }
        return {job: commands for job, commands in allowed.items() if commands}

    def menu_of(self, role: Role | None) -> tuple[Command, ...]:
        """Return the commands of somebody's menu: for readers all of theirs, for the newsroom its daily ones."""
        if role is None:
            return self.readers
        by_name = {command.name: command for command in (*self.readers, *self.staff)}
        return tuple(by_name[name] for name in _DAILY if _allows(by_name[name], role))


def _allows(command: Command, role: Role | None) -> bool:
    return command.right is None or may(role, command.right)
