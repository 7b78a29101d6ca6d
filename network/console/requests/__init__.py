"""Requests: one page each, conversation, who is asked, drills, wording and history."""
