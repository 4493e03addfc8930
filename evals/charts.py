"""Charts as inline SVG, without a library: the report must open anywhere."""

from __future__ import annotations

from collections.abc import Sequence

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 640, 200, 40, 24
_TICKS = 5


def latency(times: Sequence[int]) -> str:
    """Share of messages answered within so many milliseconds; ``times`` sorted."""
    if not times:
        return "<p>No message was answered.</p>"
    longest = max(times[-1], 1)
    points = [
        (_LEFT + (_WIDTH - _LEFT) * ms / longest, _y((n + 1) / len(times)))
        for n, ms in enumerate(times)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts = [f'<polyline points="{line}" fill="none" stroke="var(--bar)" stroke-width="2"/>']
    for share in (0.5, 0.95):
        y = _y(share)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH}" y1="{y}" y2="{y}" stroke="var(--line)"/>')
        parts.append(f'<text x="0" y="{y + 4}">{share:.0%}</text>')
    for tick in range(_TICKS + 1):
        x = _LEFT + (_WIDTH - _LEFT) * tick / _TICKS
        anchor = "end" if tick == _TICKS else "middle"
        label = f"{longest * tick / _TICKS:.0f} ms"
        parts.append(f'<text x="{x:.0f}" y="{_HEIGHT - 4}" text-anchor="{anchor}">{label}</text>')
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">{"".join(parts)}</svg>'


def _y(share: float) -> float:
    top = 10
    return top + (_HEIGHT - _BOTTOM - top) * (1 - share)
