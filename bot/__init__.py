"""Peyk: the bot and everything behind it but its handlers and its storage."""
