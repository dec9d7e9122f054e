"""Refusals of the items that conversations and responses are made of."""

from collections.abc import Sequence

from mockserver.errors import ApiError


def not_an_item(param: str, actual: str) -> ApiError:
    """Answer a member of the input that is no object; `actual` is its JSON type, with its article."""
    return ApiError(
        400,
        f"Invalid type for '{param}': expected an input item, but got {actual} instead.",
        param=param,
        code="invalid_type",
    )


def wrong_kind(param: str, kind: object, supported: Sequence[str]) -> ApiError:
    """Answer a type or role the API does not know; one that is no text counts as none."""
    told = kind if isinstance(kind, str) else ""
    return ApiError(
        400,
        f"Invalid value: '{told}'. Supported values are: {_listed(supported, 'and')}.",
        param=param,
        code="invalid_value",
    )


def wrong_prefix(param: str, item_id: str, prefix: str) -> ApiError:
    """Answer the id of an item, or of a conversation, that belongs to something else."""
    return ApiError(
        400,
        f"Invalid '{param}': '{item_id}'. Expected an ID that begins with '{prefix}'.",
        param=param,
        code="invalid_value",
    )


def missing_one_of(param: str, names: Sequence[str]) -> ApiError:
    """Answer a part that has none of the parameters of which it needs one (wording not verified)."""
    return ApiError(
        400,
        f"Missing mutually exclusive parameters: '{param}'. Ensure you are providing exactly one of: "
        f"{_listed(names, 'or')}.",
        param=param,
        code="missing_mutually_exclusive_parameters",
    )


def bad_url(param: str) -> ApiError:
    """Answer an image whose URL is neither of the web nor of data."""
    return ApiError(
        400,
        f"Invalid '{param}'. Expected a valid URL, but got a value with an invalid format.",
        param=param,
        code="invalid_value",
    )


def not_persisted(item_id: str) -> ApiError:
    """Answer a reference to an item that the API does not have."""
    return ApiError(
        404,
        f"Item with id '{item_id}' not found. Items are not persisted when `store` is set to false. Try again with "
        "`store` set to true, or remove this item from your input.",
        param="input",
    )


def duplicate(item_id: str) -> ApiError:
    """Answer an input in which two items have the same id."""
    return ApiError(
        400,
        f"Duplicate item found with id {item_id}. Remove duplicate items from your input and try again.",
        param="input",
    )


def no_output(call_id: str) -> ApiError:
    """Answer an input with a call that nobody has answered."""
    return ApiError(400, f"No tool output found for function call {call_id}.", param="input")


def no_call(call_id: str) -> ApiError:
    """Answer an input with the output of a call that was not made."""
    return ApiError(
        400, f"No tool call found for function call output with call_id {call_id}.", param="input"
    )


def _listed(words: Sequence[str], conjunction: str) -> str:
    *most, last = [f"'{word}'" for word in words]
    return f"{', '.join(most)}{',' if len(most) > 1 else ''} {conjunction} {last}"
