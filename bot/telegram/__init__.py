"""Telegram: calls of the Bot API, their limits and their errors."""
