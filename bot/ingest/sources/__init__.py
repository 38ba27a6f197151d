"""Sources: acts on them, their condition, their keys, lists in OPML, WebSub."""
