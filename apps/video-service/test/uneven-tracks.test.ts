import { ManualClock } from '@balcao/kernel'
import { describe, expect, it } from 'vitest'
import { h264 } from './clips.ts'
import { filmHouse } from './support.ts'

const films = filmHouse({ clock: new ManualClock() })

const shown = (seconds: number, rate = '30') => ['-f', 'lavfi', '-i', `testsrc2=s=320x240:r=${rate}:d=${seconds}`]
const heard = (seconds: number) => ['-f', 'lavfi', '-i', `sine=440:r=48000:d=${seconds}`]
const late = (seconds: number, input: readonly string[]) => ['-itsoffset', String(seconds), ...input]
const both = ['-map', '0', '-map', '1']
const mp4 = [...both, ...h264, '-movflags', '+faststart']
const old = [...both, '-c:v', 'mpeg4', '-c:a', 'ac3']

describe('a film whose tracks begin and end apart', () => {
  it.each<[what: string, file: string, made: readonly string[], seconds: number]>([
    ['sound begins late and ends with the picture', 'a.mp4', [...shown(4), ...late(1.5, heard(2.5)), ...mp4], 4],
    ['sound begins late and ends later', 'b.mp4', [...shown(4), ...late(1.5, heard(4)), ...mp4], 5.5],
    ['sound begins late, encoded', 'c.mov', [...shown(4), ...late(1.5, heard(4)), ...both, '-c:v', 'mpeg4'], 5.5],
    ['sound begins late, in Matroska', 'd.mkv', [...shown(4), ...late(1.5, heard(2.5)), ...both, ...h264], 4],
    ['sound begins late, in WebM', 'e.webm', [...shown(3), ...late(1.5, heard(3)), ...both, '-c:v', 'libvpx'], 4.5],
    [
      'sound begins late, in FLV',
      'f.flv',
      [...shown(4), ...late(1.5, heard(3)), ...both, ...h264, '-ar', '44100'],
      4.5,
    ],
    ['sound begins late, in a transport stream', 'g.ts', [...shown(4), ...late(1.5, heard(4)), ...both, ...h264], 5.5],
    ['picture begins late', 'h.mp4', [...late(1.5, shown(3)), ...heard(4), ...mp4], 4.5],
    ['picture begins late, encoded', 'i.mkv', [...late(1.5, shown(3)), ...heard(4), ...old], 4.5],
    ['picture ends early', 'j.mp4', [...shown(2), ...heard(5), ...mp4], 5],
    ['picture ends early, encoded', 'k.mkv', [...shown(2), ...heard(5), ...old], 5],
    ['picture is one frame', 'l.mp4', [...shown(1, '1'), ...heard(5), ...mp4], 5],
    ['sound ends early', 'm.mp4', [...shown(5), ...heard(2), ...mp4], 5],
    ['sound ends early, in AVI', 'n.avi', [...shown(4), ...heard(3), ...both, '-c:v', 'mpeg4', '-c:a', 'mp3'], 4],
    ['there is only sound, which begins late', 'o.mka', [...late(1.5, heard(3)), '-c:a', 'aac'], 3],
    [
      'both begin where another recording ended',
      'p.ts',
      [...late(1000, shown(4)), ...late(1000, heard(4)), ...both, ...h264, '-copyts'],
      4,
    ],
  ])('is whole: %s', async (_, file, made, seconds) => {
    const expected = { state: 'ready', durationSeconds: expect.closeTo(seconds, 0), problem: null, stumbles: [] }
    expect(await films.process(await films.clips.made(file, made))).toMatchObject(expected)
  })
})

it.each([
  ['h2.mp4', mp4],
  ['i2.mkv', old],
])(
  'a picture that begins late is shown since the beginning, since players of HLS begin with it: %s',
  async (file, as) => {
    const { id } = await films.process(await films.clips.made(file, [...late(1.5, shown(3)), ...heard(4), ...as]))
    const found = await films.house.platform.sql.first<{ begins: number; ends: number }>(
      `select min(begins) as begins, max(begins + duration) as ends from segments
     where video_id = $1 and rendition not like 'audio%'`,
      [id],
    )
    expect(found).toEqual({ begins: expect.closeTo(0, 1), ends: expect.closeTo(4.5, 1) })
  },
)

describe('a film whose frames last', () => {
  it.each<[what: string, file: string, made: readonly string[], seconds: number]>([
    ['an animated picture', 'a.gif', shown(2, '10'), 2],
    ['an animated picture whose last frame stays', 'b.gif', [...shown(1, '10'), '-final_delay', '300'], 4],
    ['a slide show', 'c.mkv', [...shown(20, '1/4'), ...heard(20), ...old], 20],
    ['a slide show, copied', 'd.mp4', [...shown(20, '1/4'), ...heard(20), ...both, ...h264], 20],
  ])('is whole: %s', async (_, file, made, seconds) => {
    const expected = { state: 'ready', durationSeconds: expect.closeTo(seconds, 0), problem: null, stumbles: [] }
    expect(await films.process(await films.clips.made(file, made))).toMatchObject(expected)
  })
})

it('a recording that stands still for a while is whole, made evenly', async () => {
  const still = ['-vf', "select='not(between(t,4,18))'", '-vsync', 'vfr', '-c:v', 'mpeg4', '-c:a', 'ac3']
  const found = await films.process(
    await films.clips.made('still.mkv', [...shown(22, '20'), ...heard(22), ...both, ...still]),
  )
  expect(found).toMatchObject({ state: 'ready', durationSeconds: expect.closeTo(22, 0), problem: null })
})
