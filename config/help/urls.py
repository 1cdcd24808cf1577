"""Where the guides stand; open to everybody, also before signing in."""

from django.urls import path

from config.help import views

app_name = "help"
urlpatterns = [
    path("", views.index, name="index"),
    path("tentang/", views.about, name="about"),
    path("gambar/<str:name>", views.picture, name="picture"),
    path("<slug:name>/", views.show, name="guide"),
]
