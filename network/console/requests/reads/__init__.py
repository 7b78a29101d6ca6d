"""What the pages about requests show, gathered in few queries."""
