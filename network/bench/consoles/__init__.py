"""Consoles measured: a click until it is on all boards, and the first board on a slowed phone."""
