"""The ROC as a picture: how many variations are found for how many look-alikes taken wrongly."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import log10

SIZE, MARGIN = 480, 56
LEAST = 1e-4
"""The least false alarms drawn: the scale is logarithmic."""

FONT = 'font-family="sans-serif" font-size="12"'
COLOURS = {"development": "#8a8f99", "test": "#1663c7"}


def roc(varied: Sequence[float], alike: Sequence[float]) -> list[tuple[float, float]]:
    """Return (part of the look-alikes, part of the variations) at each threshold, both sorted."""
    points = []
    for threshold in sorted({*varied, *alike}, reverse=True):
        false = 1 - bisect_left(alike, threshold) / len(alike)
        true = 1 - bisect_left(varied, threshold) / len(varied)
        points.append((false, true))
    return points


def draw(
    curves: Mapping[str, Sequence[tuple[float, float]]], marks: Mapping[str, tuple[float, float]]
) -> str:
    """Return an SVG of curves by half, and of marked points by what they are."""
    side = SIZE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" {FONT}>',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for power in range(-4, 1):
        part = 10.0**power
        x = _x(part)
        parts.append(f'<path d="M{x:.1f} {MARGIN}V{SIZE + MARGIN}" stroke="#e3e5e8"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{SIZE + MARGIN + 18}" text-anchor="middle">{part:g}</text>'
        )
    for tenth in range(11):
        y = _y(tenth / 10)
        parts.append(f'<path d="M{MARGIN} {y:.1f}H{SIZE + MARGIN}" stroke="#e3e5e8"/>')
        parts.append(
            f'<text x="{MARGIN - 8}" y="{y + 4:.1f}" text-anchor="end">{tenth / 10:g}</text>'
        )
    for number, (half, points) in enumerate(curves.items()):
        path = " ".join(f"{_x(false):.1f},{_y(true):.1f}" for false, true in points)
        colour = COLOURS.get(half, "black")
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = SIZE + MARGIN - 14 - 18 * number
        parts.append(
            f'<text x="{SIZE + MARGIN - 8}" y="{y}" text-anchor="end" fill="{colour}">{half}</text>'
        )
    for name, (false, true) in marks.items():
        parts.append(f'<circle cx="{_x(false):.1f}" cy="{_y(true):.1f}" r="4" fill="#c0392b"/>')
        parts.append(
            f'<text x="{_x(false) + 8:.1f}" y="{_y(true) + 16:.1f}" fill="#c0392b">{name}</text>'
        )
    parts.append(
        f'<text x="{MARGIN + SIZE / 2}" y="{SIZE + MARGIN + 40}" text-anchor="middle">'
        "look-alikes at or above the threshold</text>"
    )
    parts.append(f'<text x="{MARGIN}" y="{MARGIN - 16}">variations at or above it</text></svg>')
    return "\n".join(parts) + "\n"


def _x(false: float) -> float:
    return MARGIN + SIZE * (log10(max(false, LEAST)) - log10(LEAST)) / -log10(LEAST)


def _y(true: float) -> float:
    return MARGIN + SIZE * (1 - true)
