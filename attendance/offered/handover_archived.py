"""What the archive of a period keeps of what it handed over: the sheets, as they were sent."""

from collections.abc import Iterable

from attendance.models import HandoverPackage
from attendance.recaps.handover_texts import title_of
from documents.archive.archiving import Entry, archive_source
from documents.exceptions import DocumentError
from documents.storage import sha256_of, stored_path
from processes.models import Instance


@archive_source("attendance.handovers")
def handover_sheets(instance: Instance) -> Iterable[Entry]:
    """Yield the sheet of each package made from a recap of this instance."""
    packages = HandoverPackage.objects.filter(handover__recap__instance=instance)
    for package in packages.select_related("handover__recap").order_by("pk"):
        title = f"{title_of(package.handover)}, putaran ke-{package.round}"
        try:
            content = stored_path(package.path).read_bytes()
        except FileNotFoundError:
            raise DocumentError(
                f"Berkas “{title}” tidak ada di penyimpanan; pulihkan dulu."
            ) from None
        if sha256_of(content) != package.sha256:
            raise DocumentError(f"Berkas “{title}” berubah sejak disimpan; pulihkan dari cadangan.")
        yield Entry(f"serah-terima/{package.name}", title, content)
