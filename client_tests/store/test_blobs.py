"""Blobs alone: whole or not at all, and nothing left behind."""

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.store import Blobs, is_disk_full
from mockserver.store.blobs import CHUNK


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "blobs"


def write(blobs, blob_id, *chunks):
    writer = blobs.create()
    for chunk in chunks:
        writer.write(chunk)
    writer.commit(blob_id)
    return writer


def names(folder):
    return sorted(path.name for path in folder.iterdir())


class SmallDisk:
    """A file on a disk with room for so many bytes: the last write that fits may be a short one, as on Linux."""

    def __init__(self, file, room, error=errno.ENOSPC):
        self._file, self._room, self._error = file, room, error

    def write(self, data):
        if data and not self._room:
            raise OSError(self._error, "no room")
        written = self._file.write(data[: self._room])
        self._room -= written
        return written

    def close(self):
        self._file.close()


def test_a_committed_blob_comes_back_byte_for_byte(folder):
    blobs = Blobs(folder)

    writer = write(blobs, "file-1", b"one\n", b"", b"two\x00\xff")

    assert (9, b"one\ntwo\x00\xff") == (writer.size, b"".join(blobs.chunks("file-1")))
    with blobs.open("file-1") as file:
        assert b"one" == file.read(3)
    assert ["file-1"] == names(folder)


def test_a_large_blob_is_read_in_pieces(folder):
    blobs = Blobs(folder)
    whole = bytes(range(256)) * (CHUNK // 256) + b"and a little"

    write(blobs, "file-1", whole)

    assert [whole[:CHUNK], b"and a little"] == list(blobs.chunks("file-1"))


def test_a_blob_cannot_be_read_before_it_is_committed(folder):
    blobs = Blobs(folder)
    writer = blobs.create()
    writer.write(b"half")

    with pytest.raises(FileNotFoundError):
        blobs.open("file-1")
    writer.abort()


def test_an_aborted_blob_leaves_nothing_behind(folder):
    writer = Blobs(folder).create()
    writer.write(b"half")

    writer.abort()
    writer.abort()

    assert [] == names(folder)


def test_aborting_after_the_commit_does_nothing(folder):
    blobs = Blobs(folder)

    write(blobs, "file-1", b"whole").abort()

    assert b"whole" == blobs.path("file-1").read_bytes()


def test_a_deleted_blob_is_gone_and_a_missing_one_is_fine(folder):
    blobs = Blobs(folder)
    write(blobs, "file-1", b"x")

    blobs.delete("file-1")
    blobs.delete("file-1")

    assert [] == names(folder)


@given(chunks=st.lists(st.binary(max_size=20), max_size=8), room=st.integers(0, 60))
def test_a_blob_is_written_whole_or_the_disk_is_said_to_be_full(tmp_path_factory, chunks, room):
    blobs = Blobs(tmp_path_factory.mktemp("blobs"))
    writer = blobs.create()
    writer._file = SmallDisk(writer._file, room)
    whole = b"".join(chunks)

    if len(whole) > room:
        with pytest.raises(OSError, match="no room"):
            list(map(writer.write, chunks))
        writer.abort()
        assert [] == names(blobs.path("file-1").parent)
        return

    list(map(writer.write, chunks))
    writer.commit("file-1")
    assert (len(whole), whole) == (writer.size, blobs.path("file-1").read_bytes())


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_every_way_of_having_no_room_is_the_same_error(folder, error):
    writer = Blobs(folder).create()
    writer._file = SmallDisk(writer._file, 0, error)

    with pytest.raises(OSError, match="no room") as caught:
        writer.write(b"x")
    writer.abort()

    assert is_disk_full(caught.value)


def test_another_fault_of_the_disk_is_not_called_a_full_one(folder):
    writer = Blobs(folder).create()
    writer._file = SmallDisk(writer._file, 0, errno.EIO)

    with pytest.raises(OSError, match="no room") as caught:
        writer.write(b"x")
    writer.abort()

    assert not is_disk_full(caught.value)


def test_a_new_start_removes_what_was_half_written_and_keeps_what_was_committed(folder):
    blobs = Blobs(folder)
    write(blobs, "file-1", b"whole")
    half = blobs.create()
    half.write(b"half")
    half._file.close()

    Blobs(folder)

    assert ["file-1"] == names(folder)


def test_a_temporary_folder_is_gone_when_the_blobs_are_closed():
    blobs = Blobs()
    write(blobs, "file-1", b"x")
    place = blobs.path("file-1").parent

    blobs.close()

    assert not place.exists()


def test_a_folder_that_was_named_stays(folder):
    blobs = Blobs(folder)
    write(blobs, "file-1", b"x")

    blobs.close()

    assert ["file-1"] == names(folder)
