"""/retract: an article is taken back, with a reason that the newsroom keeps."""

from bot.errors import UserError
from bot.render.html import cut
from bot.render.message import Message
from handlers.core import confirmations
from handlers.core.context import Scene
from handlers.staff import amendment_progress
from handlers.staff.drafts import editable, workable
from persian.digits import parse_int
from storage.records import Article, ArticleState

DIALOGUE = "retract"
"""What waits for a yes; data: id, reason."""

_REASON_LIMIT = 500
_SHOWN = 300


async def retract(scene: Scene) -> None:
    """/retract ID REASON: a card that asks for a yes."""
    number, _, reason = " ".join(scene.words.split()).partition(" ")
    article_id = parse_int(number)
    if article_id is None or article_id < 1 or not any(letter.isalpha() for letter in reason):
        raise UserError("retract-usage")
    if len(reason) > _REASON_LIMIT:
        raise UserError("retract-reason-too-long", most=_REASON_LIMIT, length=len(reason))
    await _ask(scene, await workable(scene, article_id), reason)


async def press_vanished(scene: Scene) -> None:
    """A press under the line that says that an article's page is gone: `retract:ARTICLE`; the same card."""
    found = await workable(scene, int(scene.data.split(":")[1]))
    await _ask(scene, found, scene.texts("retract-reason-vanished", site=found.origin))


async def press(scene: Scene) -> None:
    """A press on the card: `pull:ARTICLE:STAMP:y` retracts, `:n` leaves it."""
    _, article_id, stamp, answer = scene.data.split(":")
    found = await workable(scene, int(article_id))
    data = await confirmations.waiting(scene, DIALOGUE, int(stamp), about=found.id)
    if answer == "n":
        await confirmations.leave(scene, waits=data is not None)
        return
    if found.state is not ArticleState.RETRACTED:
        if data is None:
            raise UserError("stale-button")
        found = await scene.services.newsroom.retract(found.id, data["reason"], actor_id=scene.user_id)
    if data is not None:
        await scene.close_dialogue()
    await amendment_progress.show_progress(scene, found)
    await scene.toast("noted")


async def _ask(scene: Scene, article: Article, reason: str) -> None:
    found = editable(scene, article)
    if found.state is not ArticleState.PUBLISHED:
        raise UserError("article-not-published", id=found.id)
    stamp = await confirmations.put_aside(scene, DIALOGUE, {"id": found.id, "reason": reason})
    texts = scene.texts
    lines = [
        texts.html("retract-card", id=texts.digits(str(found.id)), title=cut(found.content.title, _SHOWN)),
        "",
        texts.html("retract-reason", reason=reason),
        "",
        await amendment_progress.extent(scene, found),
        texts.html("retract-means"),
    ]
    keyboard = confirmations.yes_or_no(scene, "button-yes-retract", f"pull:{found.id}:{stamp}")
    await scene.send(Message("\n".join(lines), keyboard))
