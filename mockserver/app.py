"""The page: what a request meets, in order.

Refusals   an error raised by the next two leaves in the official shape
HostGuard  the Host header names this server
Entrance   the world it is for; everything due in that world by now has happened
Address    the operation it asks for
Record     the journal, the official response headers
Hold       a held clock starts after the call it waits for
Refusals   an error raised by the next ones does too, journaled like every answer
Paths      the path it means: engines and Azure's deployments say the same otherwise
Keys       an API key this world accepts
Era        an endpoint that existed on the day the world is set on
Faults     what a rule of the scenario lets go wrong
Limits     room for the request in the limits of its model
Serve      the handler, of a resource or of the control API: one file each, found by being there
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from mockserver import __version__, control, resources
from mockserver.errors import ApiError
from mockserver.layers.address import Address
from mockserver.layers.entrance import Entrance
from mockserver.layers.era import Era
from mockserver.layers.faults import Faults
from mockserver.layers.hold import Hold
from mockserver.layers.hosts import HostGuard
from mockserver.layers.keys import Keys
from mockserver.layers.limits import Limits
from mockserver.layers.paths import Paths
from mockserver.layers.record import Record
from mockserver.layers.refusals import Refusals
from mockserver.layers.serve import Serve
from mockserver.openapi import describe
from mockserver.rendering import render
from mockserver.routing import Routes
from mockserver.worlds import Worlds


def create_app(worlds: Worlds, allowed_hosts: Iterable[str] = ()) -> ASGIApp:
    """Return the ASGI application that serves these worlds."""
    api = create_api()
    routes = Routes(api.routes)
    app: ASGIApp = Limits(Serve(api))
    app = Faults(app)
    app = Era(app)
    app = Keys(app)
    app = Paths(app, routes)
    app = Refusals(app)
    app = Hold(app)
    app = Record(app)
    app = Address(app, routes)
    app = Entrance(app, worlds)
    app = HostGuard(app, allowed_hosts)
    return Refusals(app)


def create_api() -> FastAPI:
    """Return the typed inside of the application: every resource, the control API, one way to render errors."""
    api = FastAPI(
        title="mockserver",
        version=__version__,
        redirect_slashes=False,
        openapi_url="/_mock/openapi.json",
        docs_url=None,  # its page would fetch scripts from the web
        redoc_url=None,
        exception_handlers=dict.fromkeys(
            (ApiError, RequestValidationError, HTTPException, Exception), render
        ),
    )
    for package in (resources, control):
        for router in routers(package):
            api.router.routes.extend(router.routes)
    describe(api)
    return api


def routers(package: ModuleType) -> Iterator[APIRouter]:
    """Yield the `router` of every module in a package: adding an endpoint is adding a file."""
    for module in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{module.name}").router
