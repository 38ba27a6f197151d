"""The people of the newsroom: who they are, their roles, and the invitations that are open."""

from dataclasses import dataclass
from typing import Annotated, Literal

from bot.audience.chats import can_be_written_to
from bot.errors import NotFoundError, UserError
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right, may
from bot.render.callback_data import CallbackData, Offset, UserId
from bot.render.html import cut, escape
from bot.render.message import Button, ButtonStyle, Message
from handlers.core import menus
from handlers.core.context import HandlerContext
from handlers.core.keyboards import question_keyboard
from handlers.core.labels import distinct_labels, in_rows, marked, turns_by_offset, window
from handlers.core.router import Router
from handlers.staff.list_rows import settled_rows
from storage import staff
from storage.records import Role, StaffMember

_PAGE = 20
_NAME = 60
_ON_A_BUTTON = 30

router = Router()


@dataclass(frozen=True, slots=True)
class StaffPage(CallbackData, prefix="people"):
    """A page of the list of the newsroom's people."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class StaffCard(CallbackData, prefix="person"):
    """Shows a member of staff, with the roles that they may have."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class ChangeRole(CallbackData, prefix="role"):
    """Changes the role of a member of staff."""

    user_id: UserId
    role: Role


@dataclass(frozen=True, slots=True)
class RemoveMember(CallbackData, prefix="fire"):
    """Asks whether somebody is to leave the newsroom; `sure`, removes them."""

    user_id: UserId
    sure: Literal["y"] | None = None


@dataclass(frozen=True, slots=True)
class Invite(CallbackData, prefix="invite"):
    """Invites somebody to a role."""

    role: Role


@dataclass(frozen=True, slots=True)
class RevokeInvitation(CallbackData, prefix="uninvite"):
    """Revokes an open invitation."""

    invitation_id: Annotated[str, "[0-9a-f]{16}"]


@router.command("editors", right=Right.STAFF)
async def editors(ctx: HandlerContext) -> None:
    """/editors: the people of the newsroom, each with a button, and the open invitations."""
    await ctx.send(await _list(ctx, 0))


@router.callback(StaffPage, right=Right.STAFF)
async def on_page(ctx: HandlerContext, button: StaffPage) -> None:
    """Show a page of the people in place of what was there."""
    await ctx.edit_or_send(await _list(ctx, button.offset))


@router.callback(StaffCard, right=Right.STAFF)
async def show_member(ctx: HandlerContext, button: StaffCard) -> None:
    """Show a person, with the roles that they may have."""
    await ctx.edit_or_send(await _person(ctx, button.user_id))


@router.callback(ChangeRole, right=Right.STAFF)
async def change_role(ctx: HandlerContext, button: ChangeRole) -> None:
    """Set a person's role, effective at once, and notify them."""
    user_id, role = button.user_id, button.role
    await ctx.services.staff.change_role(user_id, role, actor_id=ctx.user_id)
    await _set_menu(ctx, user_id, role)
    await _show_if_allowed(ctx, user_id)
    await _answer_role_change(ctx, user_id, role)


@router.callback(RemoveMember, right=Right.STAFF)
async def remove(ctx: HandlerContext, button: RemoveMember) -> None:
    """Ask for confirmation, then remove a member of staff."""
    services, texts, user_id = ctx.services, ctx.texts, button.user_id
    if not button.sure:
        name = await _name(ctx, await _member(ctx, user_id))
        yes = Button(texts("button-yes-remove"), RemoveMember(user_id, "y").pack(), style=ButtonStyle.DANGER)
        back = Button(texts("button-back"), StaffCard(user_id).pack())
        await ctx.edit_or_send(
            Message(texts.html("editor-remove-sure", name=name), question_keyboard(ctx, yes, back))
        )
        return
    await services.staff.remove(user_id, actor_id=ctx.user_id)
    await _set_menu(ctx, user_id, None)
    await _show_if_allowed(ctx, None)
    await _answer_role_change(ctx, user_id, None)


@router.command("invite", right=Right.STAFF)
async def invite(ctx: HandlerContext) -> None:
    """/invite ROLE: a link that makes whoever opens it first a member of staff."""
    role = _role(ctx)
    if role is None:
        roles = [Button(ctx.texts(f"role-{role}"), Invite(role).pack()) for role in Role]
        await ctx.prompt("invite-usage", in_rows(roles, 2))
        return
    await _send_invitation(ctx, role)


@router.callback(Invite, right=Right.STAFF)
async def on_invite(ctx: HandlerContext, button: Invite) -> None:
    """Send the invitation to a role."""
    await _send_invitation(ctx, button.role)


@router.callback(RevokeInvitation, right=Right.STAFF)
async def uninvite(ctx: HandlerContext, button: RevokeInvitation) -> None:
    """Revoke an open invitation; the list keeps its rows."""
    try:
        await ctx.services.staff.revoke_invitation(button.invitation_id, actor_id=ctx.user_id)
    finally:
        open_ones = [RevokeInvitation(invitation.id) for invitation in await ctx.services.staff.open_invitations()]
        await ctx.set_buttons(settled_rows(ctx, RevokeInvitation, open_ones))
    await ctx.answer_callback("noted")


def _role(ctx: HandlerContext) -> Role | None:
    if not ctx.words:
        return None
    written = ctx.words.strip().casefold()
    for role in Role:
        if written in (role.value, ctx.texts(f"role-{role}").casefold()):
            return role
    raise UserError("role-unknown", role=written[:30])


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
    names = [await _name(ctx, member) for member in page]
    roles = [texts(f"role-{member.role}") for member in page]
    short = [f"{cut(name, _ON_A_BUTTON)} · {role}" for name, role in zip(names, roles, strict=True)]
    labels = distinct_labels(short, texts, [str(member.user_id) for member in page])
    for member, name, role, label in zip(page, names, roles, labels, strict=True):
        twin = [] if label in short else [str(member.user_id)]
        lines.append(f"\n{escape(texts.facts(cut(name, _NAME), role, *twin))}")
        if member.user_id != ctx.user_id:
            buttons.append(Button(label, StaffCard(member.user_id).pack()))
    invitations = await ctx.services.staff.open_invitations()
    if invitations:
        lines += ["", texts.html("invitations-title")]
    for place, invitation in enumerate(invitations[:_PAGE], 1):
        role, until = texts(f"role-{invitation.role}"), texts.datetime(invitation.expires_at)
        lines.append(texts.html("invitation-open", place=place, role=role, until=until))
        data = RevokeInvitation(invitation.id).pack()
        buttons.append(Button(texts("button-uninvite", place=place, role=role), data))
    more = offset + len(page) < len(members)
    turns = turns_by_offset(texts, StaffPage, offset, _PAGE, more=more)
    return Message("\n".join(lines), in_rows(buttons, 1) + turns)


async def _person(ctx: HandlerContext, user_id: int) -> Message:
    """Return a member's card: their roles as buttons, the present one marked."""
    texts, member = ctx.texts, await _member(ctx, user_id)
    roles = [
        Button(marked(texts(f"role-{role}"), role is member.role), ChangeRole(user_id, role).pack())
        for role in Role
    ]
    name = cut(await _name(ctx, member), _NAME)
    card = texts.html(
        "editor-card", name=name, role=texts(f"role-{member.role}"), since=texts.datetime(member.added_at)
    )
    removing = (Button(texts("button-remove-person"), RemoveMember(user_id).pack()),)
    back = (Button(texts("button-back"), StaffPage(0).pack()),)
    return Message(card, (*in_rows(roles, 2), removing, back))


async def _show_if_allowed(ctx: HandlerContext, user_id: int | None) -> None:
    """Show a person's card or the list; whoever gave up the right to it sees only that it is done."""
    if not may(await ctx.services.staff.role_of(ctx.user_id), Right.STAFF):
        await ctx.edit_or_send(Message(ctx.texts.html("noted")))
    elif user_id is None:
        await ctx.edit_or_send(await _list(ctx, 0))
    else:
        await ctx.edit_or_send(await _person(ctx, user_id))


async def _answer_role_change(ctx: HandlerContext, user_id: int, role: Role | None) -> None:
    """Answer the press; who is an owner by the settings will be one again."""
    if role is not Role.OWNER and user_id in ctx.services.settings.owner_ids:
        await ctx.answer_callback("editor-owner-by-setting", alert=True)
    else:
        await ctx.answer_callback("noted")


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
        member = await staff.get(connection, user_id)
    if member is None:
        raise NotFoundError("staff-unknown")
    return member


async def _name(ctx: HandlerContext, member: StaffMember) -> str:
    async with ctx.services.database.read() as connection:
        return await name_of(connection, member.user_id)
