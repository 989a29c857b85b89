"""A real browser without a screen, spoken to by the WebDriver protocol (W3C): Chromium with a made-up microphone."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

NEEDED = ("chromium", "chromedriver")
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


def missing() -> list[str]:
    """Programs that are not on this machine; on Debian and Ubuntu: apt install chromium chromium-driver."""
    return [name for name in NEEDED if shutil.which(name) is None]


class Browser:
    """One window."""

    def __init__(self, language: str = "en", dark: bool = False) -> None:
        """Raises AssertionError where the browser does not start."""
        port = _free_port()
        self._process = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "started successfully" in line:
                break
        self._root = f"http://127.0.0.1:{port}/session"
        arguments = [*_ARGUMENTS, f"--lang={language}", *(["--force-dark-mode"] if dark else [])]
        wanted = {"goog:chromeOptions": {"args": arguments}, "goog:loggingPrefs": {"browser": "ALL"},
                  "timeouts": {"implicit": 20_000, "script": 30_000}}  # fmt: skip
        made = self._send("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._root += f"/{made['sessionId']}"

    def close(self) -> None:
        """Ends it."""
        try:
            self._send("DELETE", "")
        finally:
            self._process.terminate()
            self._process.wait(20)

    def open(self, address: str, width: int = 1200, height: int = 1000) -> None:
        """Shows a page in a window of that size, in CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        command = {"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics}
        self._send("POST", "/goog/cdp/execute", command)
        self._send("POST", "/url", {"url": address})

    def find(self, css: str) -> str:
        """An element, waited for."""
        return str(self._send("POST", "/element", {"using": "css selector", "value": css})[_ELEMENT])

    def click(self, css: str) -> None:
        """Clicks it."""
        self._send("POST", f"/element/{self.find(css)}/click", {})

    def type(self, css: str, text: str) -> None:
        """Types into it."""
        self._send("POST", f"/element/{self.find(css)}/value", {"text": text})

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script in the page returns."""
        return self._send("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def complaints(self) -> list[str]:
        """What the console said since it was asked last: errors, and what the policy forbade."""
        told = self._send("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in told if "favicon.ico" not in entry["message"]]

    def picture(self, path: Path) -> None:
        """The whole page as PNG."""
        height = int(self.run("return document.documentElement.scrollHeight"))
        width = int(self.run("return innerWidth"))
        metrics = {"width": width, "height": min(height, 12_000), "deviceScaleFactor": 1, "mobile": width < 600}
        self._send("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics})
        path.write_bytes(base64.b64decode(self._send("GET", "/screenshot")))

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self._root + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode('utf-8', 'replace')[:500]}") from None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as place:
        return int(place.getsockname()[1])
