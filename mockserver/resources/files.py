"""Files: https://platform.openai.com/docs/api-reference/files."""

import re
from typing import Annotated, Literal

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from mockserver import errors
from mockserver.deps import CurrentWorld
from mockserver.domain import files
from mockserver.domain.file_object import FileObject, shown
from mockserver.multipart import Form, read_form
from mockserver.pages import Order, page
from mockserver.simulation.jsonl import LineScanner
from mockserver.wire import ResponseModel, resource
from mockserver.world import World

router = resource("files")

#: the bounds of expires_after[seconds]: an hour to thirty days (official page)
MIN_EXPIRY, MAX_EXPIRY = 3600, 2592000
UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "purpose"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "purpose": {"type": "string", "enum": list(files.PURPOSES)},
                        "expires_after[anchor]": {"type": "string", "enum": ["created_at"]},
                        "expires_after[seconds]": {
                            "type": "integer",
                            "minimum": MIN_EXPIRY,
                            "maximum": MAX_EXPIRY,
                        },
                    },
                }
            }
        },
    }
}


class FileList(ResponseModel):
    """A page of files, newest first."""

    object: Literal["list"] = "list"
    data: list[FileObject]
    first_id: str | None = None
    last_id: str | None = None
    has_more: bool = False


class FileDeleted(ResponseModel):
    """The confirmation of a deletion."""

    object: Literal["file"] = "file"
    id: str
    deleted: bool


@router.post("/files", operation_id="files.create", openapi_extra=UPLOAD)
async def create(request: Request, world: CurrentWorld) -> FileObject:
    """Upload a file; its bytes go straight to the blob store."""
    scanner = LineScanner()
    form = await read_form(request, world.blobs, max_bytes=files.max_bytes(world), watch=scanner.feed)
    try:
        return _create(world, form, scanner)
    except BaseException:
        form.abort()
        raise


def _create(world: World, form: Form, scanner: LineScanner) -> FileObject:
    purpose, expires_after = _purpose(form), _expiry(form)
    if form.blob is None:
        raise errors.missing_parameter("file")
    scan = scanner.finish() if purpose in files.LINED else None
    if scan and scan.head_error:
        raise errors.invalid(scan.head_error)
    file = files.create(
        world,
        form.blob,
        filename=_basename(form.filename),
        purpose=purpose,
        scan=scan,
        expires_after=expires_after,
    )
    return shown(world, file)


@router.get("/files", operation_id="files.list")
async def list_(
    world: CurrentWorld,
    purpose: str | None = None,
    limit: Annotated[int, Query(ge=1, le=10000)] = 10000,
    order: Order = "desc",
    after: str | None = None,
) -> FileList:
    """List the files of the organisation."""
    where = {"purpose": purpose} if purpose is not None else None
    rows, more = page(world.store, "file", limit=limit, after=after, order=order, where=where)
    data = [shown(world, row) for row in rows]
    if world.legacy_shapes:
        return FileList(data=data)
    first, last = (data[0].id, data[-1].id) if data else (None, None)
    return FileList(data=data, first_id=first, last_id=last, has_more=more)


@router.get("/files/{file_id:path}/content", operation_id="files.content", response_class=Response)
async def content(file_id: str, world: CurrentWorld) -> StreamingResponse:
    """Return the contents of a file, byte for byte, without the real time of its making that a FileResponse tells."""
    file = files.find(world, file_id)
    if file["purpose"] in files.KEPT_PRIVATE:
        raise errors.invalid(f"Not allowed to download files of purpose: {file['purpose']}")
    size = {"content-length": str(file["bytes"])}
    return StreamingResponse(world.blobs.chunks(file_id), headers=size, media_type="application/octet-stream")


@router.get("/files/{file_id:path}", operation_id="files.retrieve")
async def retrieve(file_id: str, world: CurrentWorld) -> FileObject:
    """Return a file's description."""
    world.look(file_id)
    return shown(world, files.find(world, file_id))


@router.delete("/files/{file_id:path}", operation_id="files.delete")
async def delete(file_id: str, world: CurrentWorld) -> FileDeleted:
    """Delete a file."""
    files.delete(world, file_id)
    return FileDeleted(id=file_id, deleted=True)


def _purpose(form: Form) -> str:
    purpose = form.fields.get("purpose")
    if purpose is None:
        raise errors.missing_parameter("purpose")
    if purpose not in files.PURPOSES:
        raise errors.invalid(f"'{purpose}' is not one of {list(files.PURPOSES)} - 'purpose'")
    return purpose


def _expiry(form: Form) -> int | None:
    seconds = form.fields.get("expires_after[seconds]")
    anchor = form.fields.get("expires_after[anchor]")
    if seconds is None and anchor is None:
        return None
    if anchor is None or seconds is None:
        missing = "anchor" if anchor is None else "seconds"
        raise errors.missing_parameter(f"expires_after.{missing}")
    if anchor != "created_at":
        raise errors.bad_value("expires_after.anchor", anchor, ["created_at"])
    if not re.fullmatch(r"\d{1,10}", seconds, re.ASCII) or not MIN_EXPIRY <= int(seconds) <= MAX_EXPIRY:
        raise errors.invalid(
            f"Invalid 'expires_after.seconds': expected an integer from {MIN_EXPIRY} to {MAX_EXPIRY}, "
            f"but got '{seconds}' instead.",
            "expires_after.seconds",
            "invalid_value",
        )
    return int(seconds)


def _basename(filename: str) -> str:
    """Return the last part of what the client called the file: the 0.x CLI sends the path as typed."""
    return re.split(r"[/\\]", filename)[-1]
