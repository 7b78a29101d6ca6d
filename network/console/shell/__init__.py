"""What two rooms or more need: who may see what, the socket, and every page's frame."""
