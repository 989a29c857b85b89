"""The studio as a family starts it: an address that nobody can guess, pages behind it, and an end by Ctrl-C."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse

from tests.fakes.workshop import shoebox


def test_it_says_where_it_is_serves_and_ends(tmp_path: Path) -> None:
    shoebox(tmp_path / "box")
    command = [sys.executable, "-m", "provisioning", "studio", str(tmp_path / "box"), "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        found = next(re.findall(r"http://\S+", line)[0] for line in running.stderr if "http://" in line)
        address = urlparse(found)
        assert address.hostname == "127.0.0.1"
        assert len(address.path.strip("/")) >= 32
        connection = http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=30)
        connection.request("GET", f"{address.path}consent")
        response = connection.getresponse()
        assert response.status == 200
        assert "Lin Mei" in response.read().decode("utf-8")
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()
        assert running.wait(30) == 0
        assert "Traceback" not in told


def test_no_shoebox_and_a_taken_port_are_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "provisioning", "review", str(tmp_path), "--no-browser"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 4
    assert "expected a shoebox with persona.toml" in done.stderr
    assert len(done.stderr.splitlines()) == 1
