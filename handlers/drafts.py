"""The desk's unpublished articles: list, preview, publish, keep, edit, throw away."""

from dataclasses import replace

from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom.composing import checked
from bot.newsroom.paragraphs import blocks_of
from bot.newsroom.rights import Right, may
from bot.render.article import preview
from bot.render.headline import article_link, category_name
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard, Message
from handlers.scene import Scene
from handlers.wording import in_rows, turns_by_offset
from persian.digits import parse_int
from storage import articles, categories, dialogues
from storage.records import Article, ArticleState, Content

DIALOGUE = "edit"
"""The dialogue in which a new title, lead or body is written; data: id, revision, field, parts."""

FIELDS = ("title", "lead", "body")
PHOTO = "photo"
"""What may be changed by writing, and by sending one."""

_PAGE = 8


async def list_drafts(scene: Scene) -> None:
    """/drafts: what waits on the desk, the last changed first."""
    await scene.send(await _page(scene, 0))


async def turn_drafts(scene: Scene) -> None:
    """A press of a page button under the drafts: `drafts:OFFSET`."""
    await scene.show(await _page(scene, int(scene.data.split(":")[1])))


async def show_preview(scene: Scene) -> None:
    """/preview ID: the article as readers would see it, with the desk's buttons."""
    await send_preview(scene, await _asked(scene, "preview-usage"))


async def turn_preview(scene: Scene) -> None:
    """A press on a draft or a page of its preview: `view:ARTICLE:INDEX`."""
    _, article_id, index = scene.data.split(":")
    pages = _pages(scene, await _mine(scene, int(article_id)))
    await scene.show(pages[min(int(index), len(pages) - 1)])


async def send_preview(scene: Scene, article: Article) -> None:
    """Answer with the first page of an article's preview."""
    await scene.send(_pages(scene, article)[0])


async def publish(scene: Scene) -> None:
    """/publish ID."""
    found = await _asked(scene, "publish-usage")
    published = await scene.services.newsroom.publish(found.id, actor_id=scene.user_id)
    await scene.send(_published(scene, published))


async def press_publish(scene: Scene) -> None:
    """A press of the preview's button: `pub:ARTICLE:REVISION`."""
    _, article_id, revision = scene.data.split(":")
    found = await _mine(scene, int(article_id))
    if found.state is ArticleState.PUBLISHED:
        raise ConflictError("article-already-published", id=found.id)
    if found.revision != int(revision):
        raise ConflictError("article-changed-meanwhile", id=found.id)
    published = await scene.services.newsroom.publish(found.id, actor_id=scene.user_id)
    await scene.show(_published(scene, published))
    await scene.toast("noted")


async def keep(scene: Scene) -> None:
    """A press that leaves the article a draft: `keep:ARTICLE`."""
    found = await _mine(scene, int(scene.data.split(":")[1]))
    if found.state is ArticleState.PUBLISHED:
        raise ConflictError("article-already-published", id=found.id)
    button = Button(scene.texts("button-view"), f"view:{found.id}:0")
    kept = scene.texts.html("draft-kept", id=scene.texts.digits(str(found.id)), title=found.content.title)
    await scene.show(Message(kept, ((button,),)))
    await scene.toast("noted")


async def drop(scene: Scene) -> None:
    """A press that throws a draft away: `drop:ARTICLE` asks, `drop:ARTICLE:y` does."""
    _, article_id, *sure = scene.data.split(":")
    found = await _mine(scene, int(article_id))
    if found.state is not ArticleState.DRAFT:
        raise ConflictError("draft-gone", id=found.id)
    if not sure:
        buttons = (
            Button(scene.texts("button-yes-delete"), f"drop:{found.id}:y"),
            Button(scene.texts("button-back"), f"view:{found.id}:0"),
        )
        await scene.show(Message(scene.texts.html("draft-drop-sure", title=found.content.title), (buttons,)))
        return
    await scene.services.newsroom.discard(found.id, actor_id=scene.user_id)
    await scene.show(Message(scene.texts.html("draft-dropped", title=found.content.title)))
    await scene.toast("noted")


async def edit(scene: Scene) -> None:
    """/edit ID: which part to change."""
    await scene.send(_parts(scene, _editable(scene, await _asked(scene, "edit-usage"))))


async def press_edit(scene: Scene) -> None:
    """A press while editing: `edit:ARTICLE`, `edit:ARTICLE:FIELD`, `edit:ARTICLE:cat:CATEGORY`."""
    _, article_id, *rest = scene.data.split(":")
    found = _editable(scene, await _mine(scene, int(article_id)))
    if not rest:
        await scene.show(_parts(scene, found))
    elif rest[0] == "nophoto":
        await _change(scene, found, replace(found.content, photo=""))
    elif rest[0] == "cat" and len(rest) == 1:
        known = await scene.services.subscriptions.categories()
        buttons = [Button(category_name(one, scene.texts), f"edit:{found.id}:cat:{one.id}") for one in known]
        await scene.show(Message(scene.texts.html("edit-category-ask"), in_rows(buttons, 2)))
    elif rest[0] == "cat":
        async with scene.services.database.read() as connection:
            if await categories.get(connection, int(rest[1])) is None:
                raise NotFoundError("category-gone")
        await _change(scene, found, found.content, category_id=int(rest[1]))
    else:
        data = {"id": found.id, "revision": found.revision, "field": rest[0], "parts": []}
        async with scene.services.database.write() as tx:
            await dialogues.put(tx, scene.chat_id, scene.user_id, DIALOGUE, data, now=scene.services.clock())
        await scene.ask(
            f"edit-{rest[0]}-ask", done_keyboard(scene) if rest[0] == "body" else cancel_keyboard(scene)
        )


async def _change(scene: Scene, found: Article, content: Content, *, category_id: int | None = None) -> None:
    """Store what a press changed on top of what it saw, and show the preview in its place."""
    changed = await scene.services.newsroom.edit(
        found.id, content, expected=found.revision, editor_id=scene.user_id, category_id=category_id
    )
    await scene.show(_pages(scene, changed)[0])


async def apply_edit(scene: Scene, article_id: int, revision: int, field: str, text: str) -> None:
    """Put new text, or a photo's file id, into a field, and show the preview.

    It goes on top of the revision at which the editor began.
    """
    found = _editable(scene, await _mine(scene, article_id))
    content = found.content
    if field == "title":
        content = replace(content, title=checked(found.category, text, "", "").title)
    elif field == "lead":
        content = replace(content, lead=checked(found.category, content.title, text, "").lead)
    elif field == PHOTO:
        content = replace(content, photo=text)
    else:
        checked(found.category, content.title, "", text)
        content = replace(content, body=blocks_of([line.strip() for line in text.splitlines() if line.strip()]))
    changed = await scene.services.newsroom.edit(article_id, content, expected=revision, editor_id=scene.user_id)
    await send_preview(scene, changed)


def done_keyboard(scene: Scene) -> Keyboard:
    """Return the buttons under a question whose answer may take several messages."""
    return ((Button(scene.texts("button-done"), "dialogue:done"), *cancel_keyboard(scene)[0]),)


def cancel_keyboard(scene: Scene) -> Keyboard:
    """Return the button under a question that leaves it."""
    return ((Button(scene.texts("button-cancel"), "dialogue:cancel"),),)


async def _asked(scene: Scene, usage: str) -> Article:
    """Return the article that a command names. Raises UserError with the usage, or NotFoundError."""
    article_id = parse_int(scene.words)
    if article_id is None or article_id < 1:
        raise UserError(usage)
    return await _mine(scene, article_id)


async def _mine(scene: Scene, article_id: int) -> Article:
    """Return an article that the person may work on; any other looks like an unknown one."""
    async with scene.services.database.read() as connection:
        found = await articles.get(connection, article_id)
    if found is None or not (found.author_id == scene.user_id or may(scene.role, Right.EDIT)):
        raise NotFoundError("article-not-found", id=article_id)
    return found


def _editable(scene: Scene, article: Article) -> Article:
    """Return the article. Raises UserError where readers see it already and the person is no editor."""
    if article.state is ArticleState.PUBLISHED and not may(scene.role, Right.EDIT):
        raise UserError("edit-editors-only", id=article.id)
    return article


def _pages(scene: Scene, article: Article) -> tuple[Message, ...]:
    texts, id_ = scene.texts, article.id
    if article.state is ArticleState.PUBLISHED:
        editor = may(scene.role, Right.EDIT)
        return preview(article, texts, ((Button(texts("button-edit"), f"edit:{id_}"),),) if editor else ())
    keep_button = Button(texts("button-keep-draft"), f"keep:{id_}")
    first: tuple[Button, ...] = (keep_button,)
    if may(scene.role, Right.PUBLISH):
        first = (Button(texts("button-publish"), f"pub:{id_}:{article.revision}"), keep_button)
    second = (Button(texts("button-edit"), f"edit:{id_}"), Button(texts("button-delete"), f"drop:{id_}"))
    return preview(article, texts, (first, second))


def _parts(scene: Scene, article: Article) -> Message:
    texts = scene.texts
    buttons = [Button(texts(f"button-edit-{field}"), f"edit:{article.id}:{field}") for field in FIELDS]
    buttons.append(Button(texts("button-edit-category"), f"edit:{article.id}:cat"))
    buttons.append(Button(texts("button-edit-photo"), f"edit:{article.id}:{PHOTO}"))
    if article.content.photo:
        buttons.append(Button(texts("button-remove-photo"), f"edit:{article.id}:nophoto"))
    back = (Button(texts("button-back"), f"view:{article.id}:0"),)
    key = "edit-which-published" if article.state is ArticleState.PUBLISHED else "edit-which"
    heading = texts.html(key, id=texts.digits(str(article.id)), title=article.content.title)
    return Message(heading, (*in_rows(buttons, 2), back))


def _published(scene: Scene, article: Article) -> Message:
    texts = scene.texts
    link = article_link(scene.services.bot_username, article.id)
    done = texts.html("published", id=texts.digits(str(article.id)), title=article.content.title)
    return Message(done, ((Button(texts("button-full-text"), url=link),),))


async def _page(scene: Scene, offset: int) -> Message:
    texts = scene.texts
    author_id = None if may(scene.role, Right.EDIT) else scene.user_id
    async with scene.services.database.read() as connection:
        found = await articles.drafts(connection, limit=_PAGE + 1, offset=offset, author_id=author_id)
        if not found and offset:
            # Those of this page were published or thrown away meanwhile.
            offset = 0
            found = await articles.drafts(connection, limit=_PAGE + 1, author_id=author_id)
    if not found:
        return Message(texts.html("drafts-none"))
    lines = [texts.html("drafts-title")]
    for one in found[:_PAGE]:
        number = texts.digits(str(one.id))
        facts = f"{category_name(one.category, texts)} · {texts.short(one.updated_at)}"
        lines.append(f"\n<code>{number}</code> {escape(cut(one.content.title, 150))}\n{escape(facts)}")
    buttons = [
        Button(f"{texts.digits(str(one.id))} · {cut(one.content.title, 24)}", f"view:{one.id}:0")
        for one in found[:_PAGE]
    ]
    turns = turns_by_offset(texts, "drafts", offset, _PAGE, more=len(found) > _PAGE)
    return Message("\n".join(lines), (*in_rows(buttons, 1), *turns))
