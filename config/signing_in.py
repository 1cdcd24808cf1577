"""The form of the sign-in, in the office's words."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm

WRONG = "Nama pengguna atau kata sandi salah. Perhatikan huruf besar dan kecil."


class SignInForm(AuthenticationForm):
    """Says the same for an unknown name, a wrong password and a closed account."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Nama pengguna"
        self.fields["password"].label = "Kata sandi"
