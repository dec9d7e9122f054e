"""Assertions of the reader explain themselves, like those of the tests."""

import pytest

pytest.register_assert_rewrite("docs.reader")
