"""Methods of the Bot API in the sandbox."""
