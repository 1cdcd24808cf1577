"""Forms of the settings of this room."""

from typing import Any

from django import forms

from documents.models import Letterhead, RetentionRule
from documents.services.letterheads import LONGEST_REASON
from documents.services.retention import MOST_YEARS

MAX_LOGO_BYTES = 5 * 1024 * 1024


class LetterheadForm(forms.Form):
    """Contact, paper and logo of an agency."""

    contact = forms.CharField(
        label="Telepon, surel, laman",
        max_length=200,
        required=False,
        help_text="Tercetak di bawah alamat pada kop, misalnya: Telepon (0380) 123456, "
        "surel dinas@contoh.go.id.",
    )
    paper = forms.ChoiceField(
        label="Kertas",
        choices=Letterhead.Paper.choices,
        help_text="Berlaku untuk templat standar; templat buatan sendiri memakai ukuran halaman "
        "di dalamnya.",
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        help_text="PNG atau JPEG, paling besar 5 MB; dikecilkan menjadi 800 piksel.",
        widget=forms.FileInput({"accept": "image/png,image/jpeg"}),
    )
    without_logo = forms.BooleanField(label="Tanpa logo", required=False)


class PatternForm(forms.Form):
    """How the numbers of letters are written."""

    pattern = forms.CharField(
        label="Pola nomor surat",
        max_length=120,
        help_text="Bagian yang terisi sendiri: {serial} atau {serial:03d}, {letter_code}, "
        "{month}, {roman_month}, {year}.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class LastNumberForm(forms.Form):
    """The last letter of the paper book, after which numbers go on."""

    last = forms.IntegerField(
        label="Nomor terakhir yang sudah keluar", min_value=1, max_value=1_000_000
    )
    reason = forms.CharField(
        label="Alasan",
        max_length=LONGEST_REASON,
        help_text="Misalnya: pemulihan cadangan 20 April 2026, buku agenda hal. 14.",
    )


class RetentionForm(forms.Form):
    """A line of the agency's schedule."""

    kind = forms.ChoiceField(label="Jenis dokumen", required=False)
    active_years = forms.IntegerField(label="Aktif (tahun)", min_value=0, max_value=MOST_YEARS)
    inactive_years = forms.IntegerField(label="Inaktif (tahun)", min_value=0, max_value=MOST_YEARS)
    # Nothing is chosen beforehand: it is the office's decision, not ours.
    fate = forms.ChoiceField(
        label="Sesudahnya", choices=[("", "Pilih"), *RetentionRule.Fate.choices]
    )
    source = forms.CharField(
        label="Dasar",
        max_length=200,
        help_text="Keputusan yang menetapkan jadwal retensi arsip, dengan nomor dan tahunnya.",
    )

    def __init__(self, kinds: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(
            label="Jenis dokumen",
            choices=[("", "Semua jenis lainnya"), *kinds],
            required=False,
        )
