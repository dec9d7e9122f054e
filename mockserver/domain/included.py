"""What a request wants to see of items beside what is always shown; the official clients write brackets."""

from typing import Annotated

from fastapi import Depends, Query

from mockserver.domain.items import IncludeEnum


async def _included(
    plain: Annotated[list[IncludeEnum] | None, Query(alias="include")] = None,
    bracketed: Annotated[list[IncludeEnum] | None, Query(alias="include[]")] = None,
) -> frozenset[str]:
    return frozenset([*(plain or ()), *(bracketed or ())])


Included = Annotated[frozenset[str], Depends(_included)]
