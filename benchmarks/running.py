"""A server process to measure: started by its own command, found by its banner."""

import contextlib
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

READY = re.compile(r"ready at (http://\S+)/v1")


def start(*options: str) -> tuple[subprocess.Popen[str], str]:
    """Start `mockserver serve` on a free port; return the process and its URL once it is ready."""
    return launch([sys.executable, "-m", "mockserver", "serve", "--port", "0", *options])


def launch(command: list[str]) -> tuple[subprocess.Popen[str], str]:
    """Start a server that says where it is ready; return the process and its URL."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    assert process.stdout is not None
    for line in process.stdout:
        if found := READY.search(line):
            return process, found[1]
    raise RuntimeError(f"the server ended with {process.wait()} before it was ready")


def running(*options: str) -> contextlib.AbstractContextManager[tuple[subprocess.Popen[str], str]]:
    """Run `mockserver serve` on a free port for the length of a block."""
    return started([sys.executable, "-m", "mockserver", "serve", "--port", "0", *options])


@contextlib.contextmanager
def started(command: list[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a server that says where it is ready for the length of a block."""
    process, url = launch(command)
    try:
        yield process, url
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    """Return a port for a server that cannot find one by itself."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def memory(process: subprocess.Popen[str], field: str = "VmRSS") -> int:
    """Return a figure of /proc/PID/status in bytes: VmRSS is what it holds now, VmHWM the most it ever held."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    found = re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share (0 to 1) of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
