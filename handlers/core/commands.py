"""Every command by name: what /help and the menus show, and who may use it."""

from dataclasses import dataclass

from bot.newsroom.permissions import Right, may
from storage.records import Role


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


READER_COMMANDS = (
    Command("latest", in_groups=True),
    Command("categories", in_groups=True),
    Command("category", in_groups=True),
    Command("article", in_groups=True),
    Command("search", in_groups=True),
    Command("subscribe", in_groups=True),
    Command("unsubscribe", in_groups=True),
    Command("subscriptions", in_groups=True),
    Command("digest", in_groups=True),
    Command("saved", in_groups=True),
    Command("history", in_groups=True),
    Command("settings", in_groups=True),
    Command("cancel"),
    Command("help", in_groups=True),
)

STAFF_COMMANDS = (
    Command("post", Right.WRITE),
    Command("import", Right.WRITE),
    Command("drafts", Right.WRITE),
    Command("preview", Right.WRITE),
    Command("edit", Right.WRITE),
    Command("submit", Right.WRITE),
    Command("approve", Right.PUBLISH),
    Command("publish", Right.PUBLISH),
    Command("planned", Right.PUBLISH),
    Command("breaking", Right.PUBLISH),
    Command("correct", Right.PUBLISH),
    Command("retract", Right.PUBLISH),
    Command("outbox", Right.OUTBOX),
    Command("stats", Right.STATS),
    Command("sources", Right.SOURCES),
    Command("channels", Right.CHANNELS),
    Command("comments", Right.MODERATE),
    Command("editors", Right.STAFF),
    Command("invite", Right.STAFF),
    Command("announce", Right.ANNOUNCE),
    Command("audit", Right.AUDIT),
    Command("pause", Right.PAUSE),
    Command("resume", Right.PAUSE),
)


def staff_commands(role: Role | None) -> list[Command]:
    """Return the commands of staff that somebody of that role may use."""
    return [command for command in STAFF_COMMANDS if command.right is not None and may(role, command.right)]
