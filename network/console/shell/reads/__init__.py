"""What the pages of several rooms show, gathered in few queries."""
