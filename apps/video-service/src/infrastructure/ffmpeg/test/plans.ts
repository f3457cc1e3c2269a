import type { EncodedPicture, Plan, Sound } from '../../../domain/media/plan.ts'

export const abilities = { processors: 2, recent: true, filtersInput: false, zscale: true }
export const guards =
  '-protocol_whitelist file -format_whitelist ' +
  'aac,ac3,aiff,amr,apng,asf,avi,caf,dv,eac3,flac,flv,gif,h264,hevc,ivf,m4v,matroska,mov,mp3,mp4,mpeg,mpegts,mpegvideo,' +
  'mxf,nut,ogg,rm,w64,wav,webm,wtv -max_streams 64 -max_pixels 35389440'
export const start = '-hide_banner -nostdin -y -loglevel error -max_alloc 1073741824'
export const anonymous = '-map_metadata -1 -map_chapters -1 -sn -dn'

const rungs = [
  { name: '720', width: 1280, height: 720, crf: 21, maxRate: 8_000_000 },
  { name: '480', width: 854, height: 480, crf: 23, maxRate: 1_700_000 },
]
export const encoded = (changes: Partial<EncodedPicture> = {}): EncodedPicture => ({
  how: 'encode',
  stream: 0,
  codec: 'hevc',
  reserved: [],
  frameRate: 30,
  rungs,
  deinterlace: false,
  hdr: undefined,
  evenRate: undefined,
  segmentSeconds: 2,
  ...changes,
})
export const sound = (changes: Partial<Sound> = {}): Sound => ({
  stream: 1,
  how: 'copy',
  codecs: 'mp4a.40.2',
  sampleRate: 48_000,
  language: undefined,
  title: undefined,
  iso639: undefined,
  role: 'main',
  late: false,
  ...changes,
})
export const transcode = (changes: Partial<Plan> = {}): Plan => ({
  name: 'transcode',
  picture: encoded(),
  sounds: [sound({ how: 'encode', sampleRate: 44_100 })],
  download: 'top',
  poster: { stream: 0, cover: false },
  ...changes,
})
export const remux: Plan = {
  name: 'remux',
  picture: { how: 'copy', stream: 2, codec: 'h264', reserved: [], frameRate: 30, rungs: [rungs[0]!] },
  sounds: [sound({ stream: 3 })],
  download: 'top',
  poster: { stream: 2, cover: false },
}
