"""The limit of `slots`: a bare nameko `@http` method that returns bytes it has in memory.

`python -m services.cli.bench.bare PORT FILE`: FILE is msgpack, the body of each query string.
"""

import eventlet

eventlet.monkey_patch()

import sys
from pathlib import Path
from typing import Any

import msgspec
from nameko import config
from nameko.runners import ServiceRunner
from nameko.web.handlers import http
from werkzeug.wrappers import Response

PATH = "/api/booking/v1/slots"
bodies: dict[str, bytes] = {}


class Bare:
    """Nothing but nameko."""

    name = "bare"

    @http("GET", PATH)
    def slots(self, request: Any) -> Response:
        """The same bytes as the real service answered."""
        body = bodies[request.query_string.decode()]
        return Response(body, mimetype="application/json")


def main() -> None:
    """Until it is killed."""
    bodies.update(msgspec.msgpack.decode(Path(sys.argv[2]).read_bytes(), type=dict[str, bytes]))
    config.setup({"WEB_SERVER_ADDRESS": f"127.0.0.1:{sys.argv[1]}"})
    runner = ServiceRunner()
    runner.add_service(Bare)
    runner.start()
    runner.wait()


if __name__ == "__main__":
    main()
