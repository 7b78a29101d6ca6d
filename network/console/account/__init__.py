"""Signing in, one's own account, staff, and setting up a network."""
