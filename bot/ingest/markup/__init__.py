"""Foreign markup: text, blocks, pictures, media and dates in it (pure)."""
