"""The life of a machine: which move leads from which state to which."""

from typing import Any

from viewflow.fsm import State, TransitionNotAllowed

from devices.models import Device

__all__ = ["DeviceLifecycle", "TransitionNotAllowed"]

S = Device.State


class DeviceLifecycle:
    """Moves one machine in memory; the service saves it and leaves the event."""

    state = State(S, default=S.REGISTERED)

    def __init__(self, device: Device) -> None:
        self.device = device

    @state.setter()
    def _set_state(self, value: Any) -> None:
        self.device.state = value

    @state.getter()
    def _get_state(self) -> Any:
        return S(self.device.state)

    @state.transition(source=S.REGISTERED, target=S.APPROVED)
    def approve(self) -> None:
        """The serial number was compared with the machine: names and fingers may go there."""

    @state.transition(source={S.APPROVED, S.SUSPENDED}, target=S.ACTIVE)
    def activate(self) -> None:
        """Its punches count, and it must be ready."""

    @state.transition(source={S.APPROVED, S.ACTIVE}, target=S.SUSPENDED)
    def suspend(self) -> None:
        """Broken or away: nobody waits for it."""

    @state.transition(source={S.REGISTERED, S.APPROVED, S.ACTIVE, S.SUSPENDED}, target=S.RETIRED)
    def retire(self) -> None:
        """Out of use; its punches stay."""
