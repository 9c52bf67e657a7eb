"""The live picture of a run: one line per node, as many as fit, and one that sums up."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from psynapse.cli.board import Board, NodeLine, State
from psynapse.cli.streams import one_line, seconds_text

_STYLES: Final[dict[State, str]] = {
    "running": "cyan",
    "done": "green",
    "failed": "bold red",
    "skipped": "yellow",
    "cancelled": "yellow",
}
_MARKS: Final[dict[State, str]] = {"done": "✓", "failed": "✗", "skipped": "-", "cancelled": "■"}
_ASCII_MARKS: Final[dict[State, str]] = {"done": "+", "failed": "x", "skipped": "-", "cancelled": "#"}
_SPINNER: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_ASCII_SPINNER: Final = "|/-\\"
_FRAMES_PER_SECOND: Final = 10
_MOST_LINES: Final = 24
_LONGEST_BAR: Final = 24
_TIME: Final = 7


class Picture:
    """Draws a board. ``ascii_only`` for terminals whose encoding has nothing else."""

    def __init__(self, *, ascii_only: bool) -> None:
        self._marks = _ASCII_MARKS if ascii_only else _MARKS
        self._spinner = _ASCII_SPINNER if ascii_only else _SPINNER
        self._bar = ("#", "-") if ascii_only else ("━", "─")

    def waiting(self, what: str, now: float) -> Text:
        """A line for the time before the run."""
        return _fitting(Text.assemble((self._spin(now), "cyan"), f" {what}"))

    def lines(self, board: Board, width: int, height: int, now: float, *, over: bool, notice: str) -> Iterator[Text]:
        """The picture at ``now`` seconds for a screen of that size, without the last line when the run is ``over``."""
        chosen = _choose(board, min(_MOST_LINES, max(1, height - 3)))
        names = max((cell_len(line.name) for line in chosen), default=0)
        columns = (len(str(board.size)), min(names, max(8, width // 3)), width)
        for line in chosen:
            yield self._line(line, columns, now)
        if rest := _rest(board, chosen):
            yield _fitting(Text(f"  + {rest}", style="dim"))
        if not over:
            yield self._footer(board, now, notice)

    def _line(self, line: NodeLine, columns: tuple[int, int, int], now: float) -> Text:
        digits, names, width = columns
        running = line.state == "running"
        took = f"{max(0.0, now - line.began):.1f}s" if running else seconds_text(line.seconds)
        if line.state in {"skipped", "cancelled"} and not line.seconds:
            took = ""
        text = Text.assemble(
            (self._spin(now) if running else self._marks[line.state], _STYLES[line.state]),
            (f" {line.number:>{digits}} ", "dim"),
            _cut(line.name, names),
            (f" {took:>{_TIME}}  ", "dim"),
        )
        for part in self._details(line, width - cell_len(text.plain)):
            text.append_text(part)
        return _fitting(text)

    def _details(self, line: NodeLine, room: int) -> Iterator[Text]:
        if line.state != "running":
            yield Text(one_line(line.text), style="red" if line.state == "failed" else "dim")
            return
        message = one_line(line.message)
        if line.fraction is not None:
            yield self._progress(line.fraction, min(_LONGEST_BAR, max(6, room // 3)))
            yield Text(f" {line.fraction:4.0%}  ")
            room -= _LONGEST_BAR
        if message:
            yield Text(f"{message}  ")
        if line.text:
            yield Text(_end_of(line.text, room - len(message) - 8), style="italic dim")

    def _progress(self, fraction: float, width: int) -> Text:
        full, empty = self._bar
        filled = round(fraction * width)
        return Text.assemble((full * filled, "cyan"), (empty * (width - filled), "dim"))

    def _footer(self, board: Board, now: float, notice: str) -> Text:
        parts = [f"{board.settled:,}/{board.size:,} nodes"]
        if board.running:
            parts.append(f"{len(board.running):,} running")
        if board.counts["failed"]:
            parts.append(f"{board.counts['failed']:,} failed")
        parts.append(f"{now:.1f}s")
        text = Text.assemble((f"{self._spin(now)} ", "cyan"), ("  ".join(parts), "bold"))
        return _fitting(text.append(f"  {notice}", style="yellow") if notice else text)

    def _spin(self, now: float) -> str:
        return self._spinner[int(now * _FRAMES_PER_SECOND) % len(self._spinner)]


def _choose(board: Board, room: int) -> Sequence[NodeLine]:
    """What to show when not everything fits: nodes that run, then those that failed, then those that ended last."""
    chosen = list(islice(board.running.values(), room))
    for ended in (board.failed, board.ended):
        chosen += islice(reversed(ended), room - len(chosen))
    return sorted(chosen, key=lambda line: line.number)


def _rest(board: Board, chosen: Sequence[NodeLine]) -> str:
    shown = Counter(line.state for line in chosen)
    hidden = {"running": len(board.running) - shown["running"]}
    hidden |= {state: count - shown[state] for state, count in board.counts.items()}
    return ", ".join(f"{count:,} more {state}" for state, count in hidden.items() if count > 0)


def _fitting(text: Text) -> Text:
    text.no_wrap, text.overflow = True, "ellipsis"
    return text


def _cut(name: str, width: int) -> str:
    if cell_len(name) <= width:
        return set_cell_size(name, width)
    return f"{set_cell_size(name, width - 1)}…"


def _end_of(text: str, width: int) -> str:
    """The last line of streamed text, its end when it is long."""
    lines = text.rstrip().splitlines() or [""]
    last = one_line(lines[-1])
    return last if len(last) <= width else f"…{last[-max(width, 1) + 1 :]}"
