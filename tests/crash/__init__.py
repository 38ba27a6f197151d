"""Tests of crashes, of handing over, and of what survives them."""
