"""Recaps of a month: the matrix of an agency, and the days of one person with their evidence."""

from documents.template_builder import matrix
from documents.template_builder.attendance_periods import definitions
from documents.template_builder.frame import CENTER, Column, Letter, Signer

# An empty cell would be as high as the running text: a blank keeps the size of the column.
SHADE = "{% cellbg 'E7E6E6' if baris.libur else 'auto' %}"


def monthly() -> bytes:
    """The matrix by bidang, the recap of the bidang, and what the columns mean; F4 landscape."""
    letter = Letter(paper="F4", landscape=True, margin=0.9, size=10)
    letter.letterhead()
    letter.title("REKAP BULANAN KEHADIRAN PEGAWAI", "Periode {{ periode.label }}")
    letter.tag("if draf")
    letter.text("{{ dasar }}", bold=True, size=9, after=4)
    letter.tag("else")
    letter.text("{{ dasar }}", size=9, after=4)
    letter.tag("endif")
    letter.tag("if not matriks")
    letter.text("Tidak ada pegawai pada bulan ini.", after=4)
    letter.tag("endif")
    matrix.add_matrix(letter)
    letter.text("Menurut bidang", bold=True, size=9, before=6, after=2, keep=True)
    matrix.add_units(letter)
    definitions(letter)
    letter.text("CB: cuti besar (CBesar).", size=7, indent=0.4)
    letter.signature(space=21.5, size=9)
    return letter.content()


def personal() -> bytes:
    """One person's month: what the machine heard, how the day counts, on what evidence, and why."""
    letter = Letter(landscape=True, margin=1.5, size=10)
    letter.letterhead()
    letter.title("REKAP PERORANGAN KEHADIRAN PEGAWAI", "Periode {{ bulan }}")
    letter.pairs(
        [
            ("Nama / NIP", "{{ pegawai.nama }} / {{ pegawai.nip or '-' }}"),
            ("Status / Pangkat", "{{ pegawai.status }} / {{ pegawai.pangkat }}"),
            ("Jabatan / Bidang", "{{ pegawai.jabatan }} / {{ pegawai.bidang }}"),
            ("Keadaan data", "{{ keadaan }}"),
        ],
        size=9.5,
    )
    letter.tag("if susulan")
    letter.text("Data susulan yang belum masuk rekap:", bold=True, size=9, before=4, keep=True)
    letter.tag("for satu in susulan")
    letter.text("-\t{{ satu }}", size=9, indent=0.4, hanging=0.4)
    letter.tag("endfor")
    letter.tag("endif")
    letter.text("", size=6)
    table = letter.table(
        "baris in hari",
        [
            Column("Tanggal", 2.0, SHADE + "{{ baris.hari }}, {{ baris.tanggal }}"),
            Column("Pola", 0.9, "{{ baris.pola }}", CENTER),
            Column("Semua absen", 3.4, "{{ baris.absen or '\u00a0' }}"),
            Column("Masuk", 1.3, "{{ baris.masuk or '\u00a0' }}", CENTER),
            Column("Pulang", 1.5, "{{ baris.pulang or '\u00a0' }}", CENTER),
            Column("Status", 3.0, SHADE + "{{ baris.kode }} {{ baris.status }}"),
            Column("TL", 0.9, "{{ baris.TL or '\u00a0' }}", CENTER),
            Column("PSW", 0.9, "{{ baris.PSW or '\u00a0' }}", CENTER),
            Column("KJK", 0.9, "{{ baris.KJK or '\u00a0' }}", CENTER),
            Column("Bukti dan koreksi", 4.6, "{{ baris.bukti or '\u00a0' }}"),
            Column("Alasan penilaian", 6.6, "{{ baris.alasan or '\u00a0' }}"),
        ],
        size=7.5,
    )
    letter.margins(table, side=0.06, top=0.01)
    letter.tag("for satu in pola")
    letter.text("Pola {{ satu.tanda }}: {{ satu.nama }}", size=8)
    letter.tag("endfor")
    letter.text(
        "Jumlah: hari kerja {{ total.HK }}, hadir {{ total.H }} ({{ total.pct }} %; hadir sah "
        "{{ total.pct_sah }} %), terlambat {{ total.TL_n }} kali {{ total.TL_m }} menit, pulang "
        "sebelum waktu {{ total.PSW_n }} kali {{ total.PSW_m }} menit, tanpa absen masuk "
        "{{ total.TAM }} dan pulang {{ total.TAP }} kali, dinas luar {{ total.DL }}, cuti "
        "{{ total.C }}, sakit {{ total.S }}, izin {{ total.I }}, tugas belajar {{ total.TB }}, "
        "alasan lain {{ total.LAIN }}, tanpa keterangan {{ total.TK }} hari (sejak Januari "
        "{{ kumulatif }} hari{% if belum_dihitung %}; belum dihitung: {{ belum_dihitung }}"
        "{% endif %}), kekurangan jam kerja di luar hari tanpa keterangan {{ total.KJK_teks }}.",
        bold=True, size=9, before=6, after=2,
    )  # fmt: skip
    definitions(letter)
    letter.two_signatures(
        Signer("yang_bersangkutan", "\u00a0\nPegawai yang bersangkutan,"),
        Signer("atasan", "{{ tempat }}, {{ tanggal }}\nAtasan langsung,"),
    )
    return letter.content()
