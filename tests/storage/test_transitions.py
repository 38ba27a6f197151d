"""Acts that the table of transitions refuses: the services refuse them with the same error, nothing changes."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import update

from bot.errors import UserError
from bot.newsroom.articles import Newsroom, readable
from bot.newsroom.comments import commentable
from bot.newsroom.reviews import Reviews
from bot.newsroom.scheduling import Scheduling
from bot.newsroom.transitions import TABLE, Act, Refusal
from storage import articles
from storage.engine.database import Database
from storage.records import Article, ArticleState, Content
from storage.schema import article as article_table
from tests.newsroom_people import employ

NOW = 1_766_576_760_000
EDITOR = 5


@pytest.fixture(autouse=True)
async def _staff(database: Database) -> None:
    await employ(database, EDITOR)


def _nothing() -> None:
    pass


def _services(database: Database, article: Article) -> dict[Act, Callable[[], Awaitable[object]]]:
    id_, content = article.id, Content("تیتر تازه")
    newsroom = Newsroom(database, lambda: NOW, _nothing)
    reviews = Reviews(database, lambda: NOW, _nothing, review_required=False)
    scheduling = Scheduling(database, lambda: NOW, _nothing)

    async def read(what: Callable[..., Awaitable[Article]]) -> None:
        async with database.read() as connection:
            await what(connection, id_)

    return {
        Act.READ: lambda: read(readable),
        Act.COMMENT: lambda: read(commentable),
        Act.EDIT: lambda: newsroom.edit(id_, content, expected=1, editor_id=EDITOR),
        Act.SAVE_DRAFT: lambda: newsroom.save_draft(id_, actor_id=EDITOR),
        Act.DISCARD: lambda: newsroom.discard(id_, actor_id=EDITOR),
        Act.SUBMIT: lambda: reviews.submit(id_, actor_id=EDITOR),
        Act.WITHDRAW: lambda: reviews.withdraw(id_, actor_id=EDITOR),
        Act.APPROVE: lambda: reviews.approve(id_, revision=1, actor_id=EDITOR),
        Act.REJECT: lambda: reviews.reject(id_, 1, "نه", actor_id=EDITOR),
        Act.DROP: lambda: reviews.drop(id_, actor_id=EDITOR),
        Act.PUBLISH: lambda: newsroom.publish(id_, actor_id=EDITOR),
        Act.SCHEDULE: lambda: scheduling.schedule(id_, NOW + 1, actor_id=EDITOR),
        Act.CANCEL_SCHEDULE: lambda: scheduling.cancel(id_, actor_id=EDITOR),
        Act.RAISE_TO_BREAKING: lambda: scheduling.raise_to_breaking(id_, actor_id=EDITOR),
        Act.RETRACT: lambda: newsroom.retract(id_, "", actor_id=EDITOR),
        Act.UNDO_PUBLICATION: lambda: newsroom.undo_publication(id_, actor_id=EDITOR),
    }


@pytest.mark.parametrize("state", ArticleState)
async def test_an_act_out_of_its_state_is_refused_and_changes_nothing(
    database: Database, state: ArticleState
) -> None:
    async with database.write() as tx:
        id_ = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
        await tx.execute(update(article_table).values(state=state))
        before = await articles.get(tx, id_)
    assert before is not None
    services = _services(database, before)
    # These have tests of their own, or are parts of others: a correction is an edit, and a source's change has to
    # be proposed first.
    assert set(Act) - services.keys() == {Act.CORRECT, Act.ACCEPT_CHANGE, Act.JOIN, Act.SEPARATE}
    for act, attempt in services.items():
        refusal = TABLE[act][state]
        if isinstance(refusal, Refusal):
            with pytest.raises(UserError) as error:
                await attempt()
            assert error.value.key == refusal, act
    async with database.read() as connection:
        assert await articles.get(connection, id_) == before
