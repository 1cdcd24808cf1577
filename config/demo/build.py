"""Build the demo: the office, finished months with a return, one that waits for its letters."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from config.demo.aftermath import aftermath
from config.demo.evaluation import play_evaluation
from config.demo.fleet import PORTS, Fleet
from config.demo.handovers import receive_packages
from config.demo.machines import running
from config.demo.office import Office, found_office, found_others, local
from config.demo.outages import Failure, fail, play_outage
from config.demo.player import Player
from config.demo.tapin import found_tapin
from foundation import outbox
from foundation.actors import SYSTEM
from organization.models import Agency


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def build_start(now: datetime) -> Office:
    """Found an office where nothing of the SOP is done yet: a head, his people, no officer.

    The managers of the application are there: somebody must supervise the first recording.
    """
    office = found_office(now, with_officers=False)
    found_others(office, now)
    return office


def build_demo(now: datetime, say: Callable[[str], None], *, months: int = 2) -> Office:
    """Found the office so many months ago and play what happened since, up to this month.

    The last month before this one waits, those before it are finished; two are the least.
    """
    this_month = now.date().replace(day=1)
    waiting = month_before(this_month)
    finished = [month_before(waiting)]
    while len(finished) < months - 1:
        finished.insert(0, month_before(finished[0]))
    founded = local(Agency(time_zone="Asia/Makassar"), finished[0], "06:00") - timedelta(days=3)
    outbox.set_kick(None)  # the player does the system's work himself, at the demo's times
    say("  kantor, 90 pegawai, akun")
    office = found_office(founded)
    found_others(office, founded)
    serials = [row["serial"] for row in office.script["machines"]]
    with running(serials) as simulated:
        fleet = Fleet(office, simulated)
        say(f"  {finished[0]:%m-%Y}: sembilan tahap dengan satu pengembalian")
        _play(office, fleet, finished[0], "finished")
        for number, first in enumerate(finished[1:]):
            say(f"  {first:%m-%Y}: tahap 1 sampai 3 masih berlaku")
            paces = office.script["process"]["paces"]
            _play(office, fleet, first, "repeated", pace=paces[number % len(paces)])
        say(f"  {waiting:%m-%Y}: menunggu data ketidakhadiran")
        _play(office, fleet, waiting, "waiting", outage="finished")
        say(f"  {this_month:%m-%Y}: ketukan sampai kemarin")
        _play_this_month(office, fleet, this_month, now)
        # Left as the reader finds it: one machine an hour slow, for stage 4 to notice.
        simulated[serials[1]].tell("clock -3600")
    _move_to_fixed_ports(fleet)
    outbox.drain(limit=1000)
    say("  keputusan, koreksi, ralat")
    aftermath(office, finished[-1], waiting, now)
    say("  evaluasi berkala: satu dijawab, satu terlambat")
    play_evaluation(Player(office, fleet, waiting), now)
    say("  Kabupaten Tapin: presensi lewat ponsel")
    found_tapin(founded, now)
    fleet.hang_up_terminal(office.actor("admin", now), now)
    return office


def _play(
    office: Office, fleet: Fleet, first: date, script: str, *, pace: float = 1, outage: str = ""
) -> None:
    fleet.delivered.clear()
    player = Player(office, fleet, first, pace=pace)
    outages = office.script["outages"]
    days = player.month.days[outages[outage]["day"] - 1 :] if outage else []
    failure = _fail(player, outages[outage], days[0]) if outage else None
    receive_packages(player, player.play(office.script[script]))
    if failure:
        now = local(office.agency, player.month.next_days[0], "07:00")
        play_outage(player, outages[outage], failure, days, now)


def _play_this_month(office: Office, fleet: Fleet, first: date, now: datetime) -> None:
    """Let people come and go until yesterday; on their last day of work a machine failed."""
    fleet.delivered.clear()
    player = Player(office, fleet, first)
    today = local(office.agency, now.date(), "00:00")
    over = [day for day in player.month.days if day < now.date()]
    script = office.script["outages"]["under_way"]
    failure = _fail(player, script, over[-1]) if over else None
    fleet.deliver(player.month.plan, until=today, actor=SYSTEM, now=now)
    if failure:
        play_outage(player, script, failure, over[-1:], now)


def _fail(player: Player, script: Mapping[str, Any], day: date) -> Failure:
    return fail(player.month.plan, script["machine"], day, script["failed"])


def _move_to_fixed_ports(fleet: Fleet) -> None:
    """From now on the machines run beside the site, each on its own port."""
    for index, device in enumerate(fleet.devices):
        type(device).objects.filter(pk=device.pk).update(port=PORTS + index)
