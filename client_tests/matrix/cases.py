"""Who walks the journeys: every release, sync and async, at every fine-tuning endpoint it can call."""

import pytest

#: which fine-tuning endpoints a release can call: FineTuningJob came after 0.27.2, fine_tunes left after 1.7.1
APIS = {
    "0.27.2": ("legacy",),
    "0.28.1": ("legacy", "modern"),
    "1.7.1": ("legacy", "modern"),
    "1.109.1": ("modern",),
    "2.34.0": ("modern",),
    "2.54.0": ("modern",),
    "3.54.0": ("modern",),
}
WALKERS = [
    (version, style, api) for version, apis in APIS.items() for api in apis for style in ("sync", "async")
]
EVERY_CLIENT = [pytest.param(walker, id="-".join(walker)) for walker in WALKERS]
LEGACY_CLIENTS = [pytest.param(walker, id="-".join(walker)) for walker in WALKERS if "legacy" in walker]

#: a base model to tune at each endpoint, one that answers at /v1/completions
BASES = {"legacy": "davinci", "modern": "babbage-002"}
