"""What the terminal shows while a workflow runs: a live picture, plain lines, or nothing."""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from psynapse.cli.board import Board, NodeLine, Printed
from psynapse.cli.picture import Picture
from psynapse.cli.streams import error_console, is_live, one_line, seconds_text, shown_text
from psynapse.model.events import OutputStream, RunEvent
from psynapse.planning.plan import Plan

_TICK = 0.1
_STREAM_STYLES: dict[OutputStream, str] = {"stdout": "cyan", "stderr": "yellow", "log": "blue"}
_CANCELLING = "cancelling; press Ctrl-C again to end at once"


class Display(Protocol):
    """Shows a run. ``take`` is called from the thread that tells events, the rest from the main thread."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

    def begin(self, plan: Plan) -> None:
        """The nodepacks are loaded and ``plan`` is about to run."""
        ...

    def take(self, events: Sequence[RunEvent]) -> None:
        """Something happened."""
        ...

    def cancelling(self) -> None:
        """The run was told to stop."""
        ...

    def give_way(self) -> None:
        """Somebody else, such as a debugger, needs the terminal from now on. Called from any thread."""
        ...


def make_display(*, quiet: bool) -> Display:
    """The display that fits stderr."""
    if quiet:
        return QuietDisplay()
    console = error_console()
    return LiveDisplay(console) if is_live(console) else PlainDisplay()


class QuietDisplay:
    """Shows nothing, not even what nodes print."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, plan: Plan) -> None:
        """Nothing to show."""

    def take(self, events: Sequence[RunEvent]) -> None:
        """Nothing to show."""

    def cancelling(self) -> None:
        """Nothing to show."""

    def give_way(self) -> None:
        """Nothing is in the way."""


class PlainDisplay:
    """One line on stderr for each node that ended and each line that a node printed."""

    def __init__(self) -> None:
        self._board: Board | None = None
        self._write: Callable[[str], object] = sys.stderr.write

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        sys.stderr.flush()

    def begin(self, plan: Plan) -> None:
        """Count the nodes."""
        self._board = Board(plan)

    def take(self, events: Sequence[RunEvent]) -> None:
        """Write what these events are worth, at once."""
        if self._board:
            ended, printed = self._board.take(events)
            lines = [*map(_plain_output, printed), *(_plain_end(line, self._board.size) for line in ended)]
            self._write("".join(f"{line}\n" for line in lines))

    def cancelling(self) -> None:
        """Say so."""
        self._write(f"{_CANCELLING}\n")

    def give_way(self) -> None:
        """Lines are never drawn over."""


def _plain_end(line: NodeLine, size: int) -> str:
    took = f" in {seconds_text(line.seconds)}" if line.state in {"done", "failed"} else ""
    why = f"{' ' if line.state == 'skipped' else ': '}{one_line(line.text)}" if line.text else ""
    return f"[{line.number}/{size}] {line.name}: {line.state}{took}{why}"


def _plain_output(printed: Printed) -> str:
    prefix = _prefix(printed)
    return f"{prefix} | {shown_text(printed.text).plain}" if prefix else shown_text(printed.text).plain


def _prefix(printed: Printed) -> str:
    """Whose output it is; nothing where only the process is known."""
    if printed.line is None:
        return ""
    return printed.line.name if printed.stream == "stdout" else f"{printed.line.name} {printed.stream}"


class LiveDisplay:
    """Redraws a picture of the run ten times a second, below what nodes print.

    Events only change the board: drawing costs the same for ten nodes and for ten thousand.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._picture = Picture(ascii_only=console.options.ascii_only)
        self._lock = threading.Lock()
        self._board: Board | None = None
        self._printed: list[Printed] = []
        self._began = time.perf_counter()
        self._notice = ""
        self._stop = threading.Event()
        self._ticker = threading.Thread(target=self._tick, name="psynapse-display", daemon=True)
        # Last: it draws at once.
        self._live = Live(console=console, auto_refresh=False, get_renderable=self._draw, vertical_overflow="crop")

    def __enter__(self) -> Self:
        self._live.start()
        self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        gave_way = self._stop.is_set()
        self._stop_drawing()
        self._notice = ""
        self._show()
        self._live.stop()
        if gave_way:
            self._console.print(self._draw())

    def begin(self, plan: Plan) -> None:
        """Show this plan's nodes from now on."""
        self._began = time.perf_counter()
        self._board = Board(plan)

    def take(self, events: Sequence[RunEvent]) -> None:
        """Learn from the events; they are drawn at the next tick."""
        if self._board:
            with self._lock:
                _, printed = self._board.take(events)
                self._printed += printed

    def cancelling(self) -> None:
        """Say so in the last line."""
        self._notice = _CANCELLING

    def give_way(self) -> None:
        """Draw no more before the end."""
        self._stop_drawing()
        self._live.stop()

    def _stop_drawing(self) -> None:
        self._stop.set()
        self._ticker.join()

    def _tick(self) -> None:
        while not self._stop.wait(_TICK):
            self._show()

    def _show(self) -> None:
        with self._lock:
            printed, self._printed = self._printed, []
        if printed:
            # Printing draws the picture again below the text.
            self._console.print(Text("\n").join(map(_coloured_output, printed)))
        else:
            self._live.refresh()

    def _draw(self) -> Group:
        over = self._stop.is_set()
        now = time.perf_counter() - self._began
        width, height = self._console.size
        if self._board is None:
            lines: Iterable[Text] = () if over else [self._picture.waiting("loading nodepacks", now)]
            return Group(*lines)
        with self._lock:
            return Group(*self._picture.lines(self._board, width, height, now, over=over, notice=self._notice))


def _coloured_output(printed: Printed) -> Text:
    style = _STREAM_STYLES[printed.stream]
    body = shown_text(printed.text)
    if printed.stream == "stderr":
        body.stylize_before("yellow")
    prefix = _prefix(printed)
    return Text.assemble((prefix, style), (" | ", "dim"), body) if prefix else body
