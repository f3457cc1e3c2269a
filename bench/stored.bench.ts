import { stat } from 'node:fs/promises'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, it } from 'vitest'
import { openClips } from '../apps/video-service/test/clips.ts'
import { type House, openHouse, processFile } from '../apps/video-service/test/support.ts'
import { median, record } from './record.ts'

const SECONDS = 6
/** What does not compress to nothing, as a camera's picture does not. */
const filter = ['-vf', 'noise=alls=6:allf=t,format=yuv420p']
const h264 = [...filter, '-c:v', 'libx264', '-preset', 'veryfast', '-g', '60', '-c:a', 'aac']
const faststart = ['-movflags', '+faststart']

/** A film for each plan and more for those that encode. */
const films: [what: string, file: string, options: readonly string[], size: string][] = [
  ['H.264 and AAC in MP4, served as it is', 'serve.mp4', [...h264, ...faststart], '1280x720'],
  ['the same, index at the end', 'last.mp4', h264, '1280x720'],
  ['the same in Matroska', 'remux.mkv', h264, '1280x720'],
  ['H.264 and AC-3', 'ac3.mkv', [...h264, '-c:a', 'ac3'], '1280x720'],
  ['H.264 with one key frame in 12 s', 'gop.mp4', [...h264, '-g', '900', ...faststart], '1280x720'],
  ['H.264 of 1440p', 'large.mp4', [...h264, ...faststart], '2560x1440'],
  [
    'HEVC and AAC of 720p',
    'hevc.mp4',
    [...filter, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-c:a', 'aac'],
    '1280x720',
  ],
  [
    'VP8 and Opus of 480p',
    'vp8.webm',
    [...filter, '-c:v', 'libvpx', '-b:v', '2M', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'],
    '854x480',
  ],
  ['MPEG-4 and MP3 of 480p', 'old.avi', [...filter, '-c:v', 'mpeg4', '-q:v', '5', '-c:a', 'libmp3lame'], '640x480'],
  ['sound alone', 'sound.mp3', ['-vn', '-b:a', '192k'], '16x16'],
]

let house: House
let clips: Awaited<ReturnType<typeof openClips>>
beforeAll(async () => {
  house = await openHouse({ store: objectStore })
  clips = await openClips()
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

/** Bytes and objects that a film's outputs take once its loose segments are gone, and bytes that they took when nothing was
 *  packed: segments, and an MP4 that was about as large as the one of today. */
async function stored(jobId: string) {
  let [loose, packed, other, objects] = [0, 0, 0, 0]
  let film = 0
  for await (const { key, size } of house.need.media.list(`output/ana/${jobId}/`)) {
    if (key.includes('/packed/')) packed += size
    else if (/\d\.m4s$|init\.mp4$/.test(key)) loose += size
    else other += size
    if (!/\d\.m4s$|init\.mp4$/.test(key)) objects++
    if (/packed\/(video\.mp4|audio\.m4a)$/.test(key)) film += size
  }
  return { before: loose + film + other, after: packed + other, objects }
}

it('measures what is stored of films of each plan', async () => {
  const ratios: { what: string; before: number; after: number; objects: number }[] = []
  for (const [what, file, options, size] of films) {
    const seconds = file === 'gop.mp4' ? 2 * SECONDS : SECONDS
    const path = await clips.film(file, options, { size, seconds })
    const { jobId, state } = await processFile(house, 'ana', path)
    if (state !== 'ready') throw new Error(`${what}: ${state}`)
    const source = (await stat(path)).size
    const { before, after, objects } = await stored(jobId)
    ratios.push({ what, before: before / source, after: after / source, objects })
  }
  const how = `${SECONDS} s each, of a test picture with noise and a tone; everything below output/, without the original, ÷ the upload.`
  record('stored', [
    ...(['before', 'after'] as const).map((when) => ({
      claim: `stored ÷ source, median of ${films.length} films, ${when === 'before' ? 'with loose segments and an MP4' : 'packed'}`,
      unit: '×',
      runs: [median(ratios.map((ratio) => ratio[when]))],
      goal: when === 'after' ? { atMost: 1.6 } : undefined,
      how,
    })),
    ...ratios.map(({ what, before, after, objects }) => ({
      claim: `stored ÷ source, ${what}`,
      unit: '×',
      runs: [after],
      goal: undefined,
      how: `${before.toFixed(2)} × with loose segments and an MP4; ${objects} objects.`,
    })),
  ])
})
