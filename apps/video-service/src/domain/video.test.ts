import { describe, expect, it } from 'vitest'
import { downloadName, foldTitle } from './title.ts'
import { videoStates } from './video.ts'

describe('a video', () => {
  it('once ready stays ready', () => {
    expect(videoStates.moves.ready).toEqual([])
  })

  it('is queued from an upload, a hand-back or a retry', () => {
    expect(videoStates.before('queued')).toEqual(['uploading', 'processing', 'failed'])
  })
})

describe('a title', () => {
  it('is found without its accents', () => {
    expect(foldTitle('Férias em Maceió')).toBe('ferias em maceio')
  })

  it.each([
    ['férias.mov', 'férias.mp4'],
    ['../../etc/passwd', '__.._etc_passwd.mp4'],
    ['a"b\r\nSet-Cookie: x.mkv', 'a_b__Set-Cookie_ x.mp4'],
    ['.mp4', '_mp4.mp4'],
    ['aula 1.2 – intro', 'aula 1.2 – intro.mp4'],
  ])('%j is saved as %j', (title, name) => {
    expect(downloadName(title, 'mp4')).toBe(name)
  })
})
