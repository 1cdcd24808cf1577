"""Why a machine that should call does not: pure, from what was seen while somebody waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from devices.models import Device
from devices.services.checks import CLOCK_TOLERANCE
from foundation.indonesian import duration_text, list_text

FIRST_CALL = timedelta(minutes=2)  # a terminal tries again about every half minute
GONE_QUIET = timedelta(minutes=2)

Kind = Literal["ok", "wait", "warn", "error"]


@dataclass(frozen=True)
class Finding:
    """One thing to say, and what to do about it."""

    kind: Kind
    text: str
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is known of one serial while somebody waits for its first call.

    `silent` is how long ago it last called, None when it never did. `only_here` says that the
    server listens on its own computer only. `check` is the worker's last look at a machine that the
    system calls.
    """

    serial: str
    waited: timedelta
    port: int = 8000
    state: str = ""  # of the registered machine; empty while it is not
    silent: timedelta | None = None
    dialect: str = Device.Dialect.ATTENDANCE
    clock_offset: int | None = None
    only_here: bool = False
    other_serials: tuple[str, ...] = ()
    unknown_paths: tuple[str, ...] = ()
    check: Literal["", "waiting", "failed", "done"] = ""
    check_error: str = ""


def diagnose_push(seen: Seen) -> list[Finding]:
    """Say how far a machine that calls us has come, and what stands in its way."""
    if seen.silent is None:
        return list(_not_called(seen))
    found = [_called(seen, seen.silent)]
    if seen.dialect == Device.Dialect.ACCESS:
        found.append(
            Finding(
                "warn",
                "Mesin ini memakai mode akses pintu (A&C PUSH). Ketukan tetap masuk, tetapi "
                "mesin menolak perintah absensi.",
                (
                    "Di mesin, buka Menu > Sistem > Device Type Setting.",
                    "Pilih “T&A PUSH”, lalu nyalakan ulang mesin.",
                ),
            )
        )
    if seen.clock_offset is not None and abs(seen.clock_offset) > CLOCK_TOLERANCE:
        off = duration_text(timedelta(seconds=abs(seen.clock_offset)))
        way = "lebih cepat" if seen.clock_offset > 0 else "lebih lambat"
        found.append(
            Finding(
                "warn",
                f"Jam mesin {off} {way}.",
                ("Periksa zona waktu mesin di halaman ini dan di mesin, lalu nyalakan ulang.",),
            )
        )
    return found


def _called(seen: Seen, silent: timedelta) -> Finding:
    if silent > GONE_QUIET:
        return Finding(
            "warn",
            f"Mesin {seen.serial} pernah memanggil, lalu diam selama {_minutes(silent)}.",
            (
                "Pastikan mesin masih menyala dan kabel atau Wi-Fi-nya tersambung.",
                "Pastikan alamat server di mesin tidak berubah, lalu nyalakan ulang mesin.",
            ),
        )
    if not seen.state:
        return Finding("ok", f"Mesin {seen.serial} memanggil. Daftarkan sekarang.")
    if seen.state == Device.State.REGISTERED:
        return Finding(
            "ok", f"Mesin {seen.serial} memanggil. Cocokkan nomor serinya, lalu setujui."
        )
    return Finding("ok", f"Mesin {seen.serial} sudah terhubung.")


def _not_called(seen: Seen) -> Iterator[Finding]:
    if seen.only_here:
        yield Finding(
            "error",
            "Server ini hanya mendengarkan di komputernya sendiri (127.0.0.1); mesin tidak "
            "mungkin sampai ke sini.",
            (
                "Hentikan SOPan, lalu jalankan dengan SOPAN_BIND=0.0.0.0 make run.",
                f"Buka port {seen.port} pada firewall komputer ini untuk jaringan kantor.",
                f"Mesin simulasi di komputer ini tetap dapat memanggil 127.0.0.1:{seen.port}.",
            ),
        )
    same = [other for other in seen.other_serials if other.casefold() == seen.serial.casefold()]
    if same:
        yield Finding(
            "warn",
            f"Yang memanggil adalah {same[0]}; Anda mengetik {seen.serial}. Huruf besar dan kecil "
            "berbeda.",
        )
    elif seen.other_serials:
        yield Finding(
            "warn",
            f"Mesin lain memanggil: {list_text(seen.other_serials)}. Bila itu mesin Anda, nomor "
            "seri yang diketik keliru.",
            ("Bandingkan dengan nomor seri di mesin: Menu > Info Sistem.",),
        )
    if seen.unknown_paths:
        yield Finding(
            "warn",
            f"Ada yang memanggil alamat yang tidak dikenal ({list_text(seen.unknown_paths)}).",
            (
                "Isi alamat server di mesin tanpa http:// dan tanpa tambahan di belakangnya.",
                "Bila tetap begitu, mesin ini tidak memakai ADMS; pilih cara “ditarik”.",
            ),
        )
    if not seen.only_here and not seen.other_serials and not seen.unknown_paths:
        yield _nothing_came(seen)


def _nothing_came(seen: Seen) -> Finding:
    if seen.waited < FIRST_CALL:
        return Finding(
            "wait",
            "Menunggu panggilan pertama. Mesin biasanya memanggil dalam dua menit setelah "
            "pengaturan disimpan atau mesin dinyalakan ulang.",
        )
    return Finding(
        "warn",
        f"Sudah {_minutes(seen.waited)} tidak ada satu pun panggilan yang sampai ke server.",
        (
            "Apakah alamat IP mesin terisi (Menu > COMM. > Ethernet atau Wi-Fi)?",
            "Apakah alamat server dan port diketik persis seperti di langkah 2?",
            f"Apakah port {seen.port} terbuka pada firewall server?",
            "Apakah mesin sampai ke server? Coba buka alamat ini dari ponsel di jaringan mesin.",
            "Nyalakan ulang mesin setelah mengubah pengaturan.",
        ),
    )


def diagnose_pull(seen: Seen) -> list[Finding]:
    """Say how far a machine has come that the system calls, and what the worker met."""
    if not seen.state:
        return [Finding("wait", "Daftarkan mesin ini dengan alamat IP dan kunci komunikasinya.")]
    if seen.state == Device.State.REGISTERED:
        return [Finding("wait", "Mesin terdaftar. Setujui, lalu sistem mencoba menghubunginya.")]
    if seen.check == "waiting":
        return [Finding("wait", "Sistem sedang mencoba menghubungi mesin ...")]
    if seen.check_error:
        return [
            Finding(
                "error",
                seen.check_error,
                (
                    "Bandingkan alamat IP dan port dengan Menu > COMM. > Ethernet di mesin.",
                    "Bandingkan kunci komunikasi dengan Menu > COMM. > PC Connection (Comm Key).",
                    "Pastikan tidak ada program lain yang sedang terhubung ke mesin.",
                ),
            )
        ]
    if seen.check == "done":
        return [Finding("ok", f"Mesin {seen.serial} menjawab dan nomor serinya cocok.")]
    return [Finding("wait", "Tekan “Periksa mesin” untuk mencoba menghubungi mesin.")]


def _minutes(span: timedelta) -> str:
    return duration_text(timedelta(minutes=span // timedelta(minutes=1)))
