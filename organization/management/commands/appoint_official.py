"""Give an employee a role by letter: `appoint_official CODE NIP ROLE --letter "821.2/14/2026"`.

For the roles that no SOP gives: the head or who acts for him, the secretary, BKD, the manager of
the application, an auditor. Whoever has the server notes the letter; others have a page for it.
"""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from foundation.actors import SYSTEM
from organization.command_line import agency_by_code
from organization.exceptions import OrganizationError
from organization.models import Appointment, Employee
from organization.services import appoint_official, official_roles


class Command(BaseCommand):
    help = "Mencatat surat penunjukan pimpinan, Plt. atau Plh.-nya, dan pejabat lain."

    def add_arguments(self, parser: CommandParser) -> None:
        offered = official_roles()
        parser.add_argument("code", metavar="CODE", help="kode perangkat daerah")
        parser.add_argument("number", metavar="NIP", help="NIP pegawai, boleh dari kantor lain")
        parser.add_argument("role", metavar="PERAN", choices=offered, help=", ".join(offered))
        parser.add_argument("--letter", required=True, metavar="NOMOR", help="nomor surat")
        parser.add_argument(
            "--capacity", choices=Appointment.Capacity.values, default="definitive",
            help="plt atau plh memerlukan --until",
        )  # fmt: skip
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="TANGGAL")
        parser.add_argument("--until", dest="last", type=date.fromisoformat, metavar="TANGGAL")

    def handle(self, *args: Any, **options: Any) -> None:
        agency, now = agency_by_code(options["code"]), timezone.now()
        first, last = options["first"], options["last"]
        person = Employee.objects.filter(number=options["number"]).first()
        if person is None:
            raise CommandError(f"Tidak ada pegawai dengan NIP {options['number']}.")
        try:
            told = appoint_official(
                agency=agency, employee=person, role=options["role"],
                capacity=options["capacity"], letter_number=options["letter"],
                valid_from=first, valid_until=last, actor=SYSTEM, now=now,
            )  # fmt: skip
        except OrganizationError as refused:
            raise CommandError(str(refused)) from refused
        row = told.appointment
        account = row.user.username
        self.stdout.write(f"{person.name} bertugas sebagai {row}; akunnya {account}.")
        if told.password:
            self.stdout.write(f"Sandi awal, hanya tampil sekali: {told.password}")
