"""What became of a document: what replaced it at last, and whether it was more than a draft."""

from documents.models import Document

# How the reports about a month that nobody has approved yet mark themselves: with a flag, and
# with the first word of the sentence that says on what their figures rest.
FLAGS = ("draf", "sementara")
SENTENCES = ("dasar", "keadaan")
FIRST_WORDS = ("DRAF ", "SEMENTARA:")


def last_after(document: Document) -> Document | None:
    """Return the end of the line of those that replaced a document; None where nothing did.

    Where it was withdrawn nothing of the line holds: what a document replaced does not come back.
    """
    rows = Document.objects.select_related("agency").defer("context")
    last, following = None, rows.filter(replaces=document.pk).first()
    while following is not None:
        last, following = following, rows.filter(replaces=following.pk).first()
    return last


def is_provisional(document: Document) -> bool:
    """Say whether the paper calls itself a draft or temporary, by the data it was filled with."""
    names = [f"context__{name}" for name in (*FLAGS, *SENTENCES)]
    rows = Document.objects.filter(pk=document.pk).values_list(*names)
    told = dict(zip((*FLAGS, *SENTENCES), rows.get(), strict=True))
    return any(told[name] is True for name in FLAGS) or any(
        str(told[name]).startswith(FIRST_WORDS) for name in SENTENCES
    )
