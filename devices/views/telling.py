"""How the pages of this room do what they are asked, and say what came of it."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from devices.exceptions import NotAllowedNow


def did(
    request: HttpRequest,
    act: Callable[[], object],
    success: str,
    *,
    form: forms.Form | None = None,
) -> bool:
    """Do it and say so; where it is not allowed now, say why: on the form, if there is one."""
    try:
        act()
    except NotAllowedNow as error:
        if form is None:
            messages.error(request, str(error))
        else:
            form.add_error(None, str(error))
        return False
    messages.success(request, success)
    return True
