"""The bytes of files, one file on disk per blob, named after an id of ours and never after a user's file name."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20


class BlobWriter:
    """A blob being written; it becomes readable with `commit` and leaves nothing behind with `abort`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        descriptor, name = tempfile.mkstemp(prefix="incoming-", dir=folder)
        self._file: BinaryIO = os.fdopen(descriptor, "wb", buffering=0)
        self._path = Path(name)
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Append bytes. Raises OSError when they do not fit."""
        rest = memoryview(chunk)
        while rest:  # on a disk that is nearly full a write may be a short one
            rest = rest[self._file.write(rest) :]
        self.size += len(chunk)

    def commit(self, blob_id: str) -> None:
        """Make the blob readable under its id."""
        self._file.close()
        self._path.replace(self._folder / blob_id)

    def abort(self) -> None:
        """Throw away what was written; does nothing after `commit`."""
        self._file.close()
        self._path.unlink(missing_ok=True)


class Blobs:
    """A folder of blobs; a temporary one, gone with `close`, unless given a path."""

    def __init__(self, folder: Path | None = None) -> None:
        self._temporary = folder is None
        self._folder = folder or Path(tempfile.mkdtemp(prefix="mockserver-"))
        self._folder.mkdir(parents=True, exist_ok=True)
        for leftover in self._folder.glob("incoming-*"):
            leftover.unlink()

    def create(self) -> BlobWriter:
        """Begin a new blob."""
        return BlobWriter(self._folder)

    def path(self, blob_id: str) -> Path:
        """Return where a committed blob lies."""
        return self._folder / blob_id

    def open(self, blob_id: str) -> BinaryIO:
        """Open a committed blob for reading."""
        return self.path(blob_id).open("rb")

    def chunks(self, blob_id: str) -> Iterator[bytes]:
        """Yield a blob in pieces of one MiB."""
        with self.open(blob_id) as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def delete(self, blob_id: str) -> None:
        """Remove a blob; a missing one is fine."""
        self.path(blob_id).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder if it was a temporary one."""
        if self._temporary:
            shutil.rmtree(self._folder, ignore_errors=True)
