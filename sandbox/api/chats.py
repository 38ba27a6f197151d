"""The methods that return chats and their members."""

from typing import Any

from sandbox.api.registry import Call, method
from sandbox.errors import bad


@method("getChat")
def get_chat(call: Call) -> Any:
    """Return a chat."""
    chat = call.state.reachable_chat(call["chat_id"])
    sealed = {"has_protected_content": True} if chat.protected else {}
    return call.state.chat_json(chat) | {"accent_color_id": 0, "max_reaction_count": 11} | sealed


@method("getChatMember")
def get_chat_member(call: Call) -> Any:
    """Return the membership of a user in a chat."""
    chat = call.state.reachable_chat(call["chat_id"])
    member = chat.members.get(call["user_id"])
    if member is None:
        if call["user_id"] not in call.state.people:
            raise bad("user not found")
        return {"status": "left", "user": call.state.person(call["user_id"]).json()}
    return member


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> Any:
    """List the administrators of a group or channel."""
    chat = call.state.reachable_chat(call["chat_id"])
    if chat.kind == "private":
        raise bad("there are no administrators in the private chat")
    if chat.kind == "channel" and not call.state.bot_right(chat, "can_manage_chat"):
        raise bad("member list is inaccessible")
    return [member for member in chat.members.values() if member["status"] in ("creator", "administrator")]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> Any:
    """Count the members of a chat."""
    chat = call.state.reachable_chat(call["chat_id"])
    return max(2, chat.crowd + sum(member["status"] not in ("left", "kicked") for member in chat.members.values()))


@method("leaveChat")
def leave_chat(call: Call) -> Any:
    """Leave a group or channel."""
    chat = call.state.reachable_chat(call["chat_id"])
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    chat.members.pop(call.state.me["id"], None)
    return True
