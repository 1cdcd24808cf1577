"""The rooms' pages, put together: one Application per room in one Site."""

from importlib import import_module

from django.contrib.auth import views as auth_views
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView
from viewflow.urls import Site, route

from organization.views.accounts import OwnPasswordView

ROOMS = (
    ("tugas/", "processes", "TaskApplication"),
    ("proses/", "processes", "ProcessApplication"),
    ("absensi/", "attendance", "AttendanceApplication"),
    ("mesin/", "devices", "DeviceApplication"),
    ("dokumen/", "documents", "DocumentApplication"),
    ("pegawai/", "organization", "OrganizationApplication"),
)


def _rooms() -> dict[str, object]:
    found = {}
    for prefix, room, name in ROOMS:
        try:
            application = getattr(import_module(f"{room}.viewsets"), name)
        except (ModuleNotFoundError, AttributeError):
            continue
        found[f"{prefix.strip('/')}_path"] = route(prefix, application())
    return found


SopanSite = type(
    "SopanSite",
    (Site,),
    {
        "title": "SOPan",
        "index_path": path("", RedirectView.as_view(url="/tugas/"), name="index"),
        **_rooms(),
    },
)
site = SopanSite()

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", auth_views.LoginView.as_view(), name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/password/", OwnPasswordView.as_view(), name="password_change"),
    path("", site.urls),  # type: ignore[arg-type]
]
