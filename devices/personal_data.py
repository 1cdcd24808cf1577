"""What this room holds about a person: punches, and which finger lies on which machine.

A finger itself is never told: what is copied out of its seal could be used again, and he carries
the original.
"""

from collections.abc import Iterator

from devices.models import (
    Alarm,
    Caller,
    Device,
    DeviceCommand,
    DevicePin,
    DeviceUser,
    Enrolment,
    FingerprintTemplate,
    LeftOutMachine,
    Punch,
    PunchEvidence,
    RawUpload,
    RecordingAnew,
    RerecordingPermit,
    SeenUser,
    TemplateCopy,
    Violation,
)
from foundation.personal_data import AT_ONCE, Holding, Person, Row, about, deeds, hold, plain

MACHINE = {"device": "device__name"}

about(
    Punch,
    employee=("employee",),
    extra=MACHINE,
    title="Tekan jari",
    purpose="Bukti hadir; tidak pernah diubah.",
)
about(
    PunchEvidence,
    employee=("punch__employee",),
    title="Tekan jari yang dikirim lagi oleh mesin",
    purpose="Menunjukkan bahwa kiriman kedua tidak menambah tekan jari.",
)
about(
    DevicePin,
    employee=("employee",),
    title="Nomor pada mesin",
    purpose="Mesin mengenal pegawai dengan nomor ini, bukan NIP.",
)
about(
    DeviceUser,
    employee=("pin__employee",),
    extra=MACHINE,
    title="Mesin yang mengenal Anda",
    purpose="Nama dan nomor yang dikirim ke mesin.",
)
about(
    Enrolment,
    employee=("employee",),
    extra=MACHINE,
    title="Perekaman jari",
    purpose="Jari mana direkam, di mesin mana, kapan, oleh siapa.",
)
about(
    FingerprintTemplate,
    employee=("employee",),
    leave_out=("digest",),
    extra={"source": "source__name"},
    title="Jari yang tersimpan",
    purpose="Dikirim ke mesin lain milik instansi. Sidik jarinya tersandi dan tidak disalin.",
)
about(
    TemplateCopy,
    employee=("template__employee",),
    extra={**MACHINE, "finger": "template__finger"},
    title="Mesin yang memegang jari Anda",
    purpose="Agar jari dihapus di sana ketika Anda berhenti atau pindah.",
)
about(
    RerecordingPermit,
    employee=("employee",),
    title="Izin rekam ulang",
    purpose="Rekam ulang hanya dengan izin.",
)
about(
    RecordingAnew,
    employee=("employee",),
    title="Permohonan rekam ulang",
    purpose="Mengapa jari direkam lagi dan siapa mengawasinya.",
)
about(
    Alarm,
    employee=("employee",),
    extra=MACHINE,
    title="Peringatan mesin yang menyangkut Anda",
    purpose="Keadaan mesin yang perlu diperiksa petugas.",
)
about(
    Violation,
    employee=("employee",),
    title="Catatan pelanggaran",
    purpose="Pergub 67/2019; diteruskan kepada yang berwenang.",
)
deeds(Alarm, fields={"cleared_by": "cleared_at"}, title="Peringatan yang Anda tutup")
deeds(
    Violation,
    fields={"noted_by": "noted_at", "closed_by": "closed_at"},
    title="Pelanggaran yang Anda catat atau tutup",
)
deeds(Caller, fields={"ignored_by": "ignored_at"}, title="Mesin tak dikenal yang Anda abaikan")
deeds(Device, fields={"registered_by": "registered_at"}, title="Mesin yang Anda daftarkan")
deeds(DeviceCommand, fields={"created_by": "created_at"}, title="Perintah mesin dari Anda")
deeds(RawUpload, fields={"received_by": "received_at"}, title="Berkas mesin yang Anda unggah")
deeds(
    Enrolment,
    fields={"recorded_by": "at", "supervised_by": "supervised_at"},
    title="Perekaman yang Anda lakukan atau awasi",
)
deeds(RerecordingPermit, fields={"given_by": "given_at"}, title="Izin rekam ulang dari Anda")
deeds(
    RecordingAnew,
    fields={
        "requested_by": "requested_at",
        "identified_by": "",
        "supervisor": "",
        "recorded_by": "closed_at",
    },
    title="Permohonan rekam ulang yang Anda tangani",
)
deeds(LeftOutMachine, fields={"left_out_by": "left_out_at"}, title="Mesin yang Anda kecualikan")


def _seen(person: Person) -> Iterator[Row]:
    """What machines told of his number, under whatever name it stands there."""
    numbers = DevicePin.objects.filter(employee=person.employee_id).values_list("number", flat=True)
    found = SeenUser.objects.filter(pin__in=[str(number) for number in numbers]).order_by("pk")
    names = {"device": "device__name", "name": "name", "fingers": "fingers", "seen_at": "seen_at"}
    for values in found.values_list(*names.values()).iterator(chunk_size=AT_ONCE):
        yield {name: plain(value) for name, value in zip(names, values, strict=True)}


hold(
    Holding(
        key="devices.seenuser",
        title="Yang terbaca di mesin pada nomor Anda",
        purpose="Memeriksa bahwa mesin memegang nama dan jari yang benar.",
        rows=_seen,
        models=frozenset(["devices.SeenUser"]),
    )
)
