"""Every kind of recording as samples, whatever it is called; and every kind of broken one as one problem."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np
import pysilk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput
from device.ports import MIC_RATE, Pcm
from provisioning.voice_kit import opus, silk, sound
from tests.support.shoebox_sound import CODECS, write

HZ = 440


def tone(seconds: float = 3.0) -> Pcm:
    return np.asarray(0.3 * np.sin(2 * np.pi * HZ * np.arange(round(seconds * MIC_RATE)) / MIC_RATE), np.float32)


def heard(path: Path, rate: int = MIC_RATE) -> Pcm:
    return np.concatenate(list(sound.blocks(path, path.name, rate)))


def loudest_hz(pcm: Pcm) -> float:
    middle = pcm[len(pcm) // 4 : len(pcm) // 4 + MIC_RATE]
    return float(np.abs(np.fft.rfft(middle)).argmax())


def spoken_silk() -> bytes:
    pcm = np.repeat(tone(), 3)[::2]  # 24 kHz, roughly
    made: bytes = pysilk.encode((pcm * 30_000).astype("<i2").tobytes())
    return made


@pytest.mark.parametrize("suffix", CODECS)
def test_every_format_is_known_by_its_bytes_whatever_it_is_called(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / "message.dat", tone(), suffix)
    pcm = heard(path)
    assert abs(len(pcm) / MIC_RATE - 3.0) < 0.1
    assert abs(loudest_hz(pcm) - HZ) < 3
    assert abs(sound.seconds(path, "x") - 3.0) < 0.3


def test_a_video_gives_its_sound(tmp_path: Path) -> None:
    pcm = heard(write(tmp_path / "film.mov", tone(), "", video=True))
    assert abs(loudest_hz(pcm) - HZ) < 3


@pytest.mark.parametrize("form", ["tencent", "standard"])
def test_voice_messages_of_both_kinds_of_silk(tmp_path: Path, form: str) -> None:
    raw = spoken_silk()
    path = tmp_path / "msg.amr"
    path.write_bytes(raw if form == "tencent" else raw[1:] + b"\xff\xff")
    pcm = heard(path)
    assert abs(len(pcm) / MIC_RATE - 3.0) < 0.1
    assert abs(sound.seconds(path, "x") - 3.0) < 0.1
    assert abs(loudest_hz(pcm) - HZ) < 25


@pytest.mark.parametrize("keep", [12, 14, 200, 1001])
def test_a_cut_voice_message_gives_what_is_whole(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "cut.silk"
    path.write_bytes(spoken_silk()[:keep])
    packets = silk.whole(path.read_bytes())[1]
    if packets:
        assert len(heard(path)) == packets * MIC_RATE // 50
    else:
        with pytest.raises(BadInput, match="no whole packet"):
            heard(path)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_voice_message_costs_itself_alone(tmp_path: Path, seed: int) -> None:
    """Skype's decoder dies of some of them; then it is one line, and this process lives."""
    random = np.random.default_rng(seed)
    raw = bytearray(spoken_silk())
    for at in random.integers(12, len(raw), 60):
        raw[at] = random.integers(256)
    path = tmp_path / "bad.silk"
    path.write_bytes(bytes(raw))
    try:
        pcm = heard(path)
    except BadInput:
        return
    assert np.isfinite(pcm).all()


@given(st.binary(max_size=400))
def test_packets_of_a_stream_are_whole(tail: bytes) -> None:
    stream, packets = silk.whole(b"\x02" + silk.MAGIC + tail)
    at = len(silk.MAGIC) + 1
    for _ in range(packets):
        at += 2 + int.from_bytes(stream[at : at + 2], "little")
    assert at == len(stream) <= len(silk.MAGIC) + 1 + len(tail)


def test_a_stream_that_changes_its_rate_on_its_way(tmp_path: Path) -> None:
    path = tmp_path / "joined.mp3"
    first, second = write(tmp_path / "a", tone(), "mp3"), tmp_path / "b"
    with av.open(str(second), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=22_050, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.stack([tone(), tone()]), "fltp", "stereo")
        frame.sample_rate = MIC_RATE
        resampler = av.AudioResampler(stream.codec_context.format.name, "stereo", 22_050)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            part.pts = None
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    path.write_bytes(first.read_bytes() + second.read_bytes())
    pcm = heard(path)
    assert abs(len(pcm) / MIC_RATE - 6.0) < 0.3
    assert abs(loudest_hz(pcm[: 2 * MIC_RATE]) - HZ) < 3
    assert abs(loudest_hz(pcm[-2 * MIC_RATE :]) - HZ) < 3


def lying_wav(samples: int) -> bytes:
    """A header that says 4 GB."""
    data = (tone(samples / MIC_RATE) * 32767).astype("<i2").tobytes()
    fmt = struct.pack("<HHIIHH", 1, 1, MIC_RATE, 2 * MIC_RATE, 2, 16)
    return b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0" + fmt + b"data\xff\xff\xff\xff" + data


def test_a_header_that_says_four_gigabytes_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "lie.wav"
    path.write_bytes(lying_wav(MIC_RATE))
    assert len(heard(path)) == MIC_RATE
    assert sound.seconds(path, "x") < 70


def test_what_no_player_would_play_is_silence_not_a_crash(tmp_path: Path) -> None:
    samples = np.array([np.nan, np.inf, -np.inf, 1e30, 0.5] * 4000, "<f4")
    fmt = struct.pack("<HHIIHH", 3, 1, MIC_RATE, 4 * MIC_RATE, 4, 32)
    data = samples.tobytes()
    path = tmp_path / "nan.wav"
    head = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt \x10\0\0\0" + fmt
    path.write_bytes(head + b"data" + struct.pack("<I", len(data)) + data)
    pcm = heard(path)
    assert len(pcm) == len(samples)
    assert np.abs(pcm).max() <= 1.0


def test_a_truncated_file_gives_what_there_is(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.mp3", tone(), "mp3").read_bytes()
    path = tmp_path / "b.mp3"
    path.write_bytes(whole[: len(whole) // 2])
    assert 1.2 < len(heard(path)) / MIC_RATE < 1.8


def silent_film(path: Path) -> Path:
    with av.open(str(path), "w", format="mp4") as container:
        pictures = container.add_stream("mpeg4", rate=5, width=64, height=48, pix_fmt="yuv420p")
        container.mux(pictures.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), "rgb24")))
        container.mux(pictures.encode(None))
    return path


def bad_files(folder: Path) -> dict[str, Path]:
    odd_rate = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0" + struct.pack("<HHIIHH", 1, 1, 1, 2, 2, 16) + b"data\x04\0\0\0abcd"
    raw = {
        "an empty file": b"",
        "another kind of file": b"Dear all, this is a letter.",
        "a file without sound": silent_film(folder / "silent.mp4").read_bytes(),
        "1 channels at 1 Hz": odd_rate,
        "no sound in it": b"OggS" + bytes(100),
    }
    return {why: _written(folder / f"{number}.wav", told) for number, (why, told) in enumerate(raw.items())}


def _written(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


def test_each_bad_file_is_one_line_that_says_why(tmp_path: Path) -> None:
    for why, path in bad_files(tmp_path).items():
        with pytest.raises(BadInput) as caught:
            heard(path)
        line = caught.value.line()
        assert path.name in line
        assert "\n" not in line
        assert why in line or why == "no sound in it", line


def test_a_playlist_cannot_make_it_read_other_files(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.wav", tone(), "wav")
    for name, text in {
        "list.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n",
        "list.ffconcat": f"ffconcat version 1.0\nfile {secret}\n",
    }.items():
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(BadInput, match="another kind of file"):
            heard(path)


@given(st.sampled_from([sign for at, sign, _ in sound.SIGNS if at == 0]), st.binary(max_size=3000))
def test_whatever_follows_a_sign_is_samples_or_one_problem(
    tmp_path_factory: pytest.TempPathFactory, sign: bytes, tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "x"
    path.write_bytes(sign + tail)
    try:
        pcm = heard(path)
    except BadInput:
        return
    assert np.isfinite(pcm).all()
    assert np.abs(pcm).max() <= 1.0


def test_opus_is_the_same_bytes_and_as_long_as_what_went_in(tmp_path: Path) -> None:
    pcm = tone()
    for name, cut in (("a", 7_000), ("b", 20_000)):
        opus.write(tmp_path / name, [pcm[:cut], pcm[cut:]], MIC_RATE)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    back = heard(tmp_path / "a", 48_000)
    assert abs(len(back) - 3 * 48_000) < 100
    with av.open(str(tmp_path / "a")) as container:
        assert container.streams.audio[0].channels == 1
