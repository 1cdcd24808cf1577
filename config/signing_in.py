"""Who signs in and how: the form in the office's words, and the account of each request."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import AuthenticationForm
from django.db.models import BigAutoField

from foundation.prepared import PreparedQuery, Slot
from organization.models import User

WRONG = "Nama pengguna atau kata sandi salah. Perhatikan huruf besar dan kecil."


_ACCOUNT = PreparedQuery(
    lambda: User.objects.filter(pk=Slot("account", BigAutoField())).select_related("employee")
)


class AccountBackend(ModelBackend):
    """Reads the account of a request with its person, whom the menu of every page names."""

    def get_user(self, user_id: int) -> User | None:
        """Return who is signed in; nobody once the account is closed."""
        user = _ACCOUNT.first(account=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class SignInForm(AuthenticationForm):
    """Says the same for an unknown name, a wrong password and a closed account."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Nama pengguna"
        self.fields["password"].label = "Kata sandi"
