"""Discovery of the sources that a site offers."""
