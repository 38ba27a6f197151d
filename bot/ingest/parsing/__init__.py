"""Side processes that parse foreign bytes, and the reading that they do."""
