"""Why a backup cannot be made, read or restored, in one sentence for whoever typed the command."""


class BackupError(Exception):
    """A sentence that people read; it holds no personal data and no secret."""
