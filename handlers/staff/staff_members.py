"""The people of the newsroom: who they are, their roles, and the invitations that are open."""

from bot.audience.chats import can_be_written_to
from bot.errors import NotFoundError, UserError
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right, may
from bot.render.html import cut, escape
from bot.render.message import Button, Message
from handlers.core import menus
from handlers.core.context import HandlerContext
from handlers.core.labels import in_rows, marked, turns_by_offset, window
from storage import staff
from storage.records import Role, StaffMember

_PAGE = 20
_NAME = 60
_ON_A_BUTTON = 30


async def editors(ctx: HandlerContext) -> None:
    """/editors: the people of the newsroom, each with a button, and the open invitations."""
    await ctx.send(await _list(ctx, 0))


async def turn(ctx: HandlerContext) -> None:
    """A press of a page button under the people: `people:OFFSET`."""
    await ctx.show(await _list(ctx, int(ctx.data.split(":")[1])))


async def show(ctx: HandlerContext) -> None:
    """A press on a person: `person:USER` shows the roles that they may have."""
    await ctx.show(await _person(ctx, int(ctx.data.split(":")[1])))


async def change_role(ctx: HandlerContext) -> None:
    """A press on a role: `role:USER:ROLE`. It is theirs at once, and they hear of it."""
    _, person, role = ctx.data.split(":")
    user_id = int(person)
    await ctx.services.staff.change_role(user_id, Role(role), actor_id=ctx.user_id)
    await _set_menu(ctx, user_id, Role(role))
    await _show_if_allowed(ctx, user_id)
    await _toast(ctx, user_id, Role(role))


async def fire(ctx: HandlerContext) -> None:
    """A press that removes a person: `fire:USER` asks, `fire:USER:y` does."""
    _, person, *sure = ctx.data.split(":")
    services, texts, user_id = ctx.services, ctx.texts, int(person)
    if not sure:
        name = await _name(ctx, await _member(ctx, user_id))
        buttons = (
            Button(texts("button-yes-remove"), f"fire:{user_id}:y"),
            Button(texts("button-back"), f"person:{user_id}"),
        )
        await ctx.show(Message(texts.html("editor-remove-sure", name=name), (buttons,)))
        return
    await services.staff.remove(user_id, actor_id=ctx.user_id)
    await _set_menu(ctx, user_id, None)
    await _show_if_allowed(ctx, None)
    await _toast(ctx, user_id, None)


async def invite(ctx: HandlerContext) -> None:
    """/invite ROLE: a link that makes whoever opens it first a member of staff."""
    role = _role(ctx)
    if role is None:
        roles = [Button(ctx.texts(f"role-{role}"), f"invite:{role}") for role in Role]
        await ctx.ask("invite-usage", in_rows(roles, 2))
        return
    await _send_invitation(ctx, role)


async def press_invite(ctx: HandlerContext) -> None:
    """A press on a role: `invite:ROLE`."""
    await _send_invitation(ctx, Role(ctx.data.split(":")[1]))


async def uninvite(ctx: HandlerContext) -> None:
    """A press that takes an open invitation back: `uninvite:INVITATION`."""
    await ctx.services.staff.take_back(ctx.data.split(":")[1], actor_id=ctx.user_id)
    await ctx.show(await _list(ctx, 0))
    await ctx.toast("noted")


def _role(ctx: HandlerContext) -> Role | None:
    if not ctx.words:
        return None
    asked = ctx.words.strip().casefold()
    for role in Role:
        if asked in (role.value, ctx.texts(f"role-{role}").casefold()):
            return role
    raise UserError("role-unknown", role=asked[:30])


async def _send_invitation(ctx: HandlerContext, role: Role) -> None:
    code, expires_at = await ctx.services.staff.invite(role, created_by=ctx.user_id)
    link = f"https://t.me/{ctx.services.bot_username}?start={code}"
    until = ctx.texts.datetime(expires_at)
    words = ctx.texts.html("invitation", role=ctx.texts(f"role-{role}"), until=until)
    # The link stands outside of the text: marks of direction around it would become part of it.
    await ctx.send(Message(f"{words}\n\n{escape(link)}"))


async def _list(ctx: HandlerContext, offset: int) -> Message:
    texts = ctx.texts
    lines, buttons = [texts.html("editors-title")], []
    members = await ctx.services.staff.members()
    page, offset = window(members, offset, _PAGE)
    for member in page:
        name, role = await _name(ctx, member), texts(f"role-{member.role}")
        lines.append(f"\n{escape(texts.facts(cut(name, _NAME), role))}")
        if member.user_id != ctx.user_id:
            buttons.append(Button(f"{cut(name, _ON_A_BUTTON)} · {role}", f"person:{member.user_id}"))
    invitations = await ctx.services.staff.open_invitations()
    if invitations:
        lines += ["", texts.html("invitations-title")]
    for place, one in enumerate(invitations[:_PAGE], 1):
        role, until = texts(f"role-{one.role}"), texts.datetime(one.expires_at)
        lines.append(texts.html("invitation-open", place=place, role=role, until=until))
        buttons.append(Button(texts("button-uninvite", place=place, role=role), f"uninvite:{one.id}"))
    more = offset + len(page) < len(members)
    turns = turns_by_offset(texts, "people", offset, _PAGE, more=more)
    return Message("\n".join(lines), in_rows(buttons, 1) + turns)


async def _person(ctx: HandlerContext, user_id: int) -> Message:
    """Return a member's card: their roles as buttons, the present one marked."""
    texts, member = ctx.texts, await _member(ctx, user_id)
    roles = [Button(marked(texts(f"role-{role}"), role is member.role), f"role:{user_id}:{role}") for role in Role]
    name = cut(await _name(ctx, member), _NAME)
    card = texts.html(
        "editor-card", name=name, role=texts(f"role-{member.role}"), since=texts.datetime(member.added_at)
    )
    remove = (Button(texts("button-remove-person"), f"fire:{user_id}"),)
    back = (Button(texts("button-back"), "people:0"),)
    return Message(card, (*in_rows(roles, 2), remove, back))


async def _show_if_allowed(ctx: HandlerContext, user_id: int | None) -> None:
    """Show a person's card or the list; whoever gave up the right to it sees only that it is done."""
    if not may(await ctx.services.staff.role_of(ctx.user_id), Right.STAFF):
        await ctx.show(Message(ctx.texts.html("noted")))
    elif user_id is None:
        await ctx.show(await _list(ctx, 0))
    else:
        await ctx.show(await _person(ctx, user_id))


async def _toast(ctx: HandlerContext, user_id: int, role: Role | None) -> None:
    """Answer the press; who is an owner by the settings will be one again."""
    if role is not Role.OWNER and user_id in ctx.services.settings.owner_ids:
        await ctx.toast("editor-owner-by-setting", alert=True)
    else:
        await ctx.toast("noted")


async def _set_menu(ctx: HandlerContext, user_id: int, role: Role | None) -> None:
    services, chat = ctx.services, await ctx.services.chats.get(user_id)
    if chat is None or not can_be_written_to(chat):
        return
    if role is None:
        await menus.drop_persons_menu(services, user_id)
    else:
        await menus.set_persons_menu(services, chat, role)


async def _member(ctx: HandlerContext, user_id: int) -> StaffMember:
    async with ctx.services.database.read() as connection:
        found = await staff.get(connection, user_id)
    if found is None:
        raise NotFoundError("staff-unknown")
    return found


async def _name(ctx: HandlerContext, member: StaffMember) -> str:
    async with ctx.services.database.read() as connection:
        return await name_of(connection, member.user_id)
