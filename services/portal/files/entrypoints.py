"""Styles, scripts, pictures, the service worker and the manifest."""

import hashlib

from werkzeug.wrappers import Response

from services.chassis.errors import NotFound
from services.chassis.http import http
from services.chassis.request import Request
from services.portal.files.worker import service_worker
from services.portal.web.assets import StaticFile
from services.portal.web.desk import Desk
from services.portal.wiring import DeskProvider

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
# A picture may style itself; the service worker may fetch what it keeps, from here alone.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
WORKER_POLICY = "default-src 'none'; connect-src 'self'"


class FileEntrypoints:
    """Everything under `/static`, and what browsers expect at the root."""

    desk: Desk = DeskProvider()

    @http("GET", "/static/<path:name>", action=None, summary="A style, script or picture")
    def static_file(self, request: Request, name: str) -> Response:
        """Kept for ever where the address holds the content's hash."""
        return _file(self.desk, request, name)

    @http("GET", "/favicon.ico", action=None, summary="The mark")
    def favicon(self, request: Request) -> Response:
        """For browsers that ask without being told."""
        return _file(self.desk, request, "img/mark.svg")

    @http("GET", "/manifest.webmanifest", action=None, summary="The web app manifest")
    def manifest(self, request: Request) -> Response:
        """So that the portal can be put on a phone's home screen."""
        return _file(self.desk, request, "manifest.webmanifest")

    @http("GET", "/service-worker.js", action=None, summary="Keeps the help card offline")
    def worker(self, request: Request) -> Response:
        """Its text changes with every file it keeps."""
        script = service_worker(self.desk.renderer.assets)
        digest = hashlib.sha256(script).hexdigest()[:12]
        file = StaticFile(script, "text/javascript; charset=utf-8", digest)
        response = _sent(request, file, ASK_AGAIN)
        response.headers["Content-Security-Policy"] = WORKER_POLICY
        return response


def _file(desk: Desk, request: Request, name: str) -> Response:
    found = desk.renderer.assets.find(name)
    if found is None:
        raise NotFound
    hashed = name.startswith("vendor/") or request.args.get("v") == found.digest
    return _sent(request, found, FOR_EVER if hashed else ASK_AGAIN)


def _sent(request: Request, file: StaticFile, cache: str) -> Response:
    packed = file.packed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    content = file.packed if packed and file.packed is not None else file.content
    response = Response(content, content_type=file.media_type)
    response.headers["Cache-Control"] = cache
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{file.digest}{'-gz' if packed else ''}")
    return response.make_conditional(request.raw)
