"""What is published while the desk dies, and what readers are to see of it in the end."""

from dataclasses import dataclass, field

from sqlalchemy import update

from bot.clock import now_ms
from bot.newsroom.articles import Newsroom, Provenance
from storage import articles, categories, fanouts
from storage.database import Database
from storage.records import ArticleState, Content, FanOutKind
from storage.schema import article as article_table


@dataclass
class Story:
    """One article: its number, how often it was corrected, and whether it was taken back."""

    id: int
    corrections: int = 0
    retracted: bool = False

    @property
    def mark(self) -> str:
        """What tells its copies from others."""
        return f"خبر {self.id:03}،"

    @property
    def title(self) -> str:
        """What its copies are to say."""
        return f"{self.mark} ویراست {self.corrections:03}"


@dataclass
class Desk:
    """An editor at the database, whether a desk is running or not. `stories` are in the order of publication."""

    database: Database
    stories: list[Story] = field(default_factory=list)

    async def publish(self) -> None:
        """Publish one more."""
        newsroom = Newsroom(self.database, now_ms, lambda: None)
        async with self.database.read() as connection:
            section = await categories.find(connection, "general")
        assert section is not None, "seeded"
        story = Story(len(self.stories) + 1)
        made = await newsroom.draft(Content(story.title, "لید."), section.id, Provenance())
        assert made.id == story.id, "nobody else writes"
        await newsroom.publish(made.id, actor_id=None)
        self.stories.append(story)

    async def correct(self, story: Story) -> None:
        """Give the story a new title, and owe it to every copy."""
        async with self.database.write() as tx:
            story.corrections += 1
            content = Content(story.title, "لید.")
            number = await articles.revise(
                tx, story.id, content, expected=story.corrections, editor_id=None, now=now_ms()
            )
            assert number is not None, "nobody else writes"
            await fanouts.begin(tx, story.id, FanOutKind.CORRECTION, now=now_ms())

    async def retract(self, story: Story) -> None:
        """Take the story back from every copy."""
        async with self.database.write() as tx:
            gone = update(article_table).where(article_table.c.id == story.id)
            await tx.execute(gone.values(state=ArticleState.RETRACTED, updated_at=now_ms()))
            await fanouts.begin(tx, story.id, FanOutKind.RETRACTION, now=now_ms())
        story.retracted = True
