"""What April handed to the SOPs that follow, for the tests of who may open what."""

from typing import Any

from attendance.models import Handover, HandoverPackage, Recap
from documents.storage import sha256_of, stored_path, write_file
from foundation.cells import write_xlsx
from tests.stages import AFTER_THE_MONTH


def handed_over(recap: Recap) -> dict[str, Any]:
    """Return a handover of this recap, and its one package."""
    handover = Handover.objects.create(agency=recap.agency, recap=recap, kind="discipline")
    content = write_xlsx(["Nama"], [["Joko Tallo"]])
    path = f"handovers/{recap.agency.code}/{sha256_of(content)}.xlsx"
    write_file(stored_path(path), content)
    package = HandoverPackage.objects.create(
        handover=handover, path=path, name="bahan.xlsx", size=len(content),
        sha256=sha256_of(content), made_at=AFTER_THE_MONTH,
        figures=dict.fromkeys(
            ("pegawai", "tk_pegawai", "tk_hari", "kjk_pegawai", "kjk_menit", "penanda"), 0
        ),
    )  # fmt: skip
    return {"handover": handover, "handover_package": package}
