"""The news published while the app dies, and what readers are to see of it in the end."""

from dataclasses import dataclass

from bot.clock import now_ms
from bot.newsroom.articles import Newsroom
from storage import categories
from storage.engine.database import Database
from storage.records import Content, Provenance, Role
from tests.newsroom_people import employ


@dataclass
class Story:
    """One article: its number, how often it was corrected, and whether it was taken back."""

    id: int
    corrections: int = 0
    retracted: bool = False

    @property
    def mark(self) -> str:
        """The words that tell its copies from others."""
        return f"خبر {self.id:03}،"

    @property
    def title(self) -> str:
        """The words that its copies are to have."""
        return f"{self.mark} ویراست {self.corrections:03}"

    @property
    def content(self) -> Content:
        """The article as the editor writes it now."""
        return Content(self.title, "لید.")


class NewsEditor:
    """An editor at the database, whether an app is running or not. `stories` are in the order of publication.

    Nobody else makes articles; the next number is `first`.
    """

    def __init__(self, database: Database, editor: int, first: int = 1) -> None:
        self.database = database
        self._first = first
        self.stories: list[Story] = []
        self._editor = editor
        self._newsroom = Newsroom(database, now_ms, lambda: None)

    async def publish(self) -> None:
        """Publish one more."""
        if not self.stories:
            # The first app may not have made its owners members of staff yet.
            await employ(self.database, self._editor, role=Role.OWNER)
        async with self.database.read() as connection:
            section = await categories.find(connection, "general")
        assert section is not None, "seeded"
        story = Story(len(self.stories) + self._first)
        made = await self._newsroom.draft(story.content, section.id, Provenance())
        assert made.id == story.id, "nobody else writes"
        await self._newsroom.publish(made.id, actor_id=self._editor)
        self.stories.append(story)

    async def correct(self, story: Story) -> None:
        """Give the story a new title, and owe it to every copy."""
        story.corrections += 1
        await self._newsroom.edit(story.id, story.content, expected=story.corrections, editor_id=self._editor)

    async def retract(self, story: Story) -> None:
        """Take the story back from every copy."""
        await self._newsroom.retract(story.id, "نادرست", actor_id=self._editor)
        story.retracted = True
