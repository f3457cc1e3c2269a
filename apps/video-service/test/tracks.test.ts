import { objectStore } from '@balcao/object-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { h264, openClips } from './clips.ts'
import { masterTags } from './master-tags.ts'
import { type House, openHouse, processFile } from './support.ts'

let house: House
let clips: Awaited<ReturnType<typeof openClips>>
beforeAll(async () => {
  house = await openHouse({ store: objectStore })
  clips = await openClips()
  await clips.text('pt.srt', srt('<i>Olá,</i> mundo', 'Tudo <script>bem()</script> & você?'))
  await clips.text('gps.srt', srt('GPS (-23.5505, -46.6333)', 'GPS (-23.5506, -46.6334)'))
  await clips.text('en.ass', ass('{\\i1}Hello{\\i0}\\Nworld', '{\\p1}m 0 0 l 100 0 100 100{\\p0}'))
  await clips.text('chapters.txt', `;FFMETADATA1\n${chapter(0, 2, 'Começo')}${chapter(2, 4, 'Fim')}`)
  await clips.text('pictures.sup', Buffer.concat([0, 1, 2].map(presentation)))
})
afterAll(async () => {
  await house?.close()
  await clips?.remove()
})

const srt = (...texts: string[]) =>
  texts.map((text, i) => `${i + 1}\n00:00:0${i},500 --> 00:00:0${i + 1},250\n${text}\n`).join('\n')
const ass = (...texts: string[]) =>
  [
    '[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,20\n',
    '[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
    ...texts.map((text, i) => `Dialogue: 0,0:00:0${i}.50,0:00:0${i + 1}.25,Default,,0,0,0,,${text}`),
  ].join('\n')
const chapter = (start: number, end: number, title: string) =>
  `[CHAPTER]\nTIMEBASE=1/1\nSTART=${start}\nEND=${end}\ntitle=${title}\n`
/** A composition of no picture at all, at a second of the film (HDMV presentation graphics). */
function presentation(second: number): Buffer {
  const head = Buffer.alloc(13)
  head.write('PG')
  head.writeUInt32BE(second * 90_000, 2)
  head.writeUInt8(0x16, 10)
  head.writeUInt16BE(11, 11)
  return Buffer.concat([head, Buffer.from('0140 00f0 10 0000 80 00 00 00'.replaceAll(' ', ''), 'hex')])
}

const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=30:d=4']
const sound = ['-f', 'lavfi', '-i', 'sine=440:r=48000:d=4']
const texts = ['-i', 'pt.srt', '-i', 'en.ass']
const chapters = ['-f', 'ffmetadata', '-i', 'chapters.txt', '-map_chapters', '4']
const told = [
  ...['-metadata:s:a:0', 'language=por', '-metadata:s:s:0', 'language=por', '-metadata:s:s:1', 'language=eng'],
  ...['-metadata:s:s:1', 'title=For those who do not hear', '-disposition:s:0', 'default'],
  ...['-disposition:s:1', 'hearing_impaired'],
]
const four = ['-map', '0', '-map', '1', '-map', '2', '-map', '3']

/** What is offered to whoever watches. */
async function shown(id: string) {
  const ana = house.as('ana')
  const { body: playback } = await ana('GET', `/videos/${id}/playback`)
  const read = async (file: string) => (await house.as('')('GET', playback.url.replace('master.m3u8', file))).text
  const master = await read('master.m3u8')
  const tags = (type: 'AUDIO' | 'SUBTITLES') => masterTags(master, type)
  const text = async (uri: string) => {
    const playlist = await read(uri)
    expect(playlist).toContain('#EXT-X-ENDLIST')
    const answer = await fetch(playlist.split('\n').find((line) => line.startsWith('http'))!)
    expect(answer.headers.get('content-type')).toBe('text/vtt')
    return answer.text()
  }
  return { playback, master, tags, text, video: (await ana('GET', `/videos/${id}`)).body }
}

describe('a film with subtitles and chapters', () => {
  it.each<[container: string, file: string, codecs: readonly string[]]>([
    ['Matroska', 'all.mkv', [...h264, '-c:s:0', 'srt', '-c:s:1', 'ass']],
    ['MP4', 'all.mp4', [...h264, '-c:s', 'mov_text', '-movflags', '+faststart']],
    ['Matroska, encoded', 'old.mkv', ['-c:v', 'mpeg4', '-c:a', 'ac3', '-c:s:0', 'srt', '-c:s:1', 'ass']],
  ])('shows them: %s', async (_, file, codecs) => {
    await clips.made(file, [...picture, ...sound, ...texts, ...chapters, ...four, ...told, ...codecs])
    const { id, state, stumbles } = await processFile(house, 'ana', clips.path(file))
    expect([state, stumbles]).toEqual(['ready', []])
    const { playback, tags, text, video } = await shown(id)
    expect(playback.chapters).toEqual([
      { startSeconds: expect.closeTo(0, 1), title: 'Começo' },
      { startSeconds: expect.closeTo(2, 1), title: 'Fim' },
    ])
    const [pt, en] = tags('SUBTITLES')
    expect(pt).toMatchObject({ LANGUAGE: 'pt', NAME: 'português', DEFAULT: 'YES' })
    expect(en).toMatchObject({
      LANGUAGE: 'en',
      DEFAULT: 'NO',
      CHARACTERISTICS: expect.stringContaining('describes-music'),
    })
    expect(video.leftOut).toEqual([])
    // What is encoded is late by a little, and the words with it.
    const late = file === 'old.mkv' ? 18_000 : 0
    expect(await text(pt!.URI!)).toContain(`X-TIMESTAMP-MAP=MPEGTS:${late},LOCAL:00:00:00.000`)
    expect(await text(pt!.URI!)).toMatch(/-->.*\n<i>Olá,<\/i> mundo\n\n.*-->.*\nTudo bem\(\) &amp; você\?\n/)
    expect(await text(en!.URI!)).toMatch(/^[^>]*-->.*\n<i>Hello<\/i>\nworld\n$/)
  })
})

describe('what cannot be watched is told', () => {
  it('subtitles that are pictures', async () => {
    const inputs = [...picture, ...sound, '-i', 'pt.srt', '-i', 'pictures.sup', '-i', 'pictures.sup']
    const codecs = [...h264, '-c:s', 'copy']
    await clips.made('pictures.mkv', [...inputs, ...four, '-map', '4', ...codecs])
    const { id, state } = await processFile(house, 'ana', clips.path('pictures.mkv'))
    const { tags, video } = await shown(id)
    expect([state, tags('SUBTITLES').length]).toEqual(['ready', 1])
    expect(video.leftOut).toEqual([{ why: 'pictures', tracks: 2 }])
  })

  it('where a drone was, beside what its owner wrote', async () => {
    const inputs = [...picture, ...sound, '-i', 'pt.srt', '-i', 'gps.srt']
    await clips.made('drone.mp4', [...inputs, ...four, ...h264, '-c:s', 'mov_text'])
    const { id } = await processFile(house, 'ana', clips.path('drone.mp4'))
    const { tags, video } = await shown(id)
    expect(tags('SUBTITLES')).toHaveLength(1)
    expect(video.leftOut).toEqual([{ why: 'readings', tracks: 1 }])
  })

  it('text in letters that nobody can tell', async () => {
    await clips.text('odd.srt', Buffer.from(srt('Ol\u00e1'), 'latin1'))
    await clips.made('odd.mkv', [
      ...picture,
      ...sound,
      '-sub_charenc',
      'bin',
      '-i',
      'odd.srt',
      ...four.slice(0, 6),
      ...h264,
      '-c:s',
      'copy',
    ])
    const { id, state } = await processFile(house, 'ana', clips.path('odd.mkv'))
    const { tags, video } = await shown(id)
    expect([state, tags('SUBTITLES')]).toEqual(['ready', []])
    expect(video.leftOut).toEqual([{ why: 'unreadable', tracks: 1 }])
  })
})
