import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filtersInput, findToolchain, isRecent } from './toolchain.ts'

let binDir: string
beforeAll(async () => {
  binDir = await mkdtemp(join(tmpdir(), 'balcao-bin-'))
})
afterAll(() => rm(binDir, { recursive: true }))

describe('ffmpeg', () => {
  it.each([
    ['ffmpeg version 5.1.9-0+deb12u1 Copyright', true],
    ['ffmpeg version n7.0 Copyright', true],
    ['ffmpeg version 8.1 Copyright', true],
    ['ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright', false],
    ['ffmpeg version 5.0.1 Copyright', false],
    ['ffmpeg version N-47683-g0e8eb07980-static', false],
    ['ffmpeg version N-118000-gabc', true],
  ])('that calls itself "%s" is recent: %s', (line, recent) => {
    expect(isRecent(line)).toBe(recent)
  })

  it.each([
    ['ffmpeg version 5.1.9-0+deb12u1 Copyright', false],
    ['ffmpeg version n7.0-7-gd38bf5e08e-20240407 Copyright', true],
    ['ffmpeg version 10.0 Copyright', true],
    ['ffmpeg version N-118000-gabc', false],
  ])('that calls itself "%s" filters what it reads: %s', (line, filters) => {
    expect(filtersInput(line)).toBe(filters)
  })

  it('is found on this machine, with ffprobe', async () => {
    const tools = await findToolchain({ configured: undefined, binDir })
    expect(tools.version).toMatch(/^ffmpeg version /)
    expect(tools.ffprobe).toMatch(/ffprobe/)
  })

  it.each([
    ['is not there', '/nowhere/ffmpeg'],
    ['is something else', ''],
  ])('that %s is missed in a sentence that says how to install it', async (_, given) => {
    const other = join(binDir, 'other')
    await writeFile(other, '#!/bin/sh\necho hello\n', { mode: 0o755 })
    const missing = findToolchain({ configured: given || other, binDir })
    await expect(missing).rejects.toMatchObject({
      code: 'video/ffmpeg_missing',
      kind: 'unavailable',
      message: expect.stringMatching(/BALCAO_FFMPEG=.*apt-get install ffmpeg/),
    })
  })
})
