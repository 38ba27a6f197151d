"""The desk's own business: its people, its sources, and the switch that stops every push."""

from telegram.error import TelegramError

from bot.audience.chats import can_be_written_to
from bot.errors import NotFoundError, UserError
from bot.newsroom.rights import Right, may
from bot.newsroom.staff import INVITATION_MS
from bot.render.html import cut, escape
from bot.render.message import Button, Message
from handlers import menus
from handlers.scene import Scene
from handlers.wording import in_rows, turns_by_offset, window
from storage import audit, desk_state, sources
from storage.records import Role, SourceKind, StaffMember

_HOUR_MS = 3_600_000
_SOURCES_PAGE = 10
_PEOPLE_PAGE = 20


async def invite(scene: Scene) -> None:
    """/invite ROLE: a link that makes whoever opens it first a member of staff."""
    role = _role(scene)
    if role is None:
        roles = [Button(scene.texts(f"role-{role}"), f"invite:{role}") for role in Role]
        await scene.ask("invite-usage", in_rows(roles, 2))
        return
    await _send_invitation(scene, role)


async def press_invite(scene: Scene) -> None:
    """A press on a role: `invite:ROLE`."""
    await _send_invitation(scene, Role(scene.data.split(":")[1]))


async def editors(scene: Scene) -> None:
    """/editors: the people of the newsroom, each with a button that removes them."""
    await scene.send(await _people(scene, 0))


async def turn_editors(scene: Scene) -> None:
    """A press of a page button under the people: `people:OFFSET`."""
    await scene.show(await _people(scene, int(scene.data.split(":")[1])))


async def fire(scene: Scene) -> None:
    """A press on a person: `fire:USER` asks, `fire:USER:y` removes, `fire:back` shows the list again."""
    _, person, *sure = scene.data.split(":")
    services, texts = scene.services, scene.texts
    if person == "back":
        await scene.show(await _people(scene, 0))
        return
    names = [await _name(scene, one) for one in await services.staff.members() if one.user_id == int(person)]
    if not names:
        raise NotFoundError("staff-unknown")
    if not sure:
        buttons = (
            Button(texts("button-yes-remove"), f"fire:{person}:y"),
            Button(texts("button-back"), "fire:back"),
        )
        await scene.show(Message(texts.html("editor-remove-sure", name=names[0]), (buttons,)))
        return
    await services.staff.remove(int(person), actor_id=scene.user_id)
    if can_be_written_to(await services.chats.get(int(person))):
        await menus.drop_persons_menu(services, int(person))
    await scene.show(await _people(scene, 0))
    await scene.toast("noted")


async def pause(scene: Scene) -> None:
    """/pause: every push stops at once and waits; answers go on."""
    await _switch(scene, paused=True)


async def resume(scene: Scene) -> None:
    """/resume: the pushes that waited go out."""
    await _switch(scene, paused=False)


async def list_sources(scene: Scene) -> None:
    """/sources: where articles come from, and how each source is."""
    await scene.send(await _sources(scene, 0))


async def turn_sources(scene: Scene) -> None:
    """A press of a page button under the sources: `sources:OFFSET`."""
    await scene.show(await _sources(scene, int(scene.data.split(":")[1])))


async def _sources(scene: Scene, offset: int) -> Message:
    texts = scene.texts
    async with scene.services.database.read() as connection:
        found = await sources.all_(connection)
    if not found:
        return Message(texts.html("sources-none"))
    kinds = {SourceKind.FEED: "source-feed", SourceKind.PAGE: "source-page", SourceKind.LISTING: "source-listing"}
    lines = [texts.html("sources-title")]
    page, offset = window(found, offset, _SOURCES_PAGE)
    for source in page:
        state = (
            texts("source-failing", times=source.failures)
            if source.failures
            else texts("source-fetched", when=texts.short(source.fetched_at))
            if source.fetched_at
            else texts("source-new")
        )
        name = escape(cut(source.title or source.url, 60))
        kind = texts(kinds[source.kind])
        target = texts("source-to-review" if source.review else "source-to-publish")
        lines.append(f'\n<a href="{escape(source.url)}">{name}</a>\n{escape(f"{kind} · {target} · {state}")}')
    more = offset + len(page) < len(found)
    return Message("\n".join(lines), turns_by_offset(texts, "sources", offset, _SOURCES_PAGE, more=more))


def _role(scene: Scene) -> Role | None:
    if not scene.words:
        return None
    asked = scene.words.strip().casefold()
    for role in Role:
        if asked in (role.value, scene.texts(f"role-{role}").casefold()):
            return role
    raise UserError("role-unknown", role=asked[:30])


async def _send_invitation(scene: Scene, role: Role) -> None:
    secret = await scene.services.staff.invite(role, created_by=scene.user_id)
    link = f"https://t.me/{scene.services.bot_username}?start=j_{secret}"
    hours = INVITATION_MS // _HOUR_MS
    words = scene.texts.html("invitation", role=scene.texts(f"role-{role}"), hours=hours)
    # The link stands outside of the text: marks of direction around it would become part of it.
    await scene.send(Message(f"{words}\n\n{escape(link)}"))


async def _people(scene: Scene, offset: int) -> Message:
    texts = scene.texts
    lines, buttons = [texts.html("editors-title")], []
    members = await scene.services.staff.members()
    page, offset = window(members, offset, _PEOPLE_PAGE)
    for member in page:
        name = await _name(scene, member)
        lines.append(f"\n{escape(cut(name, 60))} · {escape(texts(f'role-{member.role}'))}")
        if member.user_id != scene.user_id:
            buttons.append(Button(texts("button-remove-person", name=cut(name, 24)), f"fire:{member.user_id}"))
    more = offset + len(page) < len(members)
    turns = turns_by_offset(texts, "people", offset, _PEOPLE_PAGE, more=more)
    return Message("\n".join(lines), in_rows(buttons, 1) + turns)


async def _name(scene: Scene, member: StaffMember) -> str:
    chat = await scene.services.chats.get(member.user_id)
    return member.name or (chat.title if chat else "") or str(member.user_id)


async def _switch(scene: Scene, *, paused: bool) -> None:
    services = scene.services
    async with services.database.write() as tx:
        before = await desk_state.value(tx, desk_state.PAUSED) is not None
        if before != paused:
            now = services.clock()
            if paused:
                await desk_state.store(tx, desk_state.PAUSED, str(scene.user_id))
            else:
                await desk_state.remove(tx, desk_state.PAUSED)
            await audit.note(tx, scene.user_id, "pause" if paused else "resume", now=now)
    if before == paused:
        await scene.say("paused-already" if paused else "resumed-already")
        return
    if not paused:
        services.worker.wake()
    await scene.say("paused" if paused else "resumed")
    await _tell_others(scene, "paused-by" if paused else "resumed-by")


async def _tell_others(scene: Scene, key: str) -> None:
    """Tell the rest of the staff; whoever cannot be reached is left out."""
    user = scene.update.effective_user
    name = user.full_name if user else ""
    for member in await scene.services.staff.members():
        chat = await scene.services.chats.get(member.user_id)
        if member.user_id == scene.user_id or chat is None or not can_be_written_to(chat):
            continue
        if not may(member.role, Right.WRITE):
            continue
        try:
            message = Message(scene.services.texts(chat).html(key, name=name))
            await scene.services.gateway.send(chat.id, message)
        except TelegramError:
            continue
