"""What the reports of usage and costs refuse."""

from mockserver.errors import ApiError


def unknown_page(page: str) -> ApiError:
    """Answer a cursor that no page has named (wording not verified)."""
    return ApiError(400, f"Invalid 'page': no page '{page}'.", param="page", code="invalid_value")
