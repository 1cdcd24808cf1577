"""The pages of this room, hung into the site at /pegawai/ and /kalender/."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import path, register_converter
from django.utils import timezone
from viewflow.urls import Application

from organization.models import User
from organization.permissions import may_somewhere
from organization.views import (
    agencies,
    employees,
    holidays,
    imports,
    officers,
    officials,
    patterns,
    rosters,
    security,
    sop_roles,
    workplaces,
)
from organization.views import substitutions as acting


class TableKind:
    """The kinds in which the example table can be had."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TableKind, "table_kind")


class OrganizationApplication(Application):
    title = "Pegawai"
    icon = "people"
    app_name = "pegawai"

    index_path = path("", employees.employee_list, name="index")
    import_path = path("impor/", imports.import_employees, name="import")
    example_path = path("impor/contoh.<table_kind:kind>", imports.example, name="import_example")
    photos_path = path("foto/", imports.import_photos, name="photos")
    officers_path = path("petugas/", officers.officer_list, name="officers")
    issue_password_path = path(
        "petugas/<int:user_id>/sandi/", officers.issue_password, name="issue_password"
    )
    ask_for_officers_path = path(
        "petugas/penetapan/", officers.ask_for_officers, name="ask_for_officers"
    )
    officials_path = path("pejabat/", officials.officials, name="officials")
    official_end_path = path(
        "pejabat/<int:appointment_id>/akhiri/", officials.end, name="official_end"
    )
    sop_role_path = path("petugas/tunjuk/", sop_roles.sop_role_new, name="sop_role_new")
    sop_role_end_path = path(
        "petugas/tunjuk/<int:appointment_id>/akhiri/", sop_roles.sop_role_end, name="sop_role_end"
    )
    agencies_path = path("organisasi/", agencies.agency_tree, name="agencies")
    workplaces_path = path("lokasi/", workplaces.workplace_list, name="workplaces")
    workplace_add_path = path("lokasi/baru/", workplaces.workplace_new, name="workplace_new")
    workplace_end_path = path(
        "lokasi/<int:workplace_id>/akhiri/", workplaces.workplace_end, name="workplace_end"
    )
    detail_path = path("<int:employee_id>/", employees.employee_detail, name="detail")
    photo_path = path("<int:employee_id>/foto/", employees.employee_photo, name="photo")
    upload_photo_path = path(
        "<int:employee_id>/foto/unggah/", employees.upload_photo, name="upload_photo"
    )
    superior_path = path("<int:employee_id>/atasan/", employees.change_superior, name="superior")
    move_path = path("<int:employee_id>/pindah/", employees.move, name="move")
    retire_path = path("<int:employee_id>/berhenti/", employees.retire, name="retire")
    security_path = path("<int:employee_id>/keamanan/", security.security, name="security")
    guard_path = path("<int:employee_id>/keamanan/<slug:act>/", security.guard, name="guard")
    account_path = path("<int:employee_id>/akun/", employees.open_account, name="account")


class CalendarApplication(Application):
    title = "Kalender"
    icon = "clock"
    app_name = "kalender"

    index_path = path("", patterns.pattern_list, name="index")
    new_path = path("pola/baru/", patterns.pattern_new, name="pattern_new")
    pattern_path = path("pola/<int:pattern_id>/", patterns.pattern_page, name="pattern")
    change_path = path(
        "pola/<int:pattern_id>/ubah/", patterns.pattern_change, name="pattern_change"
    )
    end_path = path("pola/<int:pattern_id>/akhiri/", patterns.pattern_end, name="pattern_end")
    withdraw_path = path(
        "pola/<int:pattern_id>/cabut/", patterns.pattern_withdraw, name="pattern_withdraw"
    )
    rosters_path = path("giliran/", rosters.roster_page, name="rosters")
    save_path = path("giliran/simpan/", rosters.roster_save, name="roster_save")
    import_path = path("giliran/impor/", rosters.roster_import, name="roster_import")
    table_path = path("giliran/tabel.xlsx", rosters.roster_table, name="roster_table")
    holidays_path = path("libur/", holidays.holiday_list, name="holidays")
    write_path = path("libur/tulis/", holidays.holiday_write, name="holiday_write")
    seed_path = path("libur/isi/", holidays.holiday_seed, name="holiday_seed")
    substitutions_path = path("pengganti/", acting.substitution_list, name="substitutions")
    substitute_path = path("pengganti/baru/", acting.substitution_new, name="substitution_new")
    revoke_path = path(
        "pengganti/<int:substitution_id>/cabut/",
        acting.substitution_revoke,
        name="substitution_revoke",
    )

    def has_view_permission(self, user: User | AnonymousUser, obj: Any = None) -> bool:
        """Shown in the menu to those who may see a calendar somewhere."""
        return may_somewhere(user, patterns.VIEW, timezone.now())
