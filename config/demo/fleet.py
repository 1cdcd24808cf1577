"""The demo's three machines as the office sees them: registered, checked, read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from config.demo.machines import SimulatedMachine
from config.demo.months import MonthPlan, attlog_body
from config.demo.office import Office
from config.env import env_int
from devices import services
from devices.models import Device, DeviceUser
from devices.pull.client import DeviceStatus
from foundation.actors import Actor

PORTS = env_int("SOPAN_DEMO_PORT", 43701)  # of the first machine beside the site


@dataclass
class Fleet:
    """Machines by their place in the script, and how far each log has come in."""

    office: Office
    simulated: Mapping[str, SimulatedMachine]
    devices: list[Device] = field(default_factory=list)
    delivered: dict[int, datetime] = field(default_factory=dict)

    def register(self, actor: Actor, now: datetime) -> None:
        """Register and approve the machines under the ports on which they run now."""
        for row in self.office.script["machines"]:
            device = services.register_device(
                agency=self.office.agency,
                serial=row["serial"],
                name=row["name"],
                place=row["place"],
                protocol=Device.Protocol.PULL,
                host="127.0.0.1",
                port=self.simulated[row["serial"]].port,
                has_battery=True,
                has_scanner=True,
                has_computer=True,
                has_internet=True,
                actor=actor,
                now=now,
            )
            services.approve_device(device=device, actor=actor, now=now)
            self.devices.append(device)

    def hang_up_terminal(self, actor: Actor, now: datetime) -> None:
        """Register the machine that calls by itself; what it lacks goes there when it does."""
        row = self.office.script["terminal"]
        device = services.register_device(
            agency=self.office.agency,
            serial=row["serial"],
            name=row["name"],
            place=row["place"],
            protocol=Device.Protocol.PUSH,
            has_battery=True,
            has_internet=True,
            actor=actor,
            now=now,
        )
        services.approve_device(device=device, actor=actor, now=now)
        services.activate_device(device=device, actor=actor, now=now)
        services.request_work(
            kind="devices.sync_fingerprints", owner=self.office.agency, actor=actor, now=now
        )

    def record_everybody(self) -> None:
        """Let each person press a finger at the machine nearest to him."""
        first = self.devices[0]
        users = DeviceUser.objects.filter(device=first).select_related("pin").order_by("pin")
        for index, user in enumerate(users):
            device = self.devices[index % len(self.devices)]
            finger = 2 if index % 30 == 7 else 6
            self.simulated[device.serial].tell(f"enrol {user.pin.number} {finger}")

    def check(self, actor: Actor, now: datetime) -> None:
        """Keep what each machine shows of itself at this moment: its clock is right."""
        for device in self.devices:
            device.refresh_from_db()
            local = now.astimezone(ZoneInfo(device.time_zone)).replace(tzinfo=None)
            status = DeviceStatus(
                serial=device.serial, firmware=device.firmware, name=device.name,
                algorithm=device.algorithm or 10, clock=local, users=device.user_count or 0,
                fingers=device.finger_count or 0, punches=device.punch_count or 0,
                user_capacity=3000, finger_capacity=5000, punch_capacity=100000,
            )  # fmt: skip
            # What the simulator said was said at another time than the demo's.
            device.checked_at = None
            services.record_check(device=device, status=status, actor=actor, now=now)

    def activate(self, actor: Actor, now: datetime) -> None:
        for device in self.devices:
            if device.state == Device.State.APPROVED:
                services.activate_device(device=device, actor=actor, now=now)

    def deliver(self, plan: MonthPlan, *, until: datetime, actor: Actor, now: datetime) -> None:
        """Bring in what the machines recorded up to a moment, each as one log.

        A machine that fell back to the year 2000 delivers those lines with the rest of its day.
        """
        for index, lines in plan.lines.items():
            device = self.devices[index]
            edge = until.astimezone(ZoneInfo(device.time_zone)).replace(tzinfo=None)
            since = self.delivered.get(index)
            fresh = [
                (at, pin)
                for at, pin in lines
                if (at < edge and (since is None or at >= since)) or (at.year == 2000 and since)
            ]
            if fresh:
                services.import_attlog(
                    device=device, content=attlog_body(fresh), filename=f"{device.serial}.txt",
                    actor=actor, now=now,
                )  # fmt: skip
            self.delivered[index] = edge
