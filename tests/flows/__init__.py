"""Tests of a whole app against the sandbox's Telegram."""
