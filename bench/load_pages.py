"""Which pages a person of each role looks at, and how much of his day tasks are."""

HOME = ("beranda", "/")
TODAY = ("hari ini", "/absensi/hari-ini/")
MONTH = ("matriks bulan", "/absensi/bulan/")
OWN_MONTH = ("bulan saya", "/absensi/saya/")
LETTERS = ("daftar surat", "/absensi/surat/")
RECAPS = ("daftar rekap", "/absensi/rekap/")
MACHINES = ("daftar mesin", "/mesin/")
PEOPLE = ("daftar pegawai", "/pegawai/")
DOCUMENTS = ("daftar dokumen", "/dokumen/")
PROCESSES = ("daftar proses", "/proses/")
AUDIT = ("audit", "/audit/")
HEAT = ("audit: peta", "/audit/peta/")
RECORD = ("audit: catatan", "/audit/catatan/")
NOTICES = ("pemberitahuan", "/tugas/pemberitahuan/")
AGENCIES = ("perangkat daerah", "/absensi/perangkat-daerah/")
INBOX = ("kotak masuk", "/tugas/")

LOOKED_AT: dict[str, list[tuple[str, str]]] = {
    "kadis": [HOME, TODAY, MONTH, RECAPS, AUDIT, HEAT, PROCESSES, OWN_MONTH, NOTICES],
    "sekretaris": [HOME, TODAY, MONTH, RECAPS, AUDIT, PEOPLE, OWN_MONTH, NOTICES],
    "admin": [HOME, TODAY, MONTH, MACHINES, PEOPLE, DOCUMENTS, LETTERS, PROCESSES, OWN_MONTH],
    "operator": [HOME, TODAY, MONTH, LETTERS, MACHINES, PEOPLE, PROCESSES, OWN_MONTH],
    "pegawai": [HOME, OWN_MONTH, OWN_MONTH, OWN_MONTH, NOTICES, INBOX],
    "bkd": [HOME, AGENCIES, RECAPS, MONTH, PEOPLE, AUDIT, DOCUMENTS],
    "auditor": [HOME, AUDIT, HEAT, RECORD, RECAPS, PROCESSES, MACHINES, DOCUMENTS],
}
# Share of what somebody does that is tasks; who is not named has none.
LISTS = {"kadis": 0.4, "admin": 0.4, "operator": 0.6}
STARTERS = {"kadis", "admin", "operator"}

# Fifty people by role; whoever wants fewer gets them in the same proportions.
MIX = {
    "operator": 14, "pegawai": 12, "kadis": 8, "admin": 8, "sekretaris": 4, "bkd": 2, "auditor": 2,
}  # fmt: skip
