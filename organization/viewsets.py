"""The pages of this room, hung into the site at /pegawai/."""

from django.urls import path, register_converter
from viewflow.urls import Application

from organization.views import employees, imports, officers


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
    detail_path = path("<int:employee_id>/", employees.employee_detail, name="detail")
    photo_path = path("<int:employee_id>/foto/", employees.employee_photo, name="photo")
    upload_photo_path = path(
        "<int:employee_id>/foto/unggah/", employees.upload_photo, name="upload_photo"
    )
    superior_path = path("<int:employee_id>/atasan/", employees.change_superior, name="superior")
    retire_path = path("<int:employee_id>/berhenti/", employees.retire, name="retire")
    account_path = path("<int:employee_id>/akun/", employees.open_account, name="account")
