"""Side processes: confined, bounded, and asked over a socket."""
