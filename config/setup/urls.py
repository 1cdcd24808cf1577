"""Where the assistant stands."""

from django.urls import path

from config.setup import views

app_name = "setup"
urlpatterns = [
    path("", views.index, name="index"),
    path("perangkat-daerah/", views.agency, name="instansi"),
    path("pegawai/", views.employees, name="pegawai"),
    path("pegawai/contoh.<table_kind:kind>", views.example, name="example"),
    path("pimpinan/", views.head, name="pimpinan"),
    path("pejabat/", views.officials, name="pejabat"),
    path("kalender/", views.calendar, name="kalender"),
    path("mesin/", views.machines, name="mesin"),
    path("selesai/", views.finish, name="finish"),
]
