"""What real machines sent, and bytes that stand for fingers of nobody."""

import base64
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"


def sample(name: str) -> bytes:
    return (FIXTURES / f"{name}.txt").read_bytes()


def template(size: int = 1228, start: bytes = b"\x4d\x8fSS21\x00\x00") -> bytes:
    """Return bytes framed as ZKFinger 10, as long as asked."""
    head = start + size.to_bytes(2, "big")
    return head + bytes(i * 7 % 251 for i in range(size - len(head)))


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
