"""What documents may refuse, in words that tell the person what to do."""


class DocumentError(Exception):
    """A document cannot be issued; the message is for people and holds no personal data."""


class DocumentRefused(DocumentError):
    """Trying again would find the same, until somebody mends what the sentence names."""


class RenderingError(DocumentError):
    """The template and the data do not make a Word file."""


class RendererAway(RenderingError):
    """The program that fills templates could not be started: nothing is wrong with the template."""


class TemplateRefused(DocumentRefused):
    """The Word template holds what must not be in it, or is not a Word file."""


class NotPlain(DocumentError, TypeError):
    """A context holds something else than text, numbers, lists and dicts."""
