"""The small signs within the shapes of a diagram: who works, what happens, how to choose."""

import math

from workflows.drawing.diagram_layout import ERROR, MESSAGE, SENT, TIMER

PAPER = "#ffffff"
GATEWAY_LINE = "#92400e"

ICON_PERSON = (
    '<circle cx="7" cy="4" r="3.1"/>'
    '<path d="M1 14.2c0-4 2.3-6 6-6s6 2 6 6z" stroke-linejoin="round"/>'
)
ICON_GEAR = (
    '<path d="M6 0.6h2.2l.5 1.8 1.4.6 1.7-.9 1.5 1.6-.9 1.6.6 1.4 1.8.5v2.2l-1.8.5-.6 1.4.9 1.6'
    "-1.5 1.6-1.7-.9-1.4.6-.5 1.8H6l-.5-1.8-1.4-.6-1.7.9L.9 12.9l.9-1.6-.6-1.4-1.8-.5V7.2l1.8-.5"
    '.6-1.4-.9-1.6 1.5-1.6 1.7.9 1.4-.6z" stroke-linejoin="round"/>'
    '<circle cx="7.1" cy="8.3" r="2.4"/>'
)


def circle(
    x: float, y: float, r: float, fill: str, line: str, thickness: float, dashes: str = ""
) -> str:
    extra = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{fill}" stroke="{line}" '
        f'stroke-width="{thickness:g}"{extra}/>'
    )


def event_sign(sign: str, x: float, y: float, r: float, line: str) -> str:
    """Draw what an event is about, within a circle; nothing for one that is about nothing."""
    if sign == TIMER:
        return clock(x, y, r, line)
    if sign in (MESSAGE, SENT):
        return envelope(x, y, r, line, is_sent=sign == SENT)
    return bolt(x, y, r, line) if sign == ERROR else ""


def clock(x: float, y: float, r: float, line: str) -> str:
    ticks = "".join(
        f"M{x + dx * r:g} {y + dy * r:g}L{x + dx * (r - 2.5):g} {y + dy * (r - 2.5):g}"
        for dx, dy in ((0, -1), (1, 0), (0, 1), (-1, 0))
    )
    hands = f"M{x:g} {y - r * 0.6:g}V{y:g}L{x + r * 0.5:g} {y + r * 0.3:g}"
    return (
        f'{circle(x, y, r, PAPER, line, 1)}<path d="{ticks}{hands}" fill="none" stroke="{line}" '
        f'stroke-width="1.4" stroke-linecap="round"/>'
    )


def envelope(x: float, y: float, r: float, line: str, *, is_sent: bool) -> str:
    """Draw a letter: white where one is waited for, dark where one is sent."""
    w, h = r * 0.85, r * 0.6
    fill, fold = (line, PAPER) if is_sent else (PAPER, line)
    return (
        f'<rect x="{x - w:g}" y="{y - h:g}" width="{2 * w:g}" height="{2 * h:g}" fill="{fill}" '
        f'stroke="{line}" stroke-width="1.2"/>'
        f'<path d="M{x - w:g} {y - h:g}L{x:g} {y + h * 0.15:g}L{x + w:g} {y - h:g}" fill="none" '
        f'stroke="{fold}" stroke-width="1.2" stroke-linejoin="round"/>'
    )


def bolt(x: float, y: float, r: float, line: str) -> str:
    """Draw the lightning of a failure."""
    corners = ((-0.8, 0.85), (-0.3, -0.75), (0.2, 0.05), (0.8, -0.85), (0.35, 0.75), (-0.2, -0.1))
    points = " ".join(f"{x + dx * r:g},{y + dy * r:g}" for dx, dy in corners)
    return (
        f'<polygon points="{points}" fill="{PAPER}" stroke="{line}" stroke-width="1.3" '
        f'stroke-linejoin="round"/>'
    )


def three_bars(x: float, bottom: float, line: str) -> str:
    """Draw the sign of work that is done once per row, at the foot of its task."""
    bars = "".join(f"M{x + dx:g} {bottom - 12:g}v9" for dx in (-4, 0, 4))
    return f'<path d="{bars}" fill="none" stroke="{line}" stroke-width="2"/>'


def gateway_sign(element: str, x: float, y: float, r: float) -> str:
    """Draw how a gateway chooses; `r` is the reach of the cross of an exclusive one."""
    if element == "inclusiveGateway":
        return circle(x, y, r * 1.35, "none", GATEWAY_LINE, 3)
    if element == "eventBasedGateway":
        return _race(x, y, r * 1.7)
    if element == "parallelGateway":
        r *= 1.35
        lines = f"M{x - r:g} {y:g}H{x + r:g}M{x:g} {y - r:g}V{y + r:g}"
    else:
        lines = f"M{x - r:g} {y - r:g}L{x + r:g} {y + r:g}M{x + r:g} {y - r:g}L{x - r:g} {y + r:g}"
    return f'<path d="{lines}" stroke="{GATEWAY_LINE}" stroke-width="3.2" stroke-linecap="round"/>'


def _race(x: float, y: float, r: float) -> str:
    angles = (math.radians(72 * corner - 90) for corner in range(5))
    reach = r * 0.62
    points = " ".join(
        f"{x + reach * math.cos(a):.4g},{y + reach * math.sin(a):.4g}" for a in angles
    )
    return (
        f"{circle(x, y, r, 'none', GATEWAY_LINE, 1.1)}"
        f"{circle(x, y, r - 2.2, 'none', GATEWAY_LINE, 1.1)}"
        f'<polygon points="{points}" fill="none" stroke="{GATEWAY_LINE}" stroke-width="1.3"/>'
    )
