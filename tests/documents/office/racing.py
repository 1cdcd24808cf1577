"""What the processes do that race for the next version of a template."""

from django.utils import timezone

from documents.models import OfficeTemplate
from documents.office.listing import offered_template
from documents.office.versions import upload_template
from documents.storage import stored_path
from foundation.uploads import Kind, check_bytes
from organization.models import Agency, User
from tests.cast import appoint, make_agency, make_employee, make_user
from tests.documents.words import make_template

KEY = "laporan/tanda_terima_akun.docx"


def found() -> None:
    agency = make_agency("uji")
    appoint(make_user(make_employee(agency, "Ani Balu"), "ani"), "Admin", agency)


def upload(name: str, count: int) -> list[int]:
    """Upload so many templates one after the other; return their versions."""
    agency, user = Agency.objects.get(code="uji"), User.objects.get(username="ani")
    return [
        upload_template(
            offered=offered_template(KEY),
            agency=agency,
            upload=check_bytes(
                make_template(f"{name} {number}"), name="x.docx", allowed={Kind.DOCX}
            ),
            note=name,
            user=user,
            now=timezone.now(),
        ).version
        for number in range(count)
    ]


def standing() -> dict[str, int]:
    files = list(stored_path("templates").rglob("*.docx"))
    return {"versions": OfficeTemplate.objects.count(), "files": len(files)}
