"""The people of the newsroom: who they are, their roles, and the invitations that are open."""

from bot.audience.chats import can_be_written_to
from bot.errors import NotFoundError, UserError
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right, may
from bot.render.html import cut, escape
from bot.render.message import Button, Message
from handlers.core import menus
from handlers.core.context import Scene
from handlers.core.labels import in_rows, marked, turns_by_offset, window
from storage import staff
from storage.records import Role, StaffMember

_PAGE = 20
_NAME = 60
_ON_A_BUTTON = 30


async def editors(scene: Scene) -> None:
    """/editors: the people of the newsroom, each with a button, and the open invitations."""
    await scene.send(await _list(scene, 0))


async def turn(scene: Scene) -> None:
    """A press of a page button under the people: `people:OFFSET`."""
    await scene.show(await _list(scene, int(scene.data.split(":")[1])))


async def show(scene: Scene) -> None:
    """A press on a person: `person:USER` shows the roles that they may have."""
    await scene.show(await _person(scene, int(scene.data.split(":")[1])))


async def change_role(scene: Scene) -> None:
    """A press on a role: `role:USER:ROLE`. It is theirs at once, and they hear of it."""
    _, person, role = scene.data.split(":")
    user_id = int(person)
    await scene.services.staff.change_role(user_id, Role(role), actor_id=scene.user_id)
    await _set_menu(scene, user_id, Role(role))
    await _show_if_allowed(scene, user_id)
    await _toast(scene, user_id, Role(role))


async def fire(scene: Scene) -> None:
    """A press that removes a person: `fire:USER` asks, `fire:USER:y` does."""
    _, person, *sure = scene.data.split(":")
    services, texts, user_id = scene.services, scene.texts, int(person)
    if not sure:
        name = await _name(scene, await _member(scene, user_id))
        buttons = (
            Button(texts("button-yes-remove"), f"fire:{user_id}:y"),
            Button(texts("button-back"), f"person:{user_id}"),
        )
        await scene.show(Message(texts.html("editor-remove-sure", name=name), (buttons,)))
        return
    await services.staff.remove(user_id, actor_id=scene.user_id)
    await _set_menu(scene, user_id, None)
    await _show_if_allowed(scene, None)
    await _toast(scene, user_id, None)


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


async def uninvite(scene: Scene) -> None:
    """A press that takes an open invitation back: `uninvite:INVITATION`."""
    await scene.services.staff.take_back(scene.data.split(":")[1], actor_id=scene.user_id)
    await scene.show(await _list(scene, 0))
    await scene.toast("noted")


def _role(scene: Scene) -> Role | None:
    if not scene.words:
        return None
    asked = scene.words.strip().casefold()
    for role in Role:
        if asked in (role.value, scene.texts(f"role-{role}").casefold()):
            return role
    raise UserError("role-unknown", role=asked[:30])


async def _send_invitation(scene: Scene, role: Role) -> None:
    code, expires_at = await scene.services.staff.invite(role, created_by=scene.user_id)
    link = f"https://t.me/{scene.services.bot_username}?start={code}"
    until = scene.texts.datetime(expires_at)
    words = scene.texts.html("invitation", role=scene.texts(f"role-{role}"), until=until)
    # The link stands outside of the text: marks of direction around it would become part of it.
    await scene.send(Message(f"{words}\n\n{escape(link)}"))


async def _list(scene: Scene, offset: int) -> Message:
    texts = scene.texts
    lines, buttons = [texts.html("editors-title")], []
    members = await scene.services.staff.members()
    page, offset = window(members, offset, _PAGE)
    for member in page:
        name, role = await _name(scene, member), texts(f"role-{member.role}")
        lines.append(f"\n{escape(texts.facts(cut(name, _NAME), role))}")
        if member.user_id != scene.user_id:
            buttons.append(Button(f"{cut(name, _ON_A_BUTTON)} · {role}", f"person:{member.user_id}"))
    invitations = await scene.services.staff.open_invitations()
    if invitations:
        lines += ["", texts.html("invitations-title")]
    for place, one in enumerate(invitations[:_PAGE], 1):
        role, until = texts(f"role-{one.role}"), texts.datetime(one.expires_at)
        lines.append(texts.html("invitation-open", place=place, role=role, until=until))
        buttons.append(Button(texts("button-uninvite", place=place, role=role), f"uninvite:{one.id}"))
    more = offset + len(page) < len(members)
    turns = turns_by_offset(texts, "people", offset, _PAGE, more=more)
    return Message("\n".join(lines), in_rows(buttons, 1) + turns)


async def _person(scene: Scene, user_id: int) -> Message:
    """Return a member's card: their roles as buttons, the present one marked."""
    texts, member = scene.texts, await _member(scene, user_id)
    roles = [Button(marked(texts(f"role-{role}"), role is member.role), f"role:{user_id}:{role}") for role in Role]
    name = cut(await _name(scene, member), _NAME)
    card = texts.html(
        "editor-card", name=name, role=texts(f"role-{member.role}"), since=texts.datetime(member.added_at)
    )
    remove = (Button(texts("button-remove-person"), f"fire:{user_id}"),)
    back = (Button(texts("button-back"), "people:0"),)
    return Message(card, (*in_rows(roles, 2), remove, back))


async def _show_if_allowed(scene: Scene, user_id: int | None) -> None:
    """Show a person's card or the list; whoever gave up the right to it sees only that it is done."""
    if not may(await scene.services.staff.role_of(scene.user_id), Right.STAFF):
        await scene.show(Message(scene.texts.html("noted")))
    elif user_id is None:
        await scene.show(await _list(scene, 0))
    else:
        await scene.show(await _person(scene, user_id))


async def _toast(scene: Scene, user_id: int, role: Role | None) -> None:
    """Answer the press; who is an owner by the settings will be one again."""
    if role is not Role.OWNER and user_id in scene.services.settings.owner_ids:
        await scene.toast("editor-owner-by-setting", alert=True)
    else:
        await scene.toast("noted")


async def _set_menu(scene: Scene, user_id: int, role: Role | None) -> None:
    services, chat = scene.services, await scene.services.chats.get(user_id)
    if chat is None or not can_be_written_to(chat):
        return
    if role is None:
        await menus.drop_persons_menu(services, user_id)
    else:
        await menus.set_persons_menu(services, chat, role)


async def _member(scene: Scene, user_id: int) -> StaffMember:
    async with scene.services.database.read() as connection:
        found = await staff.get(connection, user_id)
    if found is None:
        raise NotFoundError("staff-unknown")
    return found


async def _name(scene: Scene, member: StaffMember) -> str:
    async with scene.services.database.read() as connection:
        return await name_of(connection, member.user_id)
