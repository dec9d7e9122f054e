"""A file as every resource shows it: legacy fine-tunes carry whole files inside them."""

from typing import Literal

from mockserver.domain.files import File
from mockserver.wire import ResponseModel
from mockserver.world import World


class FileObject(ResponseModel):
    """A file as the API shows it; 2023's form always has `status_details`, today's only when they say something."""

    object: Literal["file"] = "file"
    id: str
    purpose: str
    filename: str
    bytes: int
    created_at: int
    expires_at: int | None = None
    status: Literal["uploaded", "processed", "error", "deleted"]
    status_details: str | None = None


def shown(world: World, file: File) -> FileObject:
    """Return a file in the shape of the world's era."""
    fields = {"object": "file"} | {
        name: file[name] for name in ("id", "purpose", "filename", "bytes", "created_at", "status")
    }
    if file["expires_at"] is not None:
        fields["expires_at"] = file["expires_at"]
    details = file["fault"] if file["status"] == "error" else None
    if world.legacy_shapes or details is not None:
        fields["status_details"] = details
    return FileObject.model_validate(fields)
