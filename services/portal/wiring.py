"""Dependency providers: the one place that joins pages to keys, connections and templates."""

from typing import Any

from nameko.extensions import DependencyProvider

from services.portal.client.services import Pools
from services.portal.web.assets import load_assets
from services.portal.web.desk import Desk
from services.portal.web.rendering import Renderer


class DeskProvider(DependencyProvider):
    """Gives every page the process's one desk."""

    def setup(self) -> None:
        """Read templates and files once; nothing connects."""
        runtime = self.container.runtime
        self._desk = Desk(
            settings=runtime.settings,
            sealer=runtime.keyring,
            pools=Pools(runtime.settings.peers, runtime.tracer),
            renderer=Renderer(load_assets()),
            clock=runtime.clock,
        )

    def get_dependency(self, worker_ctx: Any) -> Desk:
        """The desk."""
        return self._desk
