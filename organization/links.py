"""Where the pages of this room lie; stable paths that guards, panels and facts may name."""

EMPLOYEES = "/pegawai/"
INCOMPLETE = "/pegawai/?lengkap=belum"
IMPORT = "/pegawai/impor/"
PHOTOS = "/pegawai/foto/"
OFFICERS = "/pegawai/petugas/"


def employee(employee_id: int) -> str:
    return f"{EMPLOYEES}{employee_id}/"


def officers(agency_code: str) -> str:
    return f"{OFFICERS}?pd={agency_code}"
