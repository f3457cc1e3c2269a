import { buffer } from 'node:stream/consumers'
import { ManualClock } from '@balcao/kernel'
import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { h264, openClips } from './clips.ts'
import { type House, openHouse, processFile } from './support.ts'

let house: House
let clips: Awaited<ReturnType<typeof openClips>>
beforeAll(async () => {
  house = await openHouse({ clock: new ManualClock(), store: objectStore })
  clips = await openClips()
  await clips.text('gps.srt', '1\n00:00:00,000 --> 00:00:03,000\nSECRET GPS (-23.5505, -46.6333)\n')
  await clips.text(
    'tags.txt',
    `;FFMETADATA1\n${everyTag}[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=3\ntitle=SECRET chapter\n`,
  )
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

const everyTag = ['location', 'artist', 'title', 'comment', 'make', 'model', 'com.apple.quicktime.location.ISO6709']
  .map((tag) => `${tag}=SECRET ${tag}\n`)
  .join('')
const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=30:d=3']
const sound = ['-f', 'lavfi', '-i', 'sine=440:r=48000:d=3']
const tags = ['-f', 'ffmetadata', '-i', 'tags.txt']
const subtitles = ['-i', 'gps.srt']
/** Beside every key frame, as dashboard cameras write it; the UUID is nobody's. */
const sei = ['-bsf:v', 'h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+SECRET beside the picture']
const first = ['-movflags', '+faststart']
const tagged = ['-map', '0', '-map', '1', '-map_metadata', '2', '-metadata:s:v', 'handler_name=SECRET camera']
const own = ['-movflags', '+faststart+use_metadata_tags']

/** All that was made of an upload and may leave the house. */
async function outputs(jobId: string): Promise<Map<string, Buffer>> {
  const bucket = house.platform.objects.bucket(house.platform.config.store.mediaBucket)
  const found = new Map<string, Buffer>()
  for await (const { key } of bucket.list(`output/ana/${jobId}/`)) found.set(key, await buffer(await bucket.get(key)))
  return found
}

describe('no output of any plan tells what the upload told beside its picture and sound', () => {
  it.each<[what: string, file: string, made: readonly string[]]>([
    ['tags of an MP4', 'tags.mp4', [...picture, ...sound, ...tags, ...tagged, ...h264, ...own]],
    ['tags of an MP4 with a free box of its own', 'free.mp4', [...picture, ...sound, ...h264, ...first]],
    [
      'a subtitle track, as drones write it',
      'drone.mp4',
      [...picture, ...sound, ...subtitles, ...h264, '-c:s', 'mov_text', ...first],
    ],
    [
      'a subtitle track in Matroska, beside titles of tracks',
      'drone.mkv',
      [
        ...picture,
        ...sound,
        ...subtitles,
        ...h264,
        ...['s', 'a', 'v'].flatMap((t) => [`-metadata:s:${t}`, 'title=SECRET']),
      ],
    ],
    ['messages beside the pictures', 'sei.mp4', [...picture, ...sound, ...h264, ...sei, ...first]],
    ['messages beside the pictures, remuxed', 'sei.mkv', [...picture, ...sound, ...h264, ...sei]],
    ['messages beside the pictures, in a transport stream', 'sei.ts', [...picture, ...sound, ...h264, ...sei]],
    ['tags and chapters of Matroska', 'tags.mkv', [...picture, ...sound, ...tags, ...tagged, ...h264]],
    [
      'tags, with sound that is encoded',
      'ac3.mkv',
      [...picture, ...sound, ...tags, ...tagged, ...h264, ...sei, '-c:a', 'ac3'],
    ],
    [
      'tags, with a picture that is cut anew',
      'gop.mp4',
      [...picture, ...sound, ...tags, ...tagged, ...h264, ...sei, '-g', '900', '-bf', '2', ...own],
    ],
    ['tags, with a picture that is encoded', 'old.mov', [...picture, ...sound, ...tags, ...tagged, '-c:v', 'mpeg4']],
    ['tags of sound alone', 'sound.m4a', [...sound, ...tags, '-map', '0', '-map_metadata', '1', '-c:a', 'aac']],
  ])('%s', async (_, file, made) => {
    await clips.made(file, made)
    if (file === 'free.mp4') await clips.addBox(file, 'free', 'SECRET beside the boxes')
    const { jobId, state, stumbles } = await processFile(house, 'ana', clips.path(file))
    expect([state, stumbles]).toEqual(['ready', []])
    const all = await outputs(jobId)
    expect(all.size).toBeGreaterThan(2)
    // A storyboard is an output like any other; sound alone has none.
    expect([...all.keys()].filter((key) => key.endsWith('/storyboard.jpg'))).toHaveLength(file === 'sound.m4a' ? 0 : 1)
    const telling = [...all].filter(([, bytes]) => bytes.includes('SECRET')).map(([key]) => key)
    expect(telling).toEqual([])
  })

  it('the upload tells it', async () => {
    for (const file of ['tags.mp4', 'drone.mp4', 'sei.mp4', 'free.mp4', 'sei.ts', 'old.mov'])
      expect(await clips.holds(file, 'SECRET')).toBe(true)
  })
})
