"""A local Telegram over HTTP, with a page to use it in, and sample news sites."""
