import { describe, expect, it } from 'vitest'
import { downloadName, foldTitle } from './title.ts'
import { assertMove, MOVES, statesBefore, type VideoState } from './video.ts'

const states = Object.keys(MOVES) as VideoState[]

describe('a video', () => {
  it('makes the moves of the table and no other', () => {
    for (const from of states) {
      for (const to of states) {
        const move = () => assertMove(from, to)
        if (MOVES[from].includes(to)) expect(move).not.toThrow()
        else expect(move).toThrow(expect.objectContaining({ code: 'video/wrong_state' }))
      }
    }
  })

  it('once ready stays ready', () => {
    expect(MOVES.ready).toEqual([])
  })

  it('is queued from an upload, a hand-back or a retry', () => {
    expect(statesBefore('queued')).toEqual(['uploading', 'processing', 'failed'])
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
