"""Addresses of the posts of public Telegram channels (pure)."""

import re

from bot.ingest.identity.addresses import comparable

_POST = re.compile(r"https://t\.me/([a-z]\w{3,31})/\d{1,12}")


def post_address(url: str) -> str:
    """Return the one form of a post's address, "" for any other address."""
    form = comparable(url)
    return form if _POST.fullmatch(form) else ""


def channel_of(post: str) -> str:
    """Return the name of the channel of a post, which is an address as `post_address` returns it."""
    match = _POST.fullmatch(post)
    return match[1] if match is not None else ""


def request_address(url: str) -> str:
    """Return the address at which an article's page is read: of a Telegram post that of its widget, else `url`."""
    return f"{post}?embed=1&mode=tme" if (post := post_address(url)) else url
