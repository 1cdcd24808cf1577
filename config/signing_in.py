"""Who signs in and how: a password, where asked a code, and the account of each request."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, views
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.db.models import BigAutoField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from foundation.indonesian import duration_text
from foundation.prepared import PreparedQuery, Slot
from organization import services
from organization.forms import CodeForm
from organization.middleware import LACKS_SECOND_FACTOR, SIGNED_OUT_IDLE, is_activity
from organization.models import User
from organization.permissions import person
from organization.services.second_factor import WRONG as WRONG_CODE
from organization.views.own_account import is_required

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


# In the session of who has given the right password and not yet the code: the account, which
# backend knew it, until when, and where he wanted to go.
PENDING = "second_factor_pending"
PENDING_FOR = timedelta(minutes=5)


@method_decorator(never_cache, name="dispatch")
class SignInView(views.LoginView):
    """Ask for name and password; whoever has a second step is signed in by the code only."""

    authentication_form = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        was_idle = self.request.session.get(SIGNED_OUT_IDLE, False)
        # Said once, to a reader: a page that looks again by itself is led here before him.
        if was_idle and is_activity(self.request):
            del self.request.session[SIGNED_OUT_IDLE]
        idle = settings.SESSION_IDLE_MINUTES if was_idle else 0
        told = {"idle_minutes": idle, "is_untouched": services.is_untouched()}
        return super().get_context_data(**kwargs) | told

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if not services.has_second_factor(user):
            answer = super().form_valid(form)
            if is_required(user):
                self.request.session[LACKS_SECOND_FACTOR] = True
            return answer
        self.request.session.flush()
        self.request.session[PENDING] = {
            "user": user.pk,
            "password": user.get_session_auth_hash(),
            "until": (timezone.now() + PENDING_FOR).timestamp(),
            "next": self.get_redirect_url(),
        }
        return redirect("sign_in_code")


@login_not_required
@never_cache
def ask_code(request: HttpRequest) -> HttpResponse:
    """Ask who has given the right password for the code; without that, for the password."""
    now = timezone.now()
    user = _pending(request, now)
    if user is None:
        goal = request.session.pop(PENDING, {}).get("next", "")
        return redirect_to_login(goal) if goal else redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        checked = services.check_code(
            user=user, code=form.cleaned_data["code"], actor=person(user), now=now
        )
        if checked.opens:
            goal = request.session.pop(PENDING)["next"]
            login(request, user, backend=f"{__name__}.{AccountBackend.__name__}")
            return redirect(goal or settings.LOGIN_REDIRECT_URL)
        wait = f" Tunggu {duration_text(checked.wait)}." if checked.wait else ""
        form.add_error("code", WRONG_CODE + wait)
    form.fields["code"].widget.attrs["autofocus"] = True
    return render(request, "registration/code.html", {"form": form})


def _pending(request: HttpRequest, now: datetime) -> User | None:
    """Return whose password was right a moment ago, if nothing about it has changed since."""
    told = request.session.get(PENDING)
    if not told or told["until"] < now.timestamp():
        return None
    user = AccountBackend().get_user(told["user"])
    if user is None or user.get_session_auth_hash() != told["password"]:
        return None
    return user
