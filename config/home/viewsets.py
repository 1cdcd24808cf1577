"""The first page at / and the rows behind its numbers below /beranda/."""

from django.urls import path
from viewflow.urls import Application

from config.home import views


class HomeApplication(Application):
    app_name = "beranda"
    title = "Beranda"
    icon = "home"

    index_path = path("", views.page, name="index")
    today_path = path("beranda/hari-ini/", views.today, name="today")
    machines_path = path("beranda/mesin/", views.machine_rows, name="machines")
    period_path = path("beranda/periode/", views.period_rows, name="period")
