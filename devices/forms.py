"""What people type about machines, fingers and logs; each message says what to do."""

from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from devices.attlog import Layout
from devices.models import FINGER_CHOICES, MAX_PIN, Device, Enrolment, RecordingAnew
from devices.models.machines import SERIAL
from devices.services.registration import EDITABLE, MAX_COMM_KEY
from devices.services.violations import ARTICLES
from foundation.forms import limit_choices
from foundation.uploads import ATTENDANCE_LOGS, CheckedUpload, UploadRefused, check_upload
from organization.models import Agency, Employee

MOST_DAYS_AGAIN = timedelta(days=91)


class DeviceForm(forms.ModelForm[Device]):
    """Registering or changing a machine; the service validates again and writes."""

    comm_key = forms.IntegerField(
        label="Kunci komunikasi",
        required=False,
        min_value=0,
        max_value=MAX_COMM_KEY,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Angka pada menu Komunikasi mesin. Kosongkan bila tidak dipakai.",
        error_messages={"invalid": "Kunci komunikasi adalah angka 0 sampai 999999."},
    )

    class Meta:
        model = Device
        fields = ["serial", *EDITABLE]
        labels = {
            "has_battery": "Ada baterai cadangan",
            "has_scanner": "Ada pemindai dokumen (scanner)",
            "has_computer": "Ada komputer",
            "has_internet": "Ada jaringan internet",
        }
        help_texts = {
            "serial": "Tertulis di belakang mesin, atau pada menu Info Sistem.",
            "host": "Wajib untuk mesin yang ditarik lewat jaringan, misalnya 192.168.1.201.",
            "place": "Misalnya: lobi lantai 1.",
            "over_udp": "Hanya untuk mesin lama yang tidak menjawab lewat TCP.",
            "dialect": "Dikenali saat mesin menyala; ubah hanya bila mesin menolak perintah.",
        }

    def details(self) -> dict[str, Any]:
        """Return what the service takes beside serial, name and protocol."""
        taken = ("serial", "name", "protocol", "comm_key", "agency")
        return {name: v for name, v in self.cleaned_data.items() if name not in taken}


class NewDeviceForm(DeviceForm):
    """Also asks for which agency, where the person may register for several.

    A `protocol` that is known already is not asked for again, nor what belongs to the other one.
    """

    def __init__(
        self, *args: Any, agencies: QuerySet[Agency], protocol: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if protocol in Device.Protocol.values:
            self.fields["protocol"].widget = forms.HiddenInput()
            self.initial["protocol"] = protocol
        if protocol == Device.Protocol.PUSH:
            for name in ("host", "port", "over_udp", "comm_key"):
                del self.fields[name]
        del self.fields["dialect"]  # the machine announces it
        choice = forms.ModelChoiceField(
            agencies, label="Perangkat daerah", initial=agencies.first(), empty_label=None
        )
        self.fields = {"agency": choice, **self.fields}
        self.fields["time_zone"].initial = "Asia/Makassar"


class EditDeviceForm(DeviceForm):
    """A machine keeps its serial number; an empty comm key keeps the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["serial"]
        self.fields["dialect"].required = False
        self.fields["comm_key"].help_text = "Kosongkan untuk tetap memakai kunci yang lama."

    def clean_dialect(self) -> str:
        return self.cleaned_data["dialect"] or self.instance.dialect


class ClockForm(forms.Form):
    """What a person read off a machine that cannot be asked."""

    offset = forms.IntegerField(
        label="Selisih jam mesin (detik)",
        min_value=-86400,
        max_value=86400,
        initial=0,
        help_text="Positif bila jam mesin lebih cepat dari jam yang benar, negatif bila lambat.",
    )


class ExcuseForm(forms.Form):
    """Why somebody is not recorded: never, or on a later day."""

    status = forms.ChoiceField(
        label="Keadaan",
        choices=[
            (Enrolment.Status.LATER.value, "Menyusul pada tanggal tertentu"),
            (Enrolment.Status.EXCEPTION.value, "Pengecualian: jari tidak dapat direkam"),
        ],
        widget=forms.RadioSelect,
    )
    due_on = forms.DateField(
        label="Menyusul pada",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label="Alasan", max_length=200)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        later = data.get("status") == Enrolment.Status.LATER
        if later and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "Isi tanggal perekaman susulan.")
        return data


class RecordedForm(forms.Form):
    """A finger at a machine that calls us: recorded there, or to be asked for there now."""

    device = forms.ModelChoiceField(Device.objects.none(), label="Mesin", empty_label=None)
    finger = forms.TypedChoiceField(label="Jari", choices=FINGER_CHOICES, coerce=int, initial=6)

    def __init__(self, *args: Any, devices: QuerySet[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "device", devices)


class ReasonForm(forms.Form):
    """Why a recording is refused, or fingers may be recorded anew."""

    reason = forms.CharField(label="Alasan", max_length=200)


class RecordingAnewForm(forms.Form):
    """Why a person's fingers are to be recorded anew."""

    cause = forms.ChoiceField(label="Sebab", choices=RecordingAnew.Cause.choices)
    reason = forms.CharField(label="Alasan", max_length=200)


class LeftOutForm(forms.Form):
    """A machine that the removal of an old finger does not wait for, and why."""

    device = forms.ModelChoiceField(
        Device.objects.none(), label="Mesin yang tidak ditunggu", empty_label=None
    )
    reason = forms.CharField(
        label="Alasan",
        max_length=200,
        help_text="Misalnya: layarnya pecah, menunggu suku cadang. Tertulis pada berita acara.",
    )

    def __init__(self, *args: Any, devices: QuerySet[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "device", devices)


class ViolationForm(forms.Form):
    """What an alarm showed."""

    article = forms.ChoiceField(
        label="Pasal yang diduga dilanggar",
        choices=[(article, f"{article}: {words}") for article, words in ARTICLES.items()],
    )
    employee = forms.ModelChoiceField(
        Employee.objects.none(), label="Pegawai", required=False, empty_label="belum diketahui"
    )
    facts = forms.CharField(
        label="Uraian kejadian",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Tulis yang terjadi dan yang terlihat, bukan penilaian.",
    )

    def __init__(self, *args: Any, employees: QuerySet[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "employee", employees)


class HandOverForm(forms.Form):
    """To whom a violation was given, with which letter."""

    handed_to = forms.CharField(label="Diserahkan kepada", max_length=150)
    reference = forms.CharField(label="Nomor surat", max_length=80)


class DismissalForm(ReasonForm):
    """Why it was none."""

    reason = forms.CharField(label="Alasan", max_length=300)


class PinForm(forms.Form):
    """A number that a machine already uses, given to the person whose it is."""

    number = forms.IntegerField(label="PIN di mesin", min_value=1, max_value=MAX_PIN)
    employee = forms.ModelChoiceField(Employee.objects.none(), label="Pegawai")
    valid_from = forms.DateField(
        label="Berlaku sejak",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Ketukan sejak tanggal ini dicatat atas nama pegawai itu. PIN lamanya, bila "
        "ada, berakhir dan dihapus dari mesin.",
    )

    def __init__(self, *args: Any, employees: QuerySet[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "employee", employees)


class ImportForm(forms.Form):
    """A log of a machine, as a file."""

    device = forms.ModelChoiceField(Device.objects.none(), label="Mesin")
    file = forms.FileField(
        label="Berkas log",
        allow_empty_file=True,  # the door below says it in its own words
        help_text="Ekspor USB (*_attlog.dat) atau salinan data ATTLOG (teks).",
    )
    layout = forms.ChoiceField(
        label="Susunan kolom",
        required=False,
        choices=[
            ("", "Kenali sendiri"),
            (Layout.ADMS.value, "ADMS: PIN, waktu, status, verifikasi, kode kerja"),
            (Layout.USB.value, "USB: PIN, waktu, nomor mesin, status, verifikasi, kode kerja"),
        ],
    )

    def __init__(self, *args: Any, devices: QuerySet[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "device", devices)
        if devices.count() == 1:
            self.initial.setdefault("device", devices.first())

    def clean_file(self) -> CheckedUpload:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            return check_upload(file, name=file.name or "", allowed=ATTENDANCE_LOGS)
        except UploadRefused as error:
            raise forms.ValidationError(str(error)) from error

    def clean_layout(self) -> Layout | None:
        value = self.cleaned_data["layout"]
        return Layout(value) if value else None


def day_from(query: Mapping[str, Any], default: date) -> date:
    """Return the day that an address asks for; the default where it is none.

    The first and the last year of the calendar are none either: they lack a day before or after.
    """
    try:
        on = date.fromisoformat(str(query.get("tanggal", "")))
    except ValueError:
        return default
    return on if MINYEAR < on.year < MAXYEAR else default


class PunchesForm(forms.Form):
    """Of which days a machine is asked for its punches again."""

    first_on = forms.DateField(
        label="Sejak", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_on = forms.DateField(
        label="Sampai", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"first_on": today - timedelta(days=7), "last_on": today}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first_on"), data.get("last_on")
        if first and last and not timedelta() <= last - first <= MOST_DAYS_AGAIN:
            self.add_error(
                "last_on",
                "Pilih hari sampai yang tidak mendahului hari sejak, paling banyak 92 hari.",
            )
        return data


class ConnectForm(forms.Form):
    """The first step of connecting a machine."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(), label="Perangkat daerah", empty_label=None, to_field_name="code"
    )
    protocol = forms.ChoiceField(
        label="Cara data sampai", choices=Device.Protocol.choices[::-1], widget=forms.RadioSelect,
        initial=Device.Protocol.PUSH,
    )  # fmt: skip
    serial = forms.RegexField(
        SERIAL,
        label="Nomor seri",
        help_text="Tertulis di belakang mesin, atau pada Menu > Info Sistem > Info Perangkat.",
        error_messages={"invalid": "Nomor seri hanya berisi huruf, angka, - dan _ tanpa spasi."},
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "agency", agencies)
