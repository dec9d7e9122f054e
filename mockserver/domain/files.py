"""Files: uploaded, looked through for a while, processed or found faulty, perhaps expired, deleted.

The contents of a file lie in the blob store under the file's id. The faults of a file's lines are found while it
streams in, and shown when its processing ends.
"""

from typing import Any

from mockserver.errors import files as refusals
from mockserver.simulation.jsonl import ScanResult
from mockserver.store import BlobWriter, Due, Step
from mockserver.world import World, on_step

File = dict[str, Any]

#: what a caller may upload a file for (the official page of POST /v1/files)
PURPOSES = ("fine-tune", "assistants", "batch", "user_data", "vision", "evals")
#: purposes whose files are lines of JSON, checked as such
LINED = ("fine-tune", "batch")
#: purposes whose contents the API does not give back
KEPT_PRIVATE = ("assistants", "vision", "user_data")
#: the limit of a single file: 1 GB for all of an organisation's files in 2023, 512 MB each today (official pages)
MAX_BYTES_2023, MAX_BYTES = 2**30, 512 * 2**20


def max_bytes(world: World) -> int:
    """Return how large a single file may be, in bytes."""
    return world.scenario.uploads.max_bytes or (MAX_BYTES_2023 if world.legacy_shapes else MAX_BYTES)


def create(
    world: World,
    blob: BlobWriter,
    *,
    filename: str,
    purpose: str,
    scan: ScanResult | None = None,
    expires_after: int | None = None,
    file_id: str | None = None,
) -> File:
    """Keep an uploaded blob as a file; its status goes on from `uploaded` as the world's time passes.

    `expires_after` is in seconds from now. A faultless file that needs no time is processed at once.
    """
    processing = world.scenario.uploads.processing
    with world.moment():
        now = world.clock.now
        file: File = {
            "id": file_id or world.ids.new("file"),
            "bytes": blob.size,
            "created_at": now,
            "filename": filename,
            "purpose": purpose,
            "status": "uploaded",
            "fault": scan.first_error if scan else None,
            "expires_at": now + expires_after if expires_after else None,
        }
        at_once = not processing and world.scenario.progress.files in {"clock", "instant"}
        if at_once and file["fault"] is None:
            file["status"] = "processed"
        else:
            world.store.schedule(file["id"], world.clock.time, [Step(processing, "file.processed")])
        if expires_after:
            world.store.schedule(file["id"], world.clock.time, [Step(expires_after, "file.expired")])
        blob.commit(file["id"])
        world.store.put("file", file)
    return file


def add_result(world: World, blob: BlobWriter, filename: str, *, file_id: str, created_at: int) -> None:
    """Keep a file that the server itself has made; it needs no processing."""
    blob.commit(file_id)
    world.store.put(
        "file",
        {
            "id": file_id,
            "bytes": blob.size,
            "created_at": created_at,
            "filename": filename,
            "purpose": "fine-tune-results",
            "status": "processed",
            "fault": None,
            "expires_at": None,
        },
    )


def find(world: World, file_id: str) -> File:
    """Return a file. Raises ApiError 404."""
    file = world.store.get("file", file_id)
    if file is None:
        raise refusals.no_such_file(file_id)
    return file


def delete(world: World, file_id: str) -> File:
    """Remove a file and its contents. Raises ApiError 404, or 409 while it is being processed."""
    file = find(world, file_id)
    if file["status"] == "uploaded":
        raise refusals.file_busy()
    _remove(world, file_id)
    return file


def _remove(world: World, file_id: str) -> None:
    with world.moment():
        world.store.delete("file", file_id)
        world.store.drop_all(file_id)
    world.blobs.delete(file_id)


@on_step("file.processed")
def _processed(world: World, step: Due) -> None:
    file = find(world, step.owner)
    file["status"] = "processed" if file["fault"] is None else "error"
    world.store.put("file", file)


@on_step("file.expired")
def _expired(world: World, step: Due) -> None:
    _remove(world, step.owner)
