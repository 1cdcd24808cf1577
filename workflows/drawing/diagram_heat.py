"""How a hot task looks on a diagram: five steps of colour, each with a texture of its own; pure.

Textures are plain lines cut to their box, not patterns: what a word processor does not know, it
leaves out.
"""

from workflows.drawing.diagram_layout import Box

LEVELS = range(6)  # 0: nothing can be said; 1 cool to 5 hot
# Fill, line. Dark words keep 4.5:1 on every fill, white ones on every line.
COLOURS = (
    ("#f1f3f5", "#64748b"),
    ("#fffbeb", "#5b6470"),
    ("#fdecc0", "#7d5a00"),
    ("#fbd08b", "#8f4300"),
    ("#f7a86b", "#a3301a"),
    ("#ee8068", "#7f1020"),
)
# Distance of the lines, and whether they run both ways.
TEXTURES = {2: (14, False), 3: (8, False), 4: (12, True), 5: (7, True)}
INSET = 3.0  # keeps the lines within round corners
DASHES = "4 3"


def heat_state(level: int, *, is_thin: bool = False) -> str:
    """Return the name of a look: "heat-3", of few data "heat-3-few"."""
    return f"heat-{level}-few" if is_thin else f"heat-{level}"


def _look(level: int, *, is_thin: bool) -> tuple[str, str, float, str]:
    fill, line = COLOURS[level]
    return fill, line, 1.75, DASHES if is_thin or level == 0 else ""


def _icon(level: int) -> str:
    """Draw five bars, as many filled as the level says."""
    bars = "".join(
        f'<rect x="{place * 2.2:g}" y="{8 - place * 1.6:g}" width="1.6" '
        f'height="{2 + place * 1.6:g}" fill="#ffffff" '
        f'fill-opacity="{1 if place < level else 0.3:g}"/>'
        for place in range(5)
    )
    return bars


_STATES = [(level, is_thin) for level in LEVELS for is_thin in (False, True)]
_LEVEL_OF = {heat_state(level, is_thin=is_thin): level for level, is_thin in _STATES}
HEAT_LOOKS = {heat_state(lv, is_thin=thin): _look(lv, is_thin=thin) for lv, thin in _STATES}
HEAT_ICONS = {state: _icon(level) for state, level in _LEVEL_OF.items()}


def texture(box: Box, state: str) -> str:
    """Return the texture of a state over a box; empty for a state that has none."""
    level = _LEVEL_OF.get(state, 0)
    if level not in TEXTURES:
        return ""
    distance, both_ways = TEXTURES[level]
    inner = Box(box.x + INSET, box.y + INSET, box.width - 2 * INSET, box.height - 2 * INSET)
    lines = _slanted(inner, distance) + (_slanted(inner, distance, down=True) if both_ways else "")
    return (
        f'<path class="bpmn-texture" d="{lines}" fill="none" stroke="{COLOURS[level][1]}" '
        f'stroke-width="1" stroke-opacity="0.38"/>'
    )


def _slanted(box: Box, distance: float, *, down: bool = False) -> str:
    """Return lines at 45 degrees cut to a box, `distance` apart along its foot."""
    parts = []
    offset = distance / 2
    while offset < box.width + box.height:
        # From the left or lower edge up to the upper or right edge.
        x0, y0 = max(0.0, offset - box.height), min(offset, box.height)
        x1, y1 = min(offset, box.width), max(0.0, offset - box.width)
        if down:
            y0, y1 = box.height - y0, box.height - y1
        parts.append(f"M{box.x + x0:g} {box.y + y0:g}L{box.x + x1:g} {box.y + y1:g}")
        offset += distance
    return "".join(parts)
