"""The shaders, GLSL ES 3.00. What they compute is what `render_cpu.py`, `eyes.py` and `mouth.py` compute; the names are
the same, and a test holds the pictures together. Positions are frame pixels, pixel centres at whole numbers; colours
are 0..1, and the person's and the mouth's are premultiplied.
"""

from __future__ import annotations

HEAD = """#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp sampler2DArray;
"""

SLIT = """
uniform vec2 centre;
uniform vec2 direction;   // of the slit's own x axis
uniform float half_width;
uniform sampler2D curves; // one row of samples: local y of the upper, the lower and the meeting line

vec2 local(vec2 place) {  // slit.py, Slit.local
    vec2 r = place - centre;
    return vec2(dot(r, direction) / half_width, r.y * direction.x - r.x * direction.y);
}

vec3 curve(float u) {     // slit.py, Slit.curve
    int last = textureSize(curves, 0).x - 1;
    float at = clamp(u * 0.5 + 0.5, 0.0, 1.0) * float(last);
    int left = min(int(at), last - 1);
    return mix(texelFetch(curves, ivec2(left, 0), 0).rgb, texelFetch(curves, ivec2(left + 1, 0), 0).rgb,
               at - float(left));
}
"""

SKIN = """
uniform sampler2D person; // the photograph's person with the eyes as they are now

vec4 taken(vec2 place) {
    return texture(person, (place + 0.5) / vec2(textureSize(person, 0)));
}
"""

FIGURE_VERTEX = (
    HEAD
    + """
uniform vec4 view;        // x, y, width, height of the target in the frame
in vec2 place;
in vec2 source;           // where this vertex came from
out vec2 from;

void main() {
    from = source;
    gl_Position = vec4((place + 0.5 - view.xy) / view.zw * 2.0 - 1.0, 0.0, 1.0);
}
"""
)

FIGURE_FRAGMENT = (
    HEAD
    + SKIN
    + """
uniform sampler2D behind;
uniform vec4 view;
in vec2 from;
out vec4 colour;

void main() {
    vec4 seen = taken(from);
    vec3 past = texelFetch(behind, ivec2(gl_FragCoord.xy + view.xy), 0).rgb;
    colour = vec4(seen.rgb + past * (1.0 - seen.a), 1.0);
}
"""
)

MOUTH_VERTEX = (
    HEAD
    + """
uniform vec4 view;
in vec2 place;
in vec2 source_upper;
in vec2 source_lower;
out vec2 from_upper;
out vec2 from_lower;

void main() {
    from_upper = source_upper;
    from_lower = source_lower;
    gl_Position = vec4((place + 0.5 - view.xy) / view.zw * 2.0 - 1.0, 0.0, 1.0);
}
"""
)

MOUTH_FRAGMENT = (
    HEAD
    + SKIN
    + SLIT
    + """
uniform vec4 view;
uniform sampler2DArray layers;  // cavity, tongue, lower, upper teeth; one pixel of border around each
uniform mat2 undo;              // frame -> layers
uniform vec2 origin;            // the layers' first pixel in the frame, at rest
uniform vec2 shifts[4];
in vec2 from_upper;
in vec2 from_lower;
out vec4 colour;

vec3 inside() {                 // mouth.py, MouthInside.draw
    vec2 place = gl_FragCoord.xy - 0.5 + view.xy;
    vec2 size = vec2(textureSize(layers, 0).xy);
    vec3 result = vec3(0.0);
    for (int k = 0; k < 4; k++) {
        vec2 at = undo * (place - origin - shifts[k]);
        vec4 layer = texture(layers, vec3((at + 1.5) / size, float(k)));
        result = layer.rgb + result * (1.0 - layer.a);
    }
    return result;
}

float shade(float under_upper, float over_lower, float along) {
    float upper = 1.0 - 0.45 * exp(-max(under_upper, 0.0) / (0.12 * half_width));
    float lower = 1.0 - 0.35 * exp(-max(over_lower, 0.0) / (0.06 * half_width));
    return min(upper, lower) * (1.0 - 0.2 * pow(min(abs(along), 1.0), 3.0));
}

void main() {                   // render_cpu.py, RenderCpu._open_mouth
    vec2 upper = local(from_upper), lower = local(from_lower);
    float under_upper = upper.y - curve(upper.x).r;
    float over_lower = curve(lower.x).g - lower.y;
    float above = clamp(0.5 - under_upper, 0.0, 1.0), below = clamp(0.5 - over_lower, 0.0, 1.0);
    above = min(above, 1.0 - (under_upper > -1.5 ? below : 0.0));
    float gap = clamp(1.0 - above - below, 0.0, 1.0);
    float between = gap * clamp((0.94 - abs(upper.x)) * 10.0, 0.0, 1.0);
    above += (gap - between) / 2.0;
    below += (gap - between) / 2.0;
    vec3 result = inside() * shade(under_upper, over_lower, upper.x) * between;
    result += taken(from_upper).rgb * above + taken(from_lower).rgb * below;
    colour = vec4(result / (above + below + between), 1.0);
}
"""
)

CELL_VERTEX = (
    HEAD
    + """
uniform vec4 view;
in vec2 place;
in vec2 from_rest_upper;
in vec2 from_rest_lower;
in vec2 first_upper;       // places in the first cell's pixels
in vec2 first_lower;
in vec2 second_upper;
in vec2 second_lower;
out vec2 from_upper;
out vec2 from_lower;
out vec4 first;
out vec4 second;

void main() {
    from_upper = from_rest_upper;
    from_lower = from_rest_lower;
    first = vec4(first_upper, first_lower);
    second = vec4(second_upper, second_lower);
    gl_Position = vec4((place + 0.5 - view.xy) / view.zw * 2.0 - 1.0, 0.0, 1.0);
}
"""
)

CELL_FRAGMENT = (
    HEAD
    + SLIT
    + """
uniform sampler2DArray cells;
uniform vec4 picks;        // first cell and its share, second cell and its share
uniform vec2 inner;        // their shares between the lips
in vec2 from_upper;
in vec2 from_lower;
in vec4 first;
in vec4 second;
out vec4 colour;           // premultiplied

vec4 cell(float index, float share, vec4 places, float below) {
    vec2 at = mix(places.xy, places.zw, below);
    vec4 seen = texture(cells, vec3((at + 0.5) / vec2(textureSize(cells, 0).xy), index));
    return vec4(seen.rgb, 1.0) * (seen.a * share);
}

void main() {              // overlays.py, Overlay.lay
    vec2 upper = local(from_upper), lower = local(from_lower);
    float under_upper = upper.y - curve(upper.x).r, over_lower = curve(lower.x).g - lower.y;
    float under = max(under_upper + 0.5, 0.0), over = max(over_lower + 0.5, 0.0);
    float below = under + over > 0.0 ? under / (under + over) : (under_upper > -1.5 ? 1.0 : 0.0);
    float inside = clamp(min(under_upper, over_lower) + 0.5, 0.0, 1.0);
    vec2 used = mix(vec2(picks.y, picks.w), inner, inside);
    colour = cell(picks.x, used.x, first, below) + cell(picks.z, used.y, second, below);
}
"""
)

EYE_VERTEX = (
    HEAD
    + """
in vec2 corner;

void main() {
    gl_Position = vec4(corner, 0.0, 1.0);
}
"""
)

EYE_FRAGMENT = (
    HEAD
    + SLIT
    + """
uniform vec2 first;        // the patch's first pixel in the frame
uniform sampler2D photo;   // the patch at rest
uniform sampler2D calm;    // the same, its streaks smoothed
uniform sampler2D ball;
uniform sampler2D iris;    // premultiplied, one clear pixel of border
uniform vec2 look;         // how far the iris has travelled
uniform vec2 lids;         // Lids
uniform vec2 reach;
uniform vec2 strained;     // EyePatch.strained
uniform vec3 lash;
out vec4 colour;

vec2 own;                  // this pixel in the patch
float v, arch;
vec3 edges;                // the upper lid's, the lower one's, and where they meet

float came_from(float move, float edge, float depth_of_skin, float outward) {
    float depth = -outward * (edge - v), m = -outward * move;
    float root = sqrt(max(depth_of_skin * depth_of_skin + 4.0 * m * (depth_of_skin - depth),
                          0.01 * depth_of_skin * depth_of_skin));
    float share = clamp(2.0 * (depth_of_skin - depth) / (depth_of_skin + root), 0.0, 1.0);
    return move * share * share;
}

vec4 weights(float t) {    // OpenCV's bicubic, A = -0.75
    const float A = -0.75;
    float s = 1.0 - t, a = t + 1.0, b = s + 1.0;
    return vec4(((A * a - 5.0 * A) * a + 8.0 * A) * a - 4.0 * A, ((A + 2.0) * t - (A + 3.0)) * t * t + 1.0,
                ((A + 2.0) * s - (A + 3.0)) * s * s + 1.0, ((A * b - 5.0 * A) * b + 8.0 * A) * b - 4.0 * A);
}

vec3 moved(sampler2D skin, float back) {
    vec2 place = own - back * vec2(-direction.y, direction.x);
    ivec2 base = ivec2(floor(place)), last = textureSize(skin, 0) - 1;
    vec4 across = weights(place.x - floor(place.x)), down = weights(place.y - floor(place.y));
    vec3 sum = vec3(0.0);
    for (int j = 0; j < 4; j++)
        for (int i = 0; i < 4; i++)
            sum += across[i] * down[j]
                   * texelFetch(skin, clamp(base + ivec2(i - 1, j - 1), ivec2(0), last), 0).rgb;
    return clamp(sum, 0.0, 1.0);
}

vec3 eyeball() {
    vec4 seen = texture(iris, (own - look + 1.5) / vec2(textureSize(iris, 0)));
    return seen.rgb + (1.0 - seen.a) * texelFetch(ball, ivec2(own), 0).rgb;
}

vec3 upper_lid(float from_upper) {
    vec3 skin = moved(photo, from_upper);
    if (strained.y <= 0.0) return skin;
    float here = clamp(2.0 * from_upper / strained.x, 0.0, 1.0) * arch * strained.y;
    return mix(skin, moved(calm, from_upper), here);
}

float bump(float x) {
    return exp(-x * x);
}

void main() {              // eyes.py, EyePatch._drawn
    own = floor(gl_FragCoord.xy) - first;
    vec2 at = local(first + own);
    v = at.y;
    edges = curve(at.x);
    arch = clamp((1.0 - at.x * at.x) * 2.5, 0.0, 1.0);
    float from_upper = came_from(lids.x * (edges.z - edges.x), edges.x, reach.x, -1.0);
    float from_lower = came_from(lids.y * (edges.z - edges.y), edges.y, reach.y, 1.0);
    float below = v - from_upper - edges.x;
    float upper = clamp(0.5 - below, 0.0, 1.0);
    float lower = min(clamp(0.5 + (v - from_lower - edges.y), 0.0, 1.0), 1.0 - upper);
    float dim = 1.0 - 0.4 * clamp(lids.x, 0.0, 1.0) * exp(-max(below, 0.0) / (0.22 * half_width));
    vec3 result = eyeball() * dim * (1.0 - upper - lower) + moved(photo, from_lower) * lower;
    float light = 1.0 - 0.10 * clamp(lids.x, 0.0, 1.0) * bump((below + 0.10 * half_width) / (0.16 * half_width)) * arch;
    result += upper_lid(from_upper) * light * upper;
    float width = max(0.045 * half_width, 0.7);
    float line = bump((below + 0.1 * width) / width) * arch * 0.62 * clamp(lids.x * 1.6, 0.0, 1.0);
    colour = vec4(mix(result, lash, line), 1.0);
}
"""
)
