"""The page of evidence, hung into the site at /cadangan/."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import path
from django.utils import timezone
from viewflow.urls import Application

from config.backups import views
from config.backups.jobs import CAPABILITY
from organization.models import User
from organization.permissions import may_somewhere


class BackupApplication(Application):
    title = "Cadangan"
    icon = "shield"
    app_name = "cadangan"

    index_path = path("", views.backup_list, name="index")

    def has_view_permission(self, user: User | AnonymousUser, obj: Any = None) -> bool:
        """Shown in the menu to those who look after the installation."""
        return may_somewhere(user, CAPABILITY, timezone.now())
