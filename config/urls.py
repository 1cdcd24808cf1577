"""The rooms' pages, put together: one Site, an Application per kind of page."""

from django.contrib.auth import views as auth_views
from django.urls import URLPattern, URLResolver, include, path
from viewflow.urls import Site, route

from attendance.viewsets import AttendanceApplication, CheckInApplication
from config import api
from config.backups.viewsets import BackupApplication
from config.home.viewsets import HomeApplication
from config.signing_in import SignInView, ask_code
from devices.viewsets import DeviceApplication
from documents.views import verification
from documents.viewsets import DocumentApplication, PersonalDataApplication
from organization.views import own_account
from organization.views.accounts import OwnPasswordView
from organization.viewsets import CalendarApplication, OrganizationApplication
from processes.views import notice_addresses, notice_preferences
from processes.viewsets import (
    AuditApplication,
    ProcessApplication,
    TaskApplication,
    WebhookApplication,
)


class SopanSite(Site):
    """The menu shows the applications in this order."""

    title = "SOPan"

    home_path = route("", HomeApplication())
    tasks_path = route("tugas/", TaskApplication())
    processes_path = route("proses/", ProcessApplication())
    attendance_path = route("absensi/", AttendanceApplication())
    devices_path = route("mesin/", DeviceApplication())
    documents_path = route("dokumen/", DocumentApplication())
    audit_path = route("audit/", AuditApplication())
    organization_path = route("pegawai/", OrganizationApplication())
    calendar_path = route("kalender/", CalendarApplication())
    backups_path = route("cadangan/", BackupApplication())


site = SopanSite()

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", SignInView.as_view(), name="login"),
    path("accounts/login/kode/", ask_code, name="sign_in_code"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/password/", OwnPasswordView.as_view(), name="password_change"),
    path("accounts/keamanan/", own_account.account, name="account"),
    path("accounts/keamanan/keluar/", own_account.sign_out_everywhere, name="account_sign_out"),
    path(
        "accounts/keamanan/program/<int:token_id>/cabut/",
        own_account.revoke_token,
        name="account_token_revoke",
    ),
    path("accounts/pemberitahuan/", notice_preferences.preferences, name="notice_preferences"),
    path("accounts/pemberitahuan/surel/", notice_addresses.mailbox, name="notice_mailbox"),
    path("accounts/pemberitahuan/telegram/", notice_addresses.telegram, name="notice_telegram"),
    path("accounts/pemberitahuan/peramban/", notice_addresses.browser, name="notice_browser"),
    path(
        "accounts/pemberitahuan/<int:address_id>/hapus/",
        notice_addresses.remove,
        name="notice_address_remove",
    ),
    path("sw.js", notice_addresses.worker, name="push_worker"),
    path("accounts/keamanan/kode/", own_account.second_factor, name="second_factor"),
    # What stands on paper as a code and as a QR code; open to everybody.
    path("mulai/", include("config.setup.urls")),
    path("bantuan/", include("config.help.urls")),
    path("v/", verification.ask_code, name="verification"),
    path("v/<str:code>", verification.verify, name="verify"),
    path("api/v1/", api.urls()),
    path("api/<path:rest>", api.unknown, name="api_unknown"),
    # Stands in no menu: the pages of the few agencies that take presences from phones lead there.
    path("presensi/", CheckInApplication().urls),
    path("data-pribadi/", PersonalDataApplication().urls),
    path("webhook/", WebhookApplication().urls),
    path("", site.urls),
]

# A database that does not answer is no fault of the program: 503, and try again.
handler500 = "config.unavailable.failed"
