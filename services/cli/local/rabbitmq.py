"""A private RabbitMQ out of Debian's `rabbitmq-server`, apart from any other on the machine.

Its node name, ports, folders, cookie and port mapper are its own, so that a test may kill it. It is
started in a session of its own: Ctrl-C reaches the command, which then stops it in order.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from services.cli.errors import CommandFailed
from services.cli.local.brokerusers import definitions
from services.cli.local.ports import accepts, free_port
from services.cli.local.rabbitmqadmin import BrokerAdmin

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
START_SECONDS = 300

CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
loopback_users = none
load_definitions = {definitions}
vm_memory_high_watermark.relative = 0.4
disk_free_limit.absolute = 64MB
cluster_partition_handling = ignore
log.file.level = warning
"""


class PrivateBroker:
    """One broker in one folder, on the loopback interface."""

    def __init__(
        self,
        folder: Path,
        *,
        admin_password: str,
        preferred_port: int = 0,
        users: Mapping[str, str] | None = None,
        configuration: str = "",
        plugins: Sequence[str] = (),
    ) -> None:
        if not SERVER.exists():
            raise CommandFailed(
                "RabbitMQ is not installed. On Debian: apt-get install rabbitmq-server"
            )
        self.folder = folder.resolve() / "rabbitmq"
        self.port = preferred_port
        self.admin_user = "huixin-admin"
        self.admin_password = admin_password
        self._users = dict(users or {})
        self._more, self._plugins = configuration, tuple(plugins)
        self._process: subprocess.Popen[bytes] | None = None
        self._environ: dict[str, str] = {}

    def start(self) -> None:
        """Start it and wait until it takes connections; one left by a killed command goes first."""
        self._end_leftover()
        self._configure()
        self._launch()

    def restart(self) -> None:
        """Start it again on the same port with the same data, after `stop` or `kill`."""
        self._launch()

    def stop(self) -> None:
        """Stop it in order."""
        self._end(signal.SIGTERM)
        self._stop_port_mapper()

    def kill(self) -> None:
        """End it as a power cut would (-9); its data stay."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Let it hang: connections stand, nothing answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after `pause`."""
        os.kill(self.pid, signal.SIGCONT)

    @property
    def pid(self) -> int:
        """The broker's process."""
        if self._process is None:
            raise CommandFailed("RabbitMQ is not running.")
        return self._process.pid

    @property
    def admin(self) -> BrokerAdmin:
        """Its users, queues and permissions."""
        return BrokerAdmin(self._environ)

    @property
    def admin_url(self) -> str:
        """The address for whoever declares the topology."""
        return self.url(self.admin_user, self.admin_password)

    def url(self, user: str, password: str, virtual_host: str = "/") -> str:
        """The address for one user."""
        return f"amqp://{user}:{password}@127.0.0.1:{self.port}/{virtual_host}"

    @contextmanager
    def virtual_host(self) -> Iterator[str]:
        """The address of an empty virtual host that ends with the block."""
        name = f"v{secrets.token_hex(6)}"
        self.admin.add_virtual_host(name, self.admin_user)
        try:
            yield self.url(self.admin_user, self.admin_password, name)
        finally:
            self.admin.delete_virtual_host(name)

    def _configure(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        cookie = home / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(secrets.token_hex(20))
            cookie.chmod(0o400)
        self.port = free_port(self.port)
        definitions_file = self.folder / "definitions.json"
        known = definitions((self.admin_user, self.admin_password), self._users)
        definitions_file.touch(mode=0o600)
        definitions_file.write_text(json.dumps(known))
        configuration = CONFIGURATION.format(port=self.port, definitions=definitions_file)
        (self.folder / "rabbitmq.conf").write_text(configuration + self._more)
        plugins = ",".join(self._plugins)
        (self.folder / "enabled_plugins").write_text(f"[{plugins}].\n")
        self._environ = _environment(self.folder, home, self.port)

    def _launch(self) -> None:
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [str(SERVER)],
                env=self._environ,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        (self.folder / "pid").write_text(str(self._process.pid))
        deadline = time.monotonic() + START_SECONDS
        while not accepts(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                said = (self.folder / "output").read_text(errors="replace").splitlines()[-15:]
                raise CommandFailed("RabbitMQ did not start:\n" + "\n".join(said))
            time.sleep(0.1)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        (self.folder / "pid").unlink(missing_ok=True)

    def _end_leftover(self) -> None:
        with suppress(OSError, ValueError):
            pid = int((self.folder / "pid").read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if str(self.folder).encode() in command:
                os.kill(pid, signal.SIGKILL)

    def _stop_port_mapper(self) -> None:
        if program := shutil.which("epmd"):
            subprocess.run(
                [program, "-kill"], env=self._environ, capture_output=True, timeout=10, check=False
            )


def _environment(folder: Path, home: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "ERL_EPMD_PORT": str(free_port()),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        # The name is in the data's path: a restart on another port must find the same data.
        "RABBITMQ_NODENAME": "huixin@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_PID_FILE": str(folder / "broker.pid"),
        # Replaces the shell by the virtual machine, so that the process we hold is the broker.
        "RUNNING_UNDER_SYSTEMD": "true",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
    }
