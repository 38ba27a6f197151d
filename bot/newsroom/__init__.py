"""The newsroom: the life of an article, and the staff with their rights."""
