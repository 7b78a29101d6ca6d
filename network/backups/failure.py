"""What stops a backup, a rehearsal or a restore."""


class BackupFailed(Exception):
    """The message is one sentence that says what to do. It holds no value of any row."""
