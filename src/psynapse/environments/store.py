"""The folder of all generations: which there are, which is current, and the steps that change that."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Generator, Iterable
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psynapse.engine.private_files import make_private_folder
from psynapse.environments.change_lock import ChangeLock, take_change_lock
from psynapse.environments.disabled import present, read_disabled, write_disabled
from psynapse.environments.file_lock import FileLock
from psynapse.environments.generation import BASE_ALONE, IN_USE, Generation
from psynapse.environments.generation_folders import GenerationFolders
from psynapse.environments.pointer import Pointer, read_pointer, write_pointer
from psynapse.environments.projections import projections, write_projections
from psynapse.environments.refusals import EnvironmentBusy, StoreUnusable, UnknownGeneration, unusable
from psynapse.logs import logger
from psynapse.model.packages import DisabledPackage

_GENERATIONS: Final = "generations"
_KEPT: Final = 5
_AGAIN_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What was mended, a sentence each; ``problem`` is why nothing could be, ``busy`` that somebody is at work."""

    said: tuple[str, ...] = ()
    problem: str = ""
    busy: bool = False


class GenerationStore:
    """The generations in ``folder``, which need not exist. ``kept``: how many of those that were current stay.

    Reading takes no lock and sees a change before or after its commit point, never in between. What changes
    something is called with the lock of ``locked`` held. Everything raises StoreUnusable when the folder cannot be
    read or written.
    """

    def __init__(self, folder: Path, *, kept: int = _KEPT) -> None:
        self.folder = folder
        self._folders = GenerationFolders(folder / _GENERATIONS)
        # The one before the last change is needed for a projection.
        self._kept = max(2, kept)

    # Reading

    def pointer(self) -> Pointer:
        """Which generation is current and which were; when the file does not say, the newest that is sealed."""
        with self._usable():
            written = read_pointer(self.folder)
            usable = (number for number in (written.ever_current if written else ()) if self._generation(number))
            chosen = next(usable, None)
            if written and chosen is not None:
                return written.moved_to(chosen)
            sealed = self._folders.sealed()
            return Pointer(sealed[0], sealed[1:]) if sealed else Pointer()

    def current(self) -> Generation:
        """The generation that new runs use."""
        while True:
            try:
                return self.get(self.pointer().current)
            except UnknownGeneration:
                # It was removed after the pointer was read, so another is current by now.
                continue

    def before(self) -> Generation:
        """The generation that was current before the last change; the base alone when there was none."""
        with self._usable():
            earlier = (self._generation(number) for number in self.pointer().before)
            return next((generation for generation in earlier if generation), BASE_ALONE)

    def get(self, number: int) -> Generation:
        """The generation of that number. Raises UnknownGeneration when there is none that is sealed."""
        with self._usable():
            generation = self._generation(number)
        if generation is None:
            raise UnknownGeneration(f"there is no generation {number}", hint="choose one of the history")
        return generation

    def history(self) -> tuple[Generation, ...]:
        """All generations that are there, the newest first; the base alone is not among them."""
        with self._usable():
            found = (self._folders.manifest(number) for number in self._folders.sealed())
            return tuple(generation for generation in found if generation)

    def folder_of(self, number: int) -> Path:
        """Where a generation is, or will be."""
        return self._folders.of(number)

    def disabled(self) -> tuple[DisabledPackage, ...]:
        """The node packages that are switched off, whatever the generation."""
        with self._usable():
            return read_disabled(self.folder)

    # Using

    def in_use_file(self, number: int) -> Path:
        """The file that whoever uses a generation holds locked, shared."""
        return self._folders.of(number) / IN_USE

    def in_use(self, number: int) -> FileLock:
        """Hold a generation: it is not removed until that is released. Raises UnknownGeneration, also for the base."""
        with self._usable():
            lock = self._folders.hold(number)
        if lock is None:
            raise UnknownGeneration(f"generation {number} is being removed", hint="use the current one")
        return lock

    def use_current(self) -> tuple[Generation, FileLock | None]:
        """The current generation, held; the base alone needs no lock."""
        while True:
            generation = self.current()
            if generation.id == 0:
                return generation, None
            try:
                lock = self.in_use(generation.id)
            except UnknownGeneration:
                # It was removed after it was read, so another is current.
                continue
            if self.pointer().current == generation.id:
                return generation, lock
            lock.release()

    # Changing

    @asynccontextmanager
    async def locked(self, what: str = "a change", *, wait: bool = False) -> AsyncGenerator[ChangeLock]:
        """The right to change something, in the block. Raises EnvironmentBusy unless it is to ``wait``."""
        while (lock := self._take_lock(what, or_none=wait)) is None:  # noqa: ASYNC110 -- no system tells when a lock is free
            await asyncio.sleep(_AGAIN_SECONDS)
        try:
            yield lock
        finally:
            lock.release()

    def recover(self) -> Recovery:
        """Put in order what a killed change, a full disk or a damaged file left behind; harmless when nothing did.

        Does nothing where nothing was ever installed. Raises nothing.
        """
        if not self.folder.exists():
            return Recovery()
        try:
            lock = self._take_lock("recovery", or_none=True)
            if lock is None:
                return Recovery(busy=True)
            try:
                return Recovery(said=self.mend())
            finally:
                lock.release()
        except StoreUnusable as error:
            return Recovery(problem=str(error))

    def mend(self) -> tuple[str, ...]:
        """The same with the lock held; returns what was mended. Raises StoreUnusable."""
        said: list[str] = []
        with self._usable():
            written, pointer = read_pointer(self.folder), self.pointer()
            if written != pointer:
                write_pointer(self.folder, pointer)
                was = f"generation {written.current}" if written else "the file that says which generation is current"
                said.append(f"{was} cannot be read: {_named(pointer.current)} is current")
        if gone := self.collect():
            said.append(f"removed generations that were not finished or are old: {', '.join(map(str, gone))}")
        if stale := self.project():
            said.append(f"wrote {', '.join(stale)} again")
        for sentence in said:
            logger.warning("node packages: %s", sentence)
        return tuple(said)

    def reserve(self) -> int:
        """The number of a generation that may be built; its folder is there, with nothing in it but a lock file."""
        with self._usable():
            return self._folders.reserve(*self.pointer().ever_current)

    def claim(self, number: int, *, empty: bool = False) -> None:
        """Give a generation that is to be built its number for good; ``empty``: what is in its folder is of no use."""
        with self._usable():
            if empty:
                self._folders.empty(number)
            self._folders.claim(number)

    def seal(self, generation: Generation) -> None:
        """Declare a built generation complete: all of it is on the disk, then its manifest."""
        with self._usable():
            self._folders.seal(generation)

    def activate(self, number: int) -> None:
        """Make a generation current: the commit point. Raises UnknownGeneration."""
        self.get(number)
        with self._usable():
            write_pointer(self.folder, self.pointer().moved_to(number))

    def project(self) -> tuple[str, ...]:
        """Write the projections that do not say what is current; returns their names."""
        with self._usable():
            return write_projections(self.folder, projections(self.current(), self.before()))

    def disable(self, packages: Iterable[DisabledPackage]) -> None:
        """Have just these node packages switched off: new workers do not import them."""
        with self._usable():
            write_disabled(self.folder, packages)

    def forget_disabled(self, there: Collection[str]) -> None:
        """Forget that packages are switched off which are not among these normalised names."""
        found = self.disabled()
        if (left := present(found, there)) != found:
            self.disable(left)

    def discard(self, number: int) -> None:
        """Remove a generation that was not finished."""
        with self._usable():
            self._folders.take_away(number)

    def collect(self) -> tuple[int, ...]:
        """Remove what is unsealed, was never current, or was so long ago, unless it is used; returns the numbers."""
        with self._usable():
            recent = [number for number in self.pointer().ever_current if number and self._folders.is_sealed(number)]
            kept = {*recent[: self._kept]}
            gone = [number for number in self._folders.numbers() if number not in kept]
            gone = [number for number in gone if self._folders.take_away(number)]
            self._folders.empty_trash()
        return tuple(sorted(gone))

    # Details

    def _take_lock(self, what: str, *, or_none: bool) -> ChangeLock | None:
        try:
            with self._usable():
                make_private_folder(self._folders.path)
                lock = take_change_lock(self.folder, what)
        except EnvironmentBusy:
            if or_none:
                return None
            raise
        with ExitStack() as stack:
            stack.callback(lock.release)
            self._begin_pointer()
            stack.pop_all()
        return lock

    def _begin_pointer(self) -> None:
        """From the first change on, files that are missing were lost."""
        with self._usable():
            if read_pointer(self.folder) is None and not self._folders.numbers():
                write_pointer(self.folder, Pointer())
                self.project()

    @contextmanager
    def _usable(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise unusable(self.folder, error) from error

    def _generation(self, number: int) -> Generation | None:
        return BASE_ALONE if number == 0 else self._folders.manifest(number)


def _named(number: int) -> str:
    return f"generation {number}" if number else "the base alone"
