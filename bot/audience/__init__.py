"""The audience: chats, what they follow and how their posts look, bookmarks, reactions."""
