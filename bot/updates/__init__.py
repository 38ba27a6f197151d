"""Updates: received, stored, handled in order, and resumed after a crash."""
