"""Jobs: the scheduler, and the work that is done by the clock."""
