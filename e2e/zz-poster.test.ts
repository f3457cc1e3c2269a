import { expect, it } from 'vitest'
import { startBalcao } from './support/balcao.ts'
import { Person } from './support/person.ts'

it('poster', { timeout: 300_000 }, async () => {
  const balcao = await startBalcao()
  const p = await Person.signUp(balcao.url)
  for (let i = 0; i < 3; i++) {
    const v = await p.upload('/tmp/pics/Trilha na Chapada.mkv', `t${i}.mkv`)
    let url: string | null = null
    while (!url) url = (await p.video(v.id)).posterUrl
    const a = Buffer.from(await (await fetch(url)).arrayBuffer())
    console.log(a.length, a.subarray(-2).toString('hex'))
    await new Promise((r) => setTimeout(r, 3000))
    const b = Buffer.from(await (await fetch((await p.video(v.id)).posterUrl!)).arrayBuffer())
    console.log(b.length, b.subarray(-2).toString('hex'))
    const { writeFileSync } = await import('node:fs')
    writeFileSync(`/tmp/pics/poster${i}.jpg`, a)
  }
  await balcao.remove()
})
