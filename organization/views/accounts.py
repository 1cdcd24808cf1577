"""One's own password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash, views
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.utils import timezone

from organization import services
from organization.exceptions import AccountRefused
from organization.permissions import person
from organization.views.scope import signed_in


class OwnPasswordForm(PasswordChangeForm):
    """Django's form, which also refuses the password that the office gave."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("new_password1") and cleaned["new_password1"] == cleaned.get("old_password"):
            self.add_error("new_password1", "Sandi baru harus berbeda dari sandi lama.")
        return cleaned


class OwnPasswordView(views.PasswordChangeView):
    """Change one's password; a forced change ends here."""

    form_class = OwnPasswordForm
    success_url = "/"

    def form_valid(self, form: Any) -> HttpResponse:
        user = signed_in(self.request)
        try:
            services.change_own_password(
                user=user,
                password=form.cleaned_data["new_password1"],
                actor=person(user),
                now=timezone.now(),
            )
        except AccountRefused as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        update_session_auth_hash(self.request, user)
        messages.success(self.request, "Kata sandi Anda sudah diganti.")
        return super(views.PasswordChangeView, self).form_valid(form)
