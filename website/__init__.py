"""The building of the documentation's site."""
