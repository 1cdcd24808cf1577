"""What processes of an office do in the test of alarms."""

from django.utils import timezone

from devices.models import Alarm
from devices.services.alarms import raise_alarm
from tests.inside import wait_for_signal


def meet_trouble(*, times: int) -> int:
    """Raise the same alarm again and again at the signal; return the last one's id."""
    wait_for_signal()
    for _ in range(times):
        alarm = raise_alarm(
            kind=Alarm.Kind.CLONED, target="SAMA1", text="Dua alamat.", now=timezone.now()
        )
    return int(alarm.pk)


def counted() -> list[int]:
    return list(Alarm.objects.values_list("times", flat=True))
