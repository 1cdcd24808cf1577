"""What this room holds about a person: tasks, notices, timings of his work."""

from foundation.personal_data import about, deeds
from processes.models import (
    ApiReceipt,
    Attachment,
    Instance,
    Notice,
    NoticeAddress,
    NoticeDelivery,
    NoticePreference,
    SavedFilter,
    Task,
    TaskCandidate,
    VisitTiming,
    WebhookSubscription,
)

about(
    Task,
    account=("owner", "assignee"),
    # What is told there is mostly about others.
    leave_out=("draft", "answers", "row_label", "row_key", "engine_id", "idempotency_key"),
    extra={"instance": "instance__title"},
    title="Tugas yang Anda kerjakan atau yang diberikan kepada Anda",
    purpose="Menjalankan SOP dan mengukur mutu bakunya.",
)
about(
    VisitTiming,
    account=("owner",),
    title="Waktu pengerjaan tugas",
    purpose="Membandingkan waktu pengerjaan dengan mutu baku.",
)
about(
    Notice,
    account=("user",),
    title="Pemberitahuan",
    purpose="Memberi tahu apa yang menunggu.",
)
about(
    NoticeDelivery,
    account=("user",),
    title="Pemberitahuan yang dikirim kepada Anda",
    purpose="Memberi tahu di tempat Anda membacanya.",
)
about(
    NoticeAddress,
    account=("owner",),
    # A chat or a browser of his own: he has it in his hand, and here it is sealed.
    leave_out=("sealed_address", "address_digest", "code_digest", "public_id"),
    title="Tempat pemberitahuan dikirim kepada Anda",
    purpose="Memberi tahu di Telegram atau peramban yang Anda sambungkan.",
)
about(
    NoticePreference,
    account=("user",),
    title="Cara Anda ingin diberi tahu",
    purpose="Memberi tahu di tempat dan pada waktu yang Anda pilih.",
)
about(
    SavedFilter,
    account=("owner",),
    title="Saringan daftar tugas Anda",
    purpose="Membuka daftar tugas seperti yang Anda simpan.",
)
deeds(TaskCandidate, fields={"user": "offered_at"}, title="Tugas yang ditawarkan kepada Anda")
deeds(Attachment, fields={"uploaded_by": "uploaded_at"}, title="Lampiran yang Anda unggah")
deeds(Instance, fields={"started_by": "started_at"}, title="Proses yang Anda mulai")
deeds(WebhookSubscription, fields={"created_by": "created_at"}, title="Webhook yang Anda tambahkan")
deeds(ApiReceipt, fields={"user": "at"}, title="Permintaan program atas nama Anda")
