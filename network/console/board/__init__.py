"""The board: what waits, who is out, and finding something."""
