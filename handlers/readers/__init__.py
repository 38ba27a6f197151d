"""The wing of readers: lists, search, articles, comments and tips."""
