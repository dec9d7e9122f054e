"""Deployments: on Azure a model is run under a name its owner gave it, often that of the model itself."""

from mockserver.domain import models
from mockserver.errors import azure
from mockserver.world import World


def model_of(world: World, name: str) -> str:
    """Return the model that Azure's users mean: the one deployed under this name, else the one called so.

    The names of deployments used to have no dots, so Azure writes `gpt-35-turbo`.
    """
    deployed = world.scenario.account.deployments.get(name)
    if deployed is None and name.startswith("gpt-35-"):
        return f"gpt-3.5-{name.removeprefix('gpt-35-')}"
    return deployed or name


def running(world: World, name: str) -> str:
    """Return the model a deployment runs. Raises GatewayError 404 if it runs none that exists now."""
    model = model_of(world, name)
    if models.find(world, model) is None:
        raise azure.no_such_deployment()
    return model
