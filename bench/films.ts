/** HEVC as phones write it, in a picture format that every player knows. */
export const hevc = [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:keyint=60'],
  ...['-pix_fmt', 'yuv420p', '-tag:v', 'hvc1'],
]

/** H.264 that needs no encoding: what phones and screen recorders write, at a rate that is served as it is. */
export const h264 = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-pix_fmt', 'yuv420p', '-g', '60'],
  ...['-b:v', '4M', '-maxrate', '6M', '-bufsize', '6M', '-c:a', 'aac'],
]
