"""Handlers: commands, buttons and messages of people. A wing imports the core, never another wing."""
