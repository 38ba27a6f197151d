"""The identity of articles: whether two items, or an item and an article, are the same (pure)."""
