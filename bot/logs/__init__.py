"""Logging: structured, one line an event, repetitions folded, and no secret in it whatever a library writes."""

from bot.logs.setup import redact, report_uncaught, set_up

__all__ = ["redact", "report_uncaught", "set_up"]
