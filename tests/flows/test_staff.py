"""The newsroom's people: roles change at once, invitations can be taken back, and there is always an owner."""

import asyncio

from sandbox.client import text_of
from storage.audit_details import RoleChangeDetails, decoded
from storage.records import Role
from tests.flows.conftest import PeykApp, Telegram, buttons_of


async def _invited(telegram: Telegram, name: str, role: str) -> int:
    person = await telegram.person(name)
    invitation = text_of(await telegram.ask(telegram.owner, f"/invite {role}"))
    await telegram.ask(person, f"/start {invitation.rsplit('start=', 1)[1].strip()}")
    return person


async def _menu_holds(telegram: Telegram, user_id: int, *, publish: bool) -> None:
    """Wait until the person's own menu was last set with /publish, or without it, as where it was dropped."""
    async with asyncio.timeout(30):
        while True:
            requests = await telegram.people.get("requests")
            of_chat = [
                request for request in requests if (request["params"].get("scope") or {}).get("chat_id") == user_id
            ]
            if of_chat and ("publish" in str(of_chat[-1]["params"].get("commands", []))) is publish:
                return
            await asyncio.sleep(0.05)


async def test_a_role_changes_at_once_and_an_owner_always_stays(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    person = await _invited(telegram, "مینا", "author")
    await _menu_holds(telegram, person, publish=False)
    people = await telegram.ask(telegram.owner, "/editors")
    assert sum("مینا" in button for button in buttons_of(people)) == 1
    await telegram.people.press(telegram.owner, people, "مینا")
    card = await telegram.now(people)
    assert "✅ نویسنده" in buttons_of(card)
    await telegram.people.press(telegram.owner, card, "سردبیر")
    assert "✅ سردبیر" in buttons_of(await telegram.now(people))
    told = await telegram.people.wait_for(person, lambda m: "نقش شما در تحریریه تغییر کرد" in text_of(m))
    assert "سردبیر" in text_of(told)
    await _menu_holds(telegram, person, publish=True)
    assert "کارنامه" in text_of(await telegram.ask(person, "/audit"))
    # The same press again is no second change.
    await telegram.people.press(telegram.owner, card, "سردبیر")
    ((stored,),) = app.rows("SELECT detail FROM audit WHERE action = 'change_role'")
    assert decoded("change_role", stored) == RoleChangeDetails(person, "مینا", Role.AUTHOR, Role.EDITOR)

    # The only owner stays, whoever presses; a second one may take the first one's role.
    first = {"user_id": telegram.owner, "chat_id": telegram.owner, "message_id": people["message_id"]}
    for data in (f"role:{telegram.owner}:editor", f"fire:{telegram.owner}:y"):
        refused = await telegram.people.do("press", **first, data=data)
        assert refused["alert"]
        assert "مالک دیگری نیست" in refused["text"]
    await telegram.people.press(telegram.owner, await telegram.now(people), "مالک")
    theirs = await telegram.ask(person, "/editors", button="مالک")
    owner_name = next(button for button in buttons_of(theirs) if "مالک" in button)
    await telegram.people.press(person, theirs, owner_name)
    warned = await telegram.people.press(person, await telegram.now(theirs), "نویسنده")
    assert warned["alert"]
    assert "OWNER_IDS" in warned["text"]
    unknown = text_of(await telegram.ask(telegram.owner, "/no_such_command"))
    assert text_of(await telegram.ask(telegram.owner, "/editors")) == unknown
    late = await telegram.people.press(telegram.owner, await telegram.now(people), "ناظر")
    assert late["alert"]
    assert await app.stop() == 0
    await app.running(telegram)
    assert "مینا" in str(buttons_of(await telegram.ask(telegram.owner, "/editors")))

    # Removed, they have a reader's menu, and no cards.
    people = await telegram.ask(telegram.owner, "/editors")
    for button in ("مینا", "حذف", "بله"):
        await telegram.people.press(telegram.owner, await telegram.now(people), button)
    await _menu_holds(telegram, person, publish=False)
    await telegram.people.wait_for(person, lambda m: "پایان یافت" in text_of(m))
    assert text_of(await telegram.ask(person, "/drafts")) == unknown


async def test_an_invitation_that_was_taken_back_lets_nobody_in(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    invitation = text_of(await telegram.ask(telegram.owner, "/invite editor"))
    assert "ساعت" in invitation, "when it ends, in the newsroom's calendar"
    link = f"/start {invitation.rsplit('start=', 1)[1].strip()}"
    people = await telegram.ask(telegram.owner, "/editors")
    assert "دعوت‌نامه‌های باز" in text_of(people)
    button = next(button for button in buttons_of(people) if "پس گرفتن دعوت" in button)
    await telegram.people.press(telegram.owner, people, button)
    assert f"✅ {button}" in buttons_of(await telegram.now(people)), "the row keeps its place"
    assert "دعوت‌نامه‌های باز" not in text_of(await telegram.ask(telegram.owner, "/editors"))
    stale = await telegram.people.press(telegram.owner, people, button)
    assert stale["alert"]
    assert "دیگر باز نیست" in stale["text"]
    assert "معتبر نیست" in text_of(await telegram.ask(telegram.reader, link))
    assert app.rows("SELECT action FROM audit ORDER BY id DESC LIMIT 2") == [("uninvite",), ("invite",)]
    # Whoever used theirs is welcome by it again; anybody else is not.
    second = text_of(await telegram.ask(telegram.owner, "/invite author")).rsplit("start=", 1)[1].strip()
    assert "خوش آمدید" in text_of(await telegram.ask(telegram.reader, f"/start {second}"))
    assert "خوش آمدید" in text_of(await telegram.ask(telegram.reader, f"/start {second}"))
    assert "هم‌اکنون عضو" in text_of(await telegram.ask(telegram.owner, f"/start {second}"))
