"""The room's views: each translates one click or page, and decides nothing."""
