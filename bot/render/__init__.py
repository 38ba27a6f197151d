"""Rendering: articles, lists and cards as messages of Telegram (pure)."""
