"""What kind of terminal it is towards its server, and how it misbehaves there."""

from dataclasses import dataclass, fields

HELP = {
    "lose_results": "N = dari 100 perintah yang dikerjakan, N hasilnya tidak pernah dikirim",
    "double_results": "1 = setiap hasil perintah dikirim dua kali",
    "cut_bodies": "N = N kiriman berikut terputus di tengah",
    "silent": "1 = tidak menghubungi server sama sekali, seperti kabel dicabut",
    "ignore_time": "1 = jam tidak mengikuti server",
    "need_multi_bio": "1 = menolak BIODATA bila server tidak menyebut MultiBioDataSupport",
}


@dataclass
class PushFaults:
    """One number per habit, 0 when all is well; `HELP` says what each means."""

    lose_results: int = 0
    double_results: int = 0
    cut_bodies: int = 0
    silent: int = 0
    ignore_time: int = 0
    need_multi_bio: int = 0

    def set(self, name: str, value: int) -> None:
        """Raises LookupError for a habit that no terminal has."""
        if name not in {field.name for field in fields(self)}:
            raise LookupError(name)
        setattr(self, name, value)


@dataclass(frozen=True)
class Profile:
    """A model of terminal as its server sees it; the defaults are a plain one.

    `layout` is the number of columns of an ATTLOG line that this model writes: 6, 7, 8 (with a
    trailing TAB and CRLF), 10 or 11.
    """

    push_version: str = "2.4.1"
    device_type: str = "att"
    language: int = 69
    layout: int = 7
    suffix: str = ""  # ".aspx" on some firmware
    firmware: str = "ZMM220-NF-Ver1.1.8"
    vendor: str = "ZKTECO CO., LTD."  # a comma inside, as real ones have
    batched_results: bool = False
    copy: int = 0  # 1 and more: a clone that bears the serial of another
    # What one reply may hold (push SDK 3.2.0); what stands beyond is not seen.
    reply_bytes: int = 40 * 1024
    reply_commands: int = 200

    @property
    def is_access(self) -> bool:
        """Whether it speaks the dialect of door controllers (A&C PUSH 3.x)."""
        return self.push_version.startswith("3.")

    @property
    def newline(self) -> str:
        return "\r\n" if self.layout == 8 else "\n"
