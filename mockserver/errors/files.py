"""Refusals around files."""

from mockserver.errors import ApiError


def no_such_file(file_id: str) -> ApiError:
    """Answer an id that no file has."""
    return ApiError(404, f"No such File object: {file_id}", param="id")


def unknown_file_parameter(param: str, file_id: str) -> ApiError:
    """Answer a job that names a file which does not exist."""
    return ApiError(400, f"invalid {param}: {file_id}", param=param, code="invalid_file")


def wrong_file_purpose(param: str, file_id: str, purpose: str) -> ApiError:
    """Answer a job that names a file uploaded for something else (wording not verified)."""
    return ApiError(
        400,
        f"Invalid file purpose: {file_id} was uploaded with purpose '{purpose}', expected 'fine-tune'.",
        param=param,
        code="invalid_file_purpose",
    )


def file_too_large(limit: int) -> ApiError:
    """Answer an upload over the limit in bytes (wording not verified)."""
    return ApiError(
        413,
        f"File is too large. The maximum size of a single file is {limit // 2**20} MB.",
        param="file",
        code="file_too_large",
    )


def file_busy() -> ApiError:
    """Answer the deletion of a file that is still being processed."""
    return ApiError(409, "File is still processing. Check back later.")
