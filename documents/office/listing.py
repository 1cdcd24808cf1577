"""All templates that an office may change: those of the SOPs and those of the reports."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from documents.catalogue import Report, reports
from documents.models import Document, OfficeTemplate, TemplateChoice
from documents.office.shape import Shape, shape_of
from documents.samples import sample_beside, whole_sample
from organization.models import Agency
from workflows import repository
from workflows.definitions import ProcessDefinition

RENDER = "documents.render"
REPORTS = "laporan"
# What a document has only sometimes; the samples show it empty.
SOMETIMES: Mapping[str, Any] = {
    "ralat": {
        "ke": 1,
        "nomor": "800/009/KOMINFO/IV/2026",
        "tanggal": "2 Mei 2026",
        "alasan": "Surat sakit diterima sesudah rekap disahkan",
    },
}


class UnknownTemplate(LookupError):
    """No SOP and no report has a template of this key."""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A template as it comes with the application.

    `kinds` are the kinds of documents that are written with it.
    """

    key: str  # "laporan/rekap_harian.docx"
    title: str
    origin: str  # the title of its SOP, or that it is a report
    used: tuple[str, ...]  # by which steps, or on which page
    kinds: tuple[str, ...]
    read_standard: Callable[[], bytes] = field(repr=False)
    read_sample: Callable[[], Mapping[str, Any] | None] = field(repr=False)

    @property
    def group(self) -> str:
        return self.key.split("/")[0]

    @property
    def name(self) -> str:
        """The last part of the key, without its ending."""
        return self.key.split("/")[1].removesuffix(".docx")

    @property
    def file_name(self) -> str:
        return f"{self.name}.docx"

    @property
    def standard(self) -> bytes:
        return self.read_standard()

    @property
    def sample(self) -> dict[str, Any]:
        """Return the invented data with all that every template may use."""
        return whole_sample(self.read_sample() or {})

    @property
    def has_sample(self) -> bool:
        """Say whether invented data came with it; a SOP need not bring any."""
        return self.read_sample() is not None

    @property
    def shape(self) -> Shape:
        """Return the names that the template may use."""
        sample = self.sample
        own = self.read_sample() or {}  # first, so that its names come before those of all
        return shape_of([own, sample, SOMETIMES, {"mengetahui": sample["ttd"]}])


@dataclass(frozen=True)
class Listed:
    """A template and the version of it that the office uses; none: the standard one."""

    offered: Offered
    holds: OfficeTemplate | None
    newest: OfficeTemplate | None


def offered_templates() -> list[Offered]:
    """Return all templates, those of SOPs first, in the order of their titles."""
    return [*_of_procedures(), *sorted(map(_of_report, reports().values()), key=lambda o: o.title)]


def offered_template(key: str) -> Offered:
    """Return the template of this key. Raises UnknownTemplate."""
    for offered in offered_templates():
        if offered.key == key:
            return offered
    raise UnknownTemplate(f"Templat '{key}' tidak dikenal.")


def listed(agency: Agency) -> list[Listed]:
    """Return all templates with what the agency made of them."""
    holds: dict[str, OfficeTemplate | None] = {}
    for choice in TemplateChoice.objects.filter(agency=agency).select_related("template"):
        holds.setdefault(choice.key, choice.template)  # the newest comes first
    newest: dict[str, OfficeTemplate] = {}
    for version in OfficeTemplate.objects.filter(agency=agency):
        newest.setdefault(version.key, version)
    return [
        Listed(offered, holds.get(offered.key), newest.get(offered.key))
        for offered in offered_templates()
    ]


def newest_data(offered: Offered, agency: Agency) -> Document | None:
    """Return the newest own document of this kind, whose data show how a template looks filled."""
    if not offered.kinds:
        return None
    own = Document.objects.filter(
        agency=agency,
        kind__in=offered.kinds,
        template_name=offered.file_name,
        withdrawn_at=None,
    )
    return own.order_by("-written_at", "-id").first()


def _of_procedures() -> Iterator[Offered]:
    for definition in repository.all():
        templates = sorted(path for path in definition.files if path.endswith(".docx"))
        found = [_of_procedure(definition, path.removeprefix("docx/")) for path in templates]
        yield from sorted(found, key=lambda offered: offered.title)


def _of_procedure(definition: ProcessDefinition, name: str) -> Offered:
    calls = [
        (task.name, task.operation.parameters)
        for task in definition.tasks.values()
        if task.operation is not None
        and task.operation.name == RENDER
        and task.operation.parameters.get("template") == name
    ]
    titles = _once([str(asked.get("title", name)) for _, asked in calls])
    return Offered(
        key=f"{definition.key}/{name}",
        title=", ".join(titles) or name.removesuffix(".docx").replace("_", " ").capitalize(),
        origin=f"SOP {definition.head.title}",
        used=tuple(_once([step for step, _ in calls])),
        kinds=tuple(_once([str(asked.get("kind", "")) for _, asked in calls])),
        read_standard=lambda: definition.files[f"docx/{name}"],
        read_sample=lambda: sample_beside(definition.files, name),
    )


def _once(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _of_report(report: Report) -> Offered:
    where = "Diminta oleh langkah SOP" if report.only_by_procedure else "Dokumen, Buat laporan"
    return Offered(
        key=report.template_key,
        title=report.title,
        origin="Laporan",
        used=(where,),
        kinds=(report.kind,),
        read_standard=lambda: report.template,
        read_sample=lambda: report.sample,
    )
