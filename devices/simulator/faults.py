"""How a simulated machine misbehaves; each is a habit of real machines and networks."""

from dataclasses import dataclass, fields

HELP = {
    "hang": "1 = menerima permintaan tetapi tidak menjawab apa pun",
    "slow": "N = menunggu N milidetik sebelum setiap potongan jawaban",
    "segment": "N = jawaban TCP dipecah per N bita",
    "cut_after": "N = sambungan putus sesudah N bita dari tabel berikutnya (sekali)",
    "count_error": "N = jumlah yang dilaporkan keliru N",
    "punch_during_read": "N = ketukan masuk di antara jumlah dan tabel, pada N pembacaan berikut",
    "lose_reply": "KODE = perintah itu dikerjakan tetapi jawabannya hilang (sekali); 1 = apa saja",
    "lose_replies": "N = dari 100 perintah, N jawaban hilang",
    "drop_template_writes": "1 = templat diiyakan tetapi tidak disimpan",
    "refuse_second_session": "1 = hanya satu sambungan pada satu waktu",
    "coalesce_events": "N = N kejadian langsung dikirim sekaligus dalam satu segmen",
    "enrol_result": "N = perekaman dari jauh gagal dengan kode 4, 5 (ganda), atau 6 (waktu)",
    "wrong_protocol": "1 = menjawab AA 01 ... seperti mesin merek lain",
}


@dataclass
class Faults:
    """One number per habit, 0 when the machine is well; `HELP` says what each means."""

    hang: int = 0
    slow: int = 0
    segment: int = 0
    cut_after: int = 0
    count_error: int = 0
    punch_during_read: int = 0
    lose_reply: int = 0
    lose_replies: int = 0
    drop_template_writes: int = 0
    refuse_second_session: int = 0
    coalesce_events: int = 0
    enrol_result: int = 0
    wrong_protocol: int = 0

    def set(self, name: str, value: int) -> None:
        """Raises LookupError for a habit that no machine has."""
        if name not in {field.name for field in fields(self)}:
            raise LookupError(name)
        setattr(self, name, value)

    def active(self) -> dict[str, int]:
        """Return what is wrong with the machine now."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value}
