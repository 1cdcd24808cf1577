"""Refusals as programs read them: problem+json (RFC 9457), a title and a sentence in Indonesian."""

import json
from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from ninja import Field, Schema

MEDIA_TYPE = "application/problem+json"

TITLES: Mapping[int, str] = {
    400: "Permintaan tidak dapat dibaca",
    401: "Token diperlukan",
    403: "Tidak berwenang",
    404: "Tidak ditemukan",
    405: "Cara ini tidak dikenal di alamat ini",
    409: "Keadaannya sudah berubah",
    411: "Panjang permintaan tidak disebut",
    413: "Permintaan terlalu besar",
    422: "Isian belum benar",
    429: "Terlalu banyak permintaan",
    500: "Gangguan pada server",
    503: "Server sedang tidak siap",
}
# What programs compare: these never change.
SLUGS: Mapping[int, str] = {
    400: "unreadable",
    401: "token-required",
    403: "not-allowed",
    404: "not-found",
    405: "method-unknown",
    409: "conflict",
    411: "length-required",
    413: "too-large",
    422: "invalid",
    429: "too-many-requests",
    503: "unavailable",
}
OTHER = "failure"
SENTENCES: Mapping[int, str] = {
    400: "Isi permintaan tidak dapat dibaca.",
    401: "Sertakan token yang berlaku: Authorization: Bearer sopan_…",
    403: "Penugasan pemilik token tidak memberi wewenang untuk tindakan ini.",
    404: "Alamat ini tidak ada, atau isinya bukan untuk pemilik token.",
    405: "Lihat dokumentasi API untuk cara yang dikenal.",
    411: "Sertakan Content-Length; isi yang dikirim bertahap tidak diterima.",
    413: "Kecilkan berkasnya atau bagi menjadi beberapa permintaan; tidak ada yang tersimpan.",
    500: "Kejadian ini tercatat pada server; coba lagi nanti.",
    503: "Penyimpanan tidak dapat dipakai saat ini; kirim lagi dengan kunci yang sama.",
}


class Problem(Schema):
    """The body of every answer that refuses."""

    type: str = Field(description="Jenis masalah, tetap: urn:sopan:masalah:…")
    title: str = Field(description="Masalahnya dalam beberapa kata")
    status: int = Field(description="Kode HTTP")
    detail: str = Field(description="Penjelasan untuk orang")
    errors: dict[str, str] | None = Field(None, description="Kalimat per isian yang belum benar")
    missing: list[str] | None = Field(None, description="Pekerjaan tahap ini yang belum ada")


class ApiProblem(Exception):
    """A refusal of the API itself, with the answer that fits it."""

    def __init__(self, status: int, detail: str = "", *, headers: Mapping[str, str] = {}) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers)


def problem_body(status: int, detail: str = "") -> dict[str, object]:
    """Return what every refusal with this status says."""
    title = TITLES.get(status, "Permintaan tidak dapat dijalankan")
    return {
        "type": f"urn:sopan:masalah:{SLUGS.get(status, OTHER)}",
        "title": title,
        "status": status,
        "detail": detail or SENTENCES.get(status, f"{title}."),
    }


def problem(
    status: int,
    detail: str = "",
    *,
    errors: Mapping[str, str] | None = None,
    missing: Sequence[str] | None = None,
    headers: Mapping[str, str] = {},
) -> HttpResponse:
    """Return the answer that refuses."""
    body = problem_body(status, detail)
    if errors is not None:
        body["errors"] = dict(errors)
    if missing is not None:
        body["missing"] = list(missing)
    text = json.dumps(body, ensure_ascii=False)
    answer = HttpResponse(text, status=status, content_type=MEDIA_TYPE, headers=dict(headers))
    answer["Cache-Control"] = "no-store"
    return answer
