"""Calls that use something, and what reports say of them."""

from decimal import Decimal

STORY = "version: 1\nclock: {start: 2025-01-11T17:31:03Z, rate: 0}\n"
#: when that is, in unix seconds
START = 1736616663


def complete(client, **asked):
    """Complete something; return what it used."""
    told = {"model": "davinci-002", "prompt": "One, two", "max_tokens": 5}
    return client.completions.create(**told | asked).usage


def results(page):
    return [result for bucket in page.data for result in bucket.results]


def tokens(page):
    return [(one.input_tokens, one.output_tokens, one.num_model_requests) for one in results(page)]


def every(ask, **asked):
    """Return the results of all pages of a report."""
    found, page = [], None
    while page is None or page.has_more:
        page = ask(start_time=START, **asked, **({"page": page.next_page} if page else {}))
        found += results(page)
    return found


def dollars(found):
    """Return the exact sum of what costs say."""
    return sum((Decimal(repr(one.amount.value)) for one in found), Decimal(0))
