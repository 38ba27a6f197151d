"""The storing of items as articles, new or revised."""
