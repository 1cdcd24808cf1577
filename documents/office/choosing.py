"""Which template a document is written with: the standard one, or a version of the office."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from documents.exceptions import DocumentError
from documents.models import OfficeTemplate, TemplateChoice
from documents.storage import sha256_of, stored_path
from organization.models import Agency


@dataclass(frozen=True)
class Template:
    """A Word template as it is filled. Version 0 is the standard one."""

    key: str  # "laporan/rekap_harian.docx" or "pengelolaan_e_absensi/resume.docx"
    content: bytes
    version: int = 0

    @property
    def name(self) -> str:
        """The file name, for messages."""
        return self.key.rsplit("/", 1)[-1]

    @property
    def sha256(self) -> str:
        return sha256_of(self.content)


def template_for(
    key: str, *, agency: Agency, standard: bytes, started_at: datetime | None = None
) -> Template:
    """Return what the agency uses now; for an instance, what it used when that started.

    Raises DocumentError when the office's file is gone or is not what was uploaded.
    """
    choices = TemplateChoice.objects.filter(agency=agency, key=key).select_related("template")
    if started_at is not None:
        choices = choices.filter(Q(chosen_at__lte=started_at) | Q(for_running=True))
    choice = choices.first()
    if choice is None or choice.template is None:
        return Template(key, standard)
    return Template(key, content_of(choice.template), choice.template.version)


def content_of(template: OfficeTemplate) -> bytes:
    """Return the file of a version. Raises DocumentError as `template_for`."""
    try:
        content = stored_path(template.file.name or "").read_bytes()
    except FileNotFoundError:
        content = b""
    if sha256_of(content) != template.sha256:
        raise DocumentError(
            f"Templat {template} hilang atau berubah di penyimpanan; pulihkan dari cadangan, "
            "atau pilih versi lain."
        )
    return content
