"""A grid of triangles that stands still in the frame while its vertices' sources move.

The field that is drawn with says for each vertex where it came from, so the mesh covers every pixel in any pose: had
the vertices moved themselves, a torn or folded place would show as a hole. The sums of weights and bases are made on
the processor: a few thousand numbers a frame, a fraction of a millisecond, by the very code of the other renderer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.face.warp import Grid, sample

Floats = NDArray[np.float32]


class Mesh:
    """Vertices at a grid's nodes, and `finer` - 1 between each two of them. A graphics processor joins three vertices
    by a plane where the other renderer joins four nodes by a bilinear patch; the difference falls with the square of
    `finer`."""

    def __init__(self, gl: Any, grid: Grid, copies: int, finer: int) -> None:
        """`copies` is the number of sources of each vertex; `gl` a moderngl context."""
        columns, rows = (grid.columns - 1) * finer + 1, (grid.rows - 1) * finer + 1
        x, y = (np.arange(count, dtype=np.float32) / np.float32(finer) for count in (columns, rows))
        self._index = np.stack(np.meshgrid(x, y), -1)
        places = sample(grid.nodes(), self._index)
        self._gl = gl
        self._places = gl.buffer(places.tobytes())
        self._sources = [gl.buffer(reserve=places.nbytes, dynamic=True) for _ in range(copies)]
        self._corners = gl.buffer(_triangles(columns, rows).tobytes())

    def move(self, *sources: Floats) -> None:
        """(rows, columns, 2) each: where the grid's nodes came from."""
        for buffer, source in zip(self._sources, sources, strict=True):
            buffer.write(np.ascontiguousarray(sample(source, self._index)))

    def drawn_by(self, program: Any, names: dict[str, int]) -> Any:
        """A vertex array for a program whose attributes of these names read these sources."""
        content = [(self._places, "2f", "place")]
        content += [(self._sources[index], "2f", name) for name, index in names.items()]
        return self._gl.vertex_array(program, content, index_buffer=self._corners)


def _triangles(columns: int, rows: int) -> NDArray[np.int32]:
    """(6 * cells,): the vertices of two triangles for each cell."""
    first = np.arange((rows - 1) * columns, dtype=np.int32).reshape(rows - 1, columns)[:, :-1]
    cells = np.stack([first, first + 1, first + columns, first + 1, first + columns + 1, first + columns], -1)
    return np.ascontiguousarray(cells.ravel(), np.int32)
