"""What somebody may do with a whole running file, for a reason: asked the same way each time."""

from dataclasses import dataclass
from datetime import datetime

from foundation import ledger
from organization.models import Agency, User
from organization.permissions import may, refusal
from processes.exceptions import AlreadyDone, InvalidAnswers, NotAllowed
from processes.models import Instance


@dataclass(frozen=True)
class Deed:
    """The right to do it, and the words of its refusals.

    `doing` follows on "tidak memberi wewenang"; `asked` is told to whoever gives no reason.
    """

    capability: str
    doing: str
    asked: str

    def allows(self, user: User, agency: Agency | int, now: datetime) -> bool:
        return may(user, self.capability, agency, now)

    def require(self, user: User, agency: Agency | int, now: datetime) -> None:
        """Raise `NotAllowed`; who acts for another is told what he is kept from."""
        if not self.allows(user, agency, now):
            text = f"Penugasan Anda tidak memberi wewenang {self.doing}."
            raise NotAllowed(refusal(user, self.capability, agency, now, text))

    def reason_for(self, instance: Instance, reason: str) -> str:
        """Return the reason; raise `AlreadyDone` for a file that is over, `InvalidAnswers`."""
        if instance.status != Instance.Status.RUNNING:
            raise AlreadyDone(f"Berkas ini sudah {instance.get_status_display().lower()}.")
        if not reason.strip():
            raise InvalidAnswers({"reason": self.asked})
        return reason.strip()

    def locked(self, instance_id: int, user: User, now: datetime) -> Instance:
        """Return the file under its lock, for somebody who may; raise `NotAllowed`."""
        instance = ledger.lock(Instance(pk=instance_id))
        self.require(user, instance.agency_id, now)
        return instance


CANCEL = Deed("processes.cancel", "membatalkan berkas ini", "Tuliskan alasan pembatalan.")
CARRY_OVER = Deed(
    "processes.carry_over", "memindahkan berkas ke versi lain", "Tuliskan alasan pemindahan."
)
REWIND = Deed("processes.rewind", "memundurkan berkas ini", "Tuliskan alasan berkas dimundurkan.")
# Whoever says who does a task says what is done first.
URGENCY = Deed("processes.reassign", "menentukan sifat berkas ini", "Tuliskan alasannya.")
