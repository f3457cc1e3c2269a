import { describe, expect, it } from 'vitest'
import { type SoundRendition, type SubtitlesRendition, soundTags, subtitleTags } from './media-tags.ts'

const sound = (name: string, changes: Partial<SoundRendition> = {}): SoundRendition => ({
  name,
  language: undefined,
  title: undefined,
  role: 'main',
  ...changes,
})
const text = (name: string, changes: Partial<SubtitlesRendition> = {}): SubtitlesRendition => ({
  name,
  language: undefined,
  title: undefined,
  preferred: false,
  forced: false,
  hearingImpaired: false,
  ...changes,
})

describe('sounds', () => {
  it('are told by language and by what they are for; the first is heard where nobody chooses', () => {
    expect(
      soundTags([
        sound('audio', { language: 'pt' }),
        sound('audio1', { language: 'en', title: 'Director "X"', role: 'commentary' }),
        sound('audio2', { language: 'pt', role: 'description' }),
      ]),
    ).toEqual([
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="português",LANGUAGE="pt",DEFAULT=YES,AUTOSELECT=YES,URI="audio.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Director ’X’",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=NO,CHARACTERISTICS="private.balcao.commentary",URI="audio1.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="português 2",LANGUAGE="pt",DEFAULT=NO,AUTOSELECT=YES,CHARACTERISTICS="public.accessibility.describes-video",URI="audio2.m3u8"',
    ])
  })

  it('of which a player could not tell one from the other are chosen by a person only', () => {
    const tags = soundTags([sound('audio'), sound('audio1'), sound('audio2', { language: 'en' })])
    expect(tags.map((tag) => /NAME="(.+?)".*AUTOSELECT=(\w+)/.exec(tag)?.slice(1))).toEqual([
      ['1', 'YES'],
      ['2', 'NO'],
      ['English', 'YES'],
    ])
  })
})

describe('subtitles', () => {
  it('are shown where their author wishes so, one of them at most', () => {
    const tags = subtitleTags([
      text('text3'),
      text('text4', { preferred: true, language: 'pt' }),
      text('text5', { preferred: true, language: 'en', hearingImpaired: true }),
      text('text6', { language: 'en', forced: true }),
    ])
    expect(tags.map((tag) => /DEFAULT=(\w+)/.exec(tag)?.[1])).toEqual(['NO', 'YES', 'NO', 'NO'])
    expect(tags[2]).toContain(
      'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"',
    )
    expect(tags[3]).toContain('AUTOSELECT=YES,FORCED=YES,URI="text6.m3u8"')
  })
})
