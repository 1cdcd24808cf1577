"""What this room holds about a person; and what everybody's record and sessions say of him."""

from collections.abc import Iterator

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from foundation.models import Event, Verification, Viewing
from foundation.personal_data import AT_ONCE, Holding, Person, Row, about, deeds, hold, plain
from organization.models import (
    ApiToken,
    Appointment,
    EarlierUnit,
    Employee,
    OfficerNeed,
    PatternScope,
    PublicHoliday,
    RosterDay,
    SecondFactor,
    Substitution,
    User,
    WorkPattern,
    Workplace,
)

about(
    Employee,
    employee=("id",),
    title="Data pegawai dan foto",
    purpose="Mengenali pegawai dan menyusun absensinya (SOP tahap 2).",
)
about(
    EarlierUnit,
    employee=("employee",),
    extra={"unit": "unit__name"},
    title="Bidang sebelumnya",
    purpose="Absensi tiap hari dihitung di bidang tempat pegawai bekerja saat itu.",
)
about(
    User,
    employee=("employee",),
    leave_out=("password", "first_name", "last_name", "is_superuser", "is_staff"),
    title="Akun",
    purpose="Masuk ke sistem. Sandi hanya tersimpan sebagai sidik dan tidak disalin.",
)
about(
    Appointment,
    account=("user",),
    title="Penugasan",
    purpose="Wewenang di dalam sistem, menurut surat.",
)
about(
    Substitution,
    employee=("principal", "substitute"),
    title="Plt. dan Plh.",
    purpose="Siapa bertindak bagi siapa, menurut surat.",
)
about(
    RosterDay,
    employee=("employee",),
    title="Giliran kerja",
    purpose="Jam kerja pegawai pada hari itu.",
)
about(
    PatternScope,
    employee=("employee",),
    extra={"pattern": "pattern__name"},
    title="Pola kerja sendiri",
    purpose="Jam kerja yang berlaku bagi pegawai.",
)
about(
    ApiToken,
    account=("user",),
    leave_out=("secret_sha256",),
    title="Token API",
    purpose="Program yang bertindak atas nama akun. Rahasianya tidak disalin.",
)
about(
    SecondFactor,
    account=("user",),
    leave_out=("sealed_key", "used_step"),
    title="Kode masuk dari ponsel",
    purpose="Menjaga akun selain dengan sandi. Kuncinya tersimpan tertutup dan tidak disalin.",
)
deeds(Appointment, fields={"appointed_by": "created_at"}, title="Penugasan yang Anda berikan")
deeds(Substitution, fields={"created_by": "created_at"}, title="Plt./Plh. yang Anda tetapkan")
deeds(PublicHoliday, fields={"changed_by": "changed_at"}, title="Hari libur yang Anda tulis")
deeds(WorkPattern, fields={"created_by": "created_at"}, title="Pola kerja yang Anda buat")
deeds(RosterDay, fields={"entered_by": "entered_at"}, title="Giliran kerja yang Anda isi")
deeds(OfficerNeed, fields={"opened_by": "opened_at"}, title="Kebutuhan petugas yang Anda catat")
deeds(Workplace, fields={"set_by": "set_at"}, title="Lokasi presensi yang Anda tetapkan")


def _sessions(person: Person) -> Iterator[Row]:
    """Sessions that are open: what they are for stands inside them, so all are looked through."""
    if person.account_id is None:
        return
    live = Session.objects.filter(expire_date__gt=timezone.now()).order_by("expire_date")
    for session in live.iterator(chunk_size=AT_ONCE):
        if session.get_decoded().get("_auth_user_id") == str(person.account_id):
            yield {"expires_at": plain(session.expire_date)}


def _events_about(person: Person) -> Iterator[Row]:
    subjects = [f"organization.employee:{person.employee_id}"]
    if person.account_id is not None:
        subjects.append(f"organization.user:{person.account_id}")
    found = Event.objects.filter(subject__in=subjects).order_by("pk")
    names = ("at", "verb", "actor_name", "acting_as", "before", "after")
    for values in found.values_list(*names).iterator(chunk_size=AT_ONCE):
        yield {name: plain(value) for name, value in zip(names, values, strict=True)}


def _events_by(person: Person) -> Iterator[Row]:
    if person.account_id is None:
        return
    found = Event.objects.filter(actor_id=person.account_id).order_by("pk")
    names = ("at", "verb", "acting_as", "subject")
    for values in found.values_list(*names).iterator(chunk_size=AT_ONCE):
        yield {name: plain(value) for name, value in zip(names, values, strict=True)}


def _viewings(person: Person) -> Iterator[Row]:
    mine = Q(person_id=person.employee_id)
    if person.account_id is not None:
        mine |= Q(actor_id=person.account_id)
    names = ("at", "actor_name", "kind", "subject")
    found = Viewing.objects.filter(mine).order_by("pk")
    for values in found.values_list(*names).iterator(chunk_size=AT_ONCE):
        yield {name: plain(value) for name, value in zip(names, values, strict=True)}


def _verifications(person: Person) -> Iterator[Row]:
    if person.account_id is None:
        return
    found = Verification.objects.filter(asked_by_id=person.account_id).order_by("pk")
    for pk, at in found.values_list("pk", "asked_at").iterator(chunk_size=AT_ONCE):
        yield {"id": pk, "at": plain(at)}


hold(
    Holding(
        key="sessions",
        title="Sesi yang terbuka",
        purpose="Menandai peramban yang sudah masuk; berakhir dengan sendirinya.",
        rows=_sessions,
    )
)
hold(
    Holding(
        key="foundation.event.tentang",
        title="Catatan peristiwa tentang Anda",
        purpose="Siapa mengubah data Anda, dari apa menjadi apa. Tidak dapat diubah atau dihapus.",
        rows=_events_about,
    )
)
hold(
    Holding(
        key="foundation.event.oleh",
        title="Catatan peristiwa oleh Anda",
        purpose="Apa yang Anda lakukan; isinya mengenai orang lain dan tidak disalin.",
        rows=_events_by,
    )
)
hold(
    Holding(
        key="foundation.viewing",
        title="Siapa membuka data peka",
        purpose="Foto, pindaian surat, bukti, dan salinan data: siapa membukanya, dan kapan.",
        rows=_viewings,
        models=frozenset(["foundation.Viewing"]),
    )
)
hold(
    Holding(
        key="foundation.verification",
        title="Pemeriksaan catatan yang Anda minta",
        purpose="Catatan diperiksa atas permintaan seseorang.",
        rows=_verifications,
    )
)
