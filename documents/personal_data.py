"""What this room holds about a person: letters that name him, and copies of his data."""

from collections.abc import Iterator

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from documents.models import (
    Document,
    DocumentOrder,
    OfficeTemplate,
    Package,
    PersonalCopy,
    SignedCopy,
    TemplateChoice,
)
from foundation.personal_data import AT_ONCE, Holding, Person, Row, about, deeds, hold, plain

about(
    PersonalCopy,
    employee=("employee",),
    leave_out=("file", "sha256", "error"),
    title="Salinan data Anda yang pernah diminta",
    purpose="Siapa meminta salinan, kapan, dengan alasan apa.",
)
deeds(PersonalCopy, fields={"asked_by": "asked_at"}, title="Salinan data yang Anda minta")
deeds(DocumentOrder, fields={"asked_by": "asked_at"}, title="Dokumen yang Anda minta")
deeds(Package, fields={"asked_by": "asked_at"}, title="Paket dokumen yang Anda minta")
deeds(SignedCopy, fields={"uploaded_by": "uploaded_at"}, title="PDF bertanda tangan dari Anda")
deeds(OfficeTemplate, fields={"uploaded_by": "uploaded_at"}, title="Templat yang Anda unggah")
deeds(TemplateChoice, fields={"chosen_by": "chosen_at"}, title="Templat yang Anda pilih")

TOLD = (
    "id",
    "title",
    "number",
    "kind",
    "subject",
    "code",
    "signed_as",
    "written_at",
    "withdrawn_at",
)


def _naming(person: Person) -> Iterator[Row]:
    """Letters whose data, signature or writer name him: which they are, not what they say.

    One look through the letters: what they say is kept as text.
    """
    told = Document.objects.annotate(said=Cast("context", TextField()))
    named = Q(signed_as__icontains=person.name) | Q(written_by=person.name)
    if person.number:
        named |= Q(said__contains=person.number)
    for values in told.filter(named).order_by("pk").values_list(*TOLD).iterator(AT_ONCE):
        yield {name: plain(value) for name, value in zip(TOLD, values, strict=True)}


hold(
    Holding(
        key="documents.document",
        title="Naskah yang menyebut Anda",
        purpose="Surat dan laporan resmi. Isinya juga mengenai orang lain; mintalah naskahnya.",
        rows=_naming,
        models=frozenset(["documents.Document"]),
    )
)
