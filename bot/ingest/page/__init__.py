"""The reading of an article's page, and of pages that list articles (pure)."""
