"""Documents over `/api/v1/`: listed, read, handed out."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from documents.models import Document
from documents.models.documents import LARGE
from documents.views.documents import WORD
from documents.views.genuine import hand_out
from organization.api.access import Caller, caller
from organization.api.operations import operation
from organization.api.pages import Cursor, Page, page

router = Router()
TAGS = ("Dokumen",)


class DocumentOut(Schema):
    id: int
    agency: str = Field(description="Kode perangkat daerah")
    instance: int | None = Field(description="Id berkas")
    kind: str = Field(description="Jenis")
    title: str
    number: str = Field(description="Nomor surat")
    subject: str
    period_first: date | None
    period_last: date | None
    file_name: str
    size: int
    sha256: str
    code: str = Field(description="Kode verifikasi")
    written_at: datetime
    replaced: bool = Field(description="Sudah digantikan dokumen lain")
    withdrawn_at: datetime | None


class DocumentFilter(Cursor):
    agency: str = Field("", max_length=40, description="Kode perangkat daerah")
    kind: str = Field("", max_length=60, description="Jenis")
    instance: int | None = Field(None, ge=1, le=2**63 - 1, description="Id berkas")


def _visible(who: Caller) -> QuerySet[Document]:
    rows = Document.objects.visible_to(who.user, who.now)
    return rows.without_context().select_related("agency", "replaced_by").defer(*LARGE)


def _get(request: HttpRequest, document_id: int) -> Document:
    found = _visible(caller(request)).filter(pk=document_id).first()
    if found is None:
        raise Http404("Dokumen ini tidak ada.")
    return found


@router.get(
    "/documents",
    **operation(
        "dokumen:baca",
        "Daftar dokumen",
        "Dokumen yang boleh dilihat pemilik token, menaik menurut id.",
        answers=Page[DocumentOut],
        refuses=(422,),
        tags=TAGS,
    ),
)
def documents(request: HttpRequest, chosen: Query[DocumentFilter]) -> object:
    rows = _visible(caller(request))
    if chosen.agency:
        rows = rows.filter(agency__code=chosen.agency)
    if chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    if chosen.instance is not None:
        rows = rows.filter(instance=chosen.instance)
    return page(rows, chosen, _told)


@router.get(
    "/documents/{int:document_id}",
    **operation(
        "dokumen:baca",
        "Satu dokumen",
        "Keterangan satu dokumen.",
        answers=DocumentOut,
        refuses=(404,),
        tags=TAGS,
    ),
)
def document(request: HttpRequest, document_id: int) -> object:
    return _told(_get(request, document_id))


@router.get(
    "/documents/{int:document_id}/file",
    **operation(
        "dokumen:baca",
        "Unduh dokumen",
        "Berkas Word seperti diterbitkan. Bila isinya bukan lagi yang diterbitkan, jawabannya 409.",
        answers=None,
        refuses=(404, 409),
        tags=TAGS,
    ),
    openapi_extra={
        "responses": {
            200: {
                "description": "Berkasnya",
                "content": {WORD: {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def document_file(request: HttpRequest, document_id: int) -> object:
    row = _get(request, document_id)
    return hand_out(
        request,
        document=row,
        stored=row.file.name or "",
        sha256=row.sha256,
        name=row.file_name,
        kind=WORD,
    )


def _told(row: Document) -> DocumentOut:
    zone = ZoneInfo(row.agency.time_zone)
    withdrawn = row.withdrawn_at
    return DocumentOut(
        id=row.pk,
        agency=row.agency.code,
        instance=row.instance_id,
        kind=row.kind,
        title=row.title,
        number=row.number,
        subject=row.subject,
        period_first=row.period_first,
        period_last=row.period_last,
        file_name=row.file_name,
        size=row.size,
        sha256=row.sha256,
        code=row.code,
        written_at=row.written_at.astimezone(zone),
        replaced=hasattr(row, "replaced_by"),
        withdrawn_at=withdrawn.astimezone(zone) if withdrawn else None,
    )
