"""What every Word template may say: the agency's head, the period, the SOP, what proves it."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings

from documents.models import Letterhead
from documents.models.documents import spaced
from documents.periods import Period
from documents.storage import stored_path
from foundation.indonesian import date_text
from organization.models import Agency
from processes.definitions import definition_of
from processes.models import Instance

# What `base_context` gives every document, whatever it is about.
BASE = frozenset(
    {
        "kop", "nomor", "tempat", "tanggal", "periode", "pd", "sop", "versi", "berkas", "templat",
        "kode", "alamat_verifikasi", "ralat", "mengetahui", "ttd", "sidik",
    }
)  # fmt: skip


def base_context(
    *,
    agency: Agency,
    issuer: Agency | None = None,
    instance: Instance | None,
    number: str,
    code: str,
    period: Period,
    visit: int,
    template_version: int,
    now: datetime,
) -> dict[str, Any]:
    """Return kop, nomor, tempat, tanggal, periode, pd, sop, versi, berkas and the proof.

    The proof is templat, kode and alamat_verifikasi; `sidik` is added when the document is issued.
    ralat and mengetahui are empty where nothing is corrected and nobody takes note. `issuer` is the
    agency whose kop it is, where another than the one it is about writes it.
    """
    issuer = issuer or agency
    letterhead = letterhead_of(issuer)
    return {
        "kop": {
            "pemerintah": issuer.government,
            "nama": issuer.name,
            "alamat": issuer.address,
            "kontak": letterhead.contact,
        },
        "nomor": number,
        "tempat": issuer.city,
        "tanggal": date_text(now.astimezone(ZoneInfo(agency.time_zone))),
        "periode": period.as_context(),
        "pd": {"nama": agency.name, "kode": agency.code},
        "sop": _sop(instance),
        "versi": visit,
        "berkas": instance.pk if instance else "",
        "templat": f"v{template_version}" if template_version else "standar",
        "kode": spaced(code),
        "alamat_verifikasi": verification_url(code),
        "ralat": {},
        "mengetahui": {},
    }


def letterhead_of(agency: Agency) -> Letterhead:
    """Return the agency's letterhead, an empty one where it has set none."""
    return Letterhead.objects.filter(agency=agency).first() or Letterhead(agency=agency)


def images_of(agency: Agency, code: str) -> Mapping[str, bytes]:
    """Return the pictures that templates have a place for: qr, and logo where there is one."""
    found = {"qr": qr_picture(verification_url(code))}
    letterhead = letterhead_of(agency)
    if letterhead.logo:
        found["logo"] = stored_path(letterhead.logo.name or "").read_bytes()
    return found


def verification_url(code: str) -> str:
    """Return where anybody can see whether a document is genuine."""
    return f"{settings.PUBLIC_URL}/v/{code}"


def qr_picture(text: str) -> bytes:
    """Return a PNG of the text as a QR code."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="png", scale=6, border=1)
    return target.getvalue()


def _sop(instance: Instance | None) -> dict[str, str]:
    if instance is None:
        return {"nomor": "", "judul": "", "revisi": ""}
    head = definition_of(instance).head
    revised = date_text(head.revised_on) if head.revised_on else ""
    return {"nomor": head.number, "judul": head.title, "revisi": revised}
