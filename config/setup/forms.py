"""Forms of the assistant that no other page has."""

from django import forms
from django.core.validators import validate_slug

from organization.models import Agency

ZONES = (
    ("Asia/Makassar", "WITA - Kupang, Makassar, Denpasar"),
    ("Asia/Jakarta", "WIB - Jakarta, Medan, Pontianak"),
    ("Asia/Jayapura", "WIT - Jayapura, Ambon"),
)


class CodeForm(forms.Form):
    """The code that stands on the server's terminal."""

    code = forms.CharField(
        label="Kode dari terminal server",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )


class AgencyForm(forms.ModelForm[Agency]):
    """An agency as its letterhead names it."""

    code = forms.CharField(
        label="Kode singkat",
        max_length=40,
        validators=[validate_slug],
        help_text="Huruf kecil dan angka, misalnya diskominfo. Dipakai pada alamat halaman.",
        error_messages={"invalid": "Kode terdiri atas huruf, angka, - dan _."},
    )
    time_zone = forms.ChoiceField(label="Zona waktu", choices=ZONES)

    class Meta:
        model = Agency
        fields = ("name", "code", "government", "address", "city", "letter_code", "time_zone")
        labels = {"name": "Nama lengkap", "government": "Pemerintah", "address": "Alamat",
                  "city": "Tempat surat", "letter_code": "Kode surat"}  # fmt: skip
        help_texts = {
            "name": "Misalnya Dinas Komunikasi dan Informatika.",
            "government": "Misalnya Pemerintah Provinsi Nusa Tenggara Timur.",
            "city": "Kota yang ditulis di depan tanggal surat.",
            "letter_code": "Bagian nomor surat yang menunjuk instansi ini, misalnya KOMINFO.",
        }
