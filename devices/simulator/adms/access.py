"""How a door controller (A&C PUSH 3.x) begins: it registers, then asks for its settings."""

from collections.abc import Awaitable, Callable

from devices.simulator.adms.profile import Profile
from devices.simulator.adms.settings import NotUnderstood, Settings, read_configuration
from devices.simulator.adms.wire import Reply
from devices.simulator.machine import Machine

Call = Callable[[str, bytes], Awaitable[str]]  # endpoint and body to the text of the reply


async def register(call: Call, machine: Machine, profile: Profile, first: Reply) -> Settings:
    """Register unless the first reply says that the server knows us; return the settings.

    Raises NotUnderstood when a reply lacks what a terminal looks for.
    """
    if b"registry=ok" not in first.body:
        told = await call("registry", _registry(machine, profile).encode())
        if not told.strip().startswith("RegistryCode="):
            raise NotUnderstood(told[:60])
    configuration = await call("push", b"")
    if "=" not in configuration:
        raise NotUnderstood(configuration[:60])
    return read_configuration(configuration)


def _registry(machine: Machine, profile: Profile) -> str:
    model = machine.model
    return (
        f"DeviceType=acc,~DeviceName=Simulasi,FirmVer=Ver 8.0.1.3-20151229,"
        f"PushVersion={profile.push_version},CommType=ethernet,MaxPackageSize=2048000,"
        "LockCount=1,ReaderCount=2,AuxInCount=0,AuxOutCount=0,MachineType=101,"
        f"~MaxUserCount={model.user_capacity // 100},"
        f"~MaxAttLogCount={model.punch_capacity // 10_000},"
        f"~MaxUserFingerCount={model.finger_capacity // 100}"
    )
