/** HEVC as phones write it, in a picture format that every player knows. */
export const hevc = [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:keyint=60'],
  ...['-pix_fmt', 'yuv420p', '-tag:v', 'hvc1'],
]
