"""Whether the face lives as people do: its blinks, its gaze, and that nothing in it ever comes again. Pure.

People: 17 blinks a minute at rest and 26 in conversation, log-normal intervals (Bentivoglio and others 1997); mutual
gaze for about 60 % of a conversation, in spells of about 2.2 s (Argyle and Cook 1976).
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.bench.statistics import poisson
from device.face.motion import Motion
from device.face.pose import INDEX, PARAMETERS
from device.link import Message, Mood
from device.ports import Speech
from device.speaking import speak

Series = NDArray[np.float64]
Poses = NDArray[np.float32]

FPS = 30
"""Poses a second of a simulated life."""
SHUT, OPEN_AGAIN = 0.8, 0.5
"""Lid weights: a blink begins where it rises above the one, after it was below the other."""
MUTUAL = 0.08
"""Gaze is at the viewer within this distance of the photograph's own: 2 degrees."""
GLANCE_S = 0.1
"""s; a shorter break is a saccade's way, not a look away."""
LISTENS_S, THINKS_S, RESTS_S = (2.0, 12.0), (0.4, 1.4), (1.0, 9.0)
"""s of a turn in conversation beside what is said, drawn at random: a beat shall be the face's own, if there is one."""
SLOWER = 3
"""Every so many poses are enough to look for repetitions."""
SHORTEST_S, LONGEST_S = 2.0, 120.0
"""s between which repetitions are looked for."""


def alone(minutes: float, seed: int) -> Poses:
    """(n, parameters): so many minutes with nobody there, FPS poses a second."""
    return _live([(0.0, Mood("idle", 0.0))], minutes, seed)


def in_conversation(said: Sequence[Speech], minutes: float, seed: int) -> Poses:
    """The same of a conversation without end: it listens, thinks, says some of the clauses `said`, rests."""
    told: list[tuple[float, Message]] = []
    chance, t, turn = random.Random(seed), 1.0, 0
    while t < 60 * minutes and said:
        turn += 1
        told.append((t, Mood("listening", t)))
        t += chance.uniform(*LISTENS_S)
        told.append((t, Mood("thinking", t)))
        t += chance.uniform(*THINKS_S)
        told.append((t, Mood("speaking", t)))
        for index in range(chance.randint(1, 5)):
            clause = chance.choice(said)
            told.append((t, speak(turn, index, t + 0.05, clause)))
            t += clause.seconds
        t += chance.uniform(*RESTS_S)
    return _live(told, minutes, seed)


def _live(told: list[tuple[float, Message]], minutes: float, seed: int) -> Poses:
    motion, poses, next_one = Motion(seed), np.zeros((round(60 * minutes * FPS), len(PARAMETERS)), np.float32), 0
    for number in range(len(poses)):
        t = number / FPS
        while next_one < len(told) and told[next_one][0] <= t:
            motion.tell(told[next_one][1])
            next_one += 1
        poses[number] = motion.pose(t)
    return poses


def blinks(poses: Poses) -> Series:
    """s at which the lids fell shut."""
    lids, times, ready = poses[:, INDEX["eyeBlinkLeft"]], [], True
    for number, lid in enumerate(lids):
        if ready and lid >= SHUT:
            times.append(number / FPS)
            ready = False
        elif lid < OPEN_AGAIN:
            ready = True
    return np.array(times, np.float64)


def blink_report(lives: Sequence[Series], minutes: float) -> dict[str, Any]:
    """Blinks a minute with an interval of 95 %, and how well a log-normal distribution describes their intervals.
    `lives`: the times of the blinks in lives of `minutes` each.

    "ks" is the greatest distance between the distribution of the logarithms and the normal one with their own mean and
    deviation; a true log-normal stays below "ks_limit" in 95 of 100 cases (Lilliefors 1967: 0.886 / sqrt n)."""
    counted, minutes = sum(len(times) for times in lives), minutes * len(lives)
    low, high = poisson(counted)
    report: dict[str, Any] = {
        "blinks": counted,
        "per_minute": round(counted / minutes, 2),
        "per_minute_95": [round(low / minutes, 2), round(high / minutes, 2)],
    }
    logs = np.log(np.concatenate([np.diff(times) for times in lives]))
    if len(logs) < 10:
        return {**report, "median_s": None, "spread": None, "ks": None, "ks_limit": None, "log_normal": None}
    distance, limit = ks_normal(logs), 0.886 / math.sqrt(len(logs))
    return {
        **report,
        "median_s": round(float(np.exp(logs.mean())), 2),
        "spread": round(float(logs.std(ddof=1)), 3),
        "ks": round(distance, 4),
        "ks_limit": round(limit, 4),
        "log_normal": bool(distance < limit),
    }


def ks_normal(values: Series) -> float:
    """Kolmogorov and Smirnov's distance between values and the normal distribution of their own mean and deviation."""
    ordered = np.sort(values)
    z = (ordered - ordered.mean()) / max(float(ordered.std(ddof=1)), 1e-12)
    expected = np.array([0.5 * (1 + math.erf(x / math.sqrt(2))) for x in z])
    n = len(ordered)
    above, below = np.arange(1, n + 1) / n - expected, expected - np.arange(n) / n
    return float(max(above.max(), below.max()))


def gaze_report(poses: Poses) -> dict[str, Any]:
    """Share of the time in which the eyes look at the viewer, and how long such spells are, s."""
    away = np.hypot(poses[:, INDEX["gazeX"]], poses[:, INDEX["gazeY"]])
    spells = runs(np.asarray(away < MUTUAL), round(GLANCE_S * FPS))
    mutual = np.array([length for at_viewer, length in spells[1:-1] if at_viewer], np.float64) / FPS
    total = sum(length for _, length in spells)
    return {
        "mutual": round(sum(length for at_viewer, length in spells if at_viewer) / max(total, 1), 4),
        "spells": len(mutual),
        "spell_mean_s": round(float(mutual.mean()), 2) if len(mutual) else None,
        "spell_median_s": round(float(np.median(mutual)), 2) if len(mutual) else None,
    }


def runs(flags: NDArray[np.bool_], shortest: int) -> list[tuple[bool, int]]:
    """(value, length) of runs; one shorter than `shortest` belongs to the run before it."""
    found: list[tuple[bool, int]] = []
    for value, group in itertools.groupby(flags.tolist()):
        length = sum(1 for _ in group)
        if found and (length < shortest or found[-1][0] == value):
            found[-1] = (found[-1][0], found[-1][1] + length)
        else:
            found.append((value, length))
    return found


def autocorrelation(values: Series, most: int) -> Series:
    """(most + 1,): correlation of a series with itself so many samples later, each by its own number of pairs."""
    n = len(values)
    centred = values - values.mean()
    spectrum = np.fft.rfft(centred, 2 * n)
    sums = np.fft.irfft(spectrum * np.conj(spectrum), 2 * n)[: most + 1]
    energy = float(centred @ centred)
    return np.asarray(sums / max(energy, 1e-12) * n / (n - np.arange(most + 1)))


def repetition(values: Series, fps: float) -> tuple[float, float]:
    """(lag s, r) of the highest peak of the autocorrelation from SHORTEST_S to LONGEST_S (a third of the series at
    most), beyond the first fall to a tenth; (0, 0) where there is no peak. A loop has r near 1."""
    most = min(round(LONGEST_S * fps), len(values) // 3)
    r = autocorrelation(values, most)
    fallen = np.flatnonzero(r < 0.1)
    first = max(round(SHORTEST_S * fps), int(fallen[0]) if len(fallen) else most)
    inner = np.arange(max(first, 1), most)
    peaks = inner[(r[inner] >= r[inner - 1]) & (r[inner] >= r[inner + 1]) & (r[inner] > 0)]
    if not len(peaks):
        return 0.0, 0.0
    best = int(peaks[np.argmax(r[peaks])])
    return best / fps, float(r[best])


def head_report(poses: Poses) -> dict[str, Any]:
    """For each angle of the head its deviation, degrees, and the strongest repetition."""
    report = {}
    for name in ("headYaw", "headPitch", "headRoll"):
        values = poses[::SLOWER, INDEX[name]].astype(np.float64)
        lag, r = repetition(values, FPS / SLOWER)
        report[name] = {"deviation": round(float(values.std()), 2), "lag_s": round(lag, 1), "r": round(r, 3)}
    return report
