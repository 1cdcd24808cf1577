"""What a way says when it did not carry a message."""


class Unreachable(Exception):
    """The reader can no longer be reached by this way: trying again would find the same."""


class NotSent(Exception):
    """The service did not take the message; the sentence says why, and holds no secret."""
