"""People: entering and finding them, their homes, private links and spreadsheets."""
