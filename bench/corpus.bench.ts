import { stat } from 'node:fs/promises'
import { afterAll, beforeAll, it } from 'vitest'
import { corpus } from './corpus-films.ts'
import { FilmHouse } from './film-house.ts'
import { peertubeFilm, type Source } from './peertube.ts'
import { planOf } from './raw-film.ts'
import { record } from './record.ts'
import { productTools } from './tools.ts'
import { vmaf, vmafTool } from './vmaf.ts'

let house: FilmHouse
beforeAll(async () => {
  house = await FilmHouse.open()
})
afterAll(() => house?.close())

interface Measured {
  readonly name: string
  readonly plan: string
  /** Bytes kept ÷ bytes sent. */
  readonly outputs: number
  readonly all: number
  readonly peertube: number
  /** Of the best picture. */
  readonly vmaf: number
  readonly peertubeVmaf: number
  /** Seconds. */
  readonly wall: number
  readonly peertubeWall: number
}

it('measures what a corpus costs and how it looks', { timeout: 3_600_000 }, async () => {
  const { ffmpeg } = await productTools()
  const tool = await vmafTool()
  const only = process.env.CORPUS?.split(';')
  const measured: Measured[] = []
  for (const { name, path } of await corpus(ffmpeg)) {
    if (only && !only.includes(name)) continue
    const { probe, plan } = await planOf(path, house.dir)
    const { size } = await stat(path)
    const rungs = plan.picture!.rungs
    const sound = !probe.sounds[0]
      ? 'none'
      : probe.sounds[0].codec === 'aac' && probe.sounds[0].channels <= 2
        ? 'aac'
        : 'other'
    const { frameRate, bitRate } = probe.video!
    const source: Source = { frameRate, bitRate, sound }
    // They take turns at coming first.
    const both = {
      ours: () => house.make(path),
      theirs: () => peertubeFilm(ffmpeg, path, rungs, source, house.dir),
    }
    const oursFirst = measured.length % 2 === 0
    const early = oursFirst ? undefined : await both.theirs()
    const ours = await both.ours()
    const theirs = early ?? (await both.theirs())
    const stored = await house.stored()
    const one: Measured = {
      name,
      plan: plan.name,
      outputs: stored.outputs / size,
      all: (stored.outputs + stored.original) / size,
      peertube: theirs.stored / size,
      vmaf: await vmaf(tool, await house.top(ours.id), path, rungs[0]!, frameRate, house.dir),
      peertubeVmaf: await vmaf(tool, theirs.top, path, rungs[0]!, frameRate, house.dir),
      wall: ours.wall,
      peertubeWall: theirs.wall,
    }
    measured.push(one)
    console.log(tell(one))
    await theirs.forget()
    await house.empty()
  }
  const how = `Films, in this order: ${measured.map(({ name, plan }) => `${name} (${plan})`).join('; ')}.`
  const each = (figure: (one: Measured) => number) => measured.map(figure)
  const peertube =
    'PeerTube: the commands of its defaults (x264 veryfast, its crf 23, maxrate and bufsize by its bits a pixel, a key frame every 2 s, HLS in one file), one encode for each of our rungs, with the same ffmpeg; it keeps no original.'
  record('corpus', [
    {
      claim: 'stored ÷ sent, without the original',
      unit: '×',
      runs: each((one) => one.outputs),
      goal: { atMost: 1.6 },
      how: `Bytes below output/ after tidying. ${how}`,
    },
    { claim: 'stored ÷ sent, with the original', unit: '×', runs: each((one) => one.all), goal: undefined, how },
    { claim: 'stored ÷ sent, PeerTube', unit: '×', runs: each((one) => one.peertube), goal: undefined, how: peertube },
    {
      claim: 'VMAF of the top rung',
      unit: '',
      runs: each((one) => one.vmaf),
      goal: { atLeast: 93 },
      how: `${how} Against what was sent, scaled to the rung, as a player gets it; what is copied is the source itself.`,
    },
    {
      claim: 'VMAF of the worst film',
      unit: '',
      runs: [Math.min(...each((one) => one.vmaf))],
      goal: { atLeast: 93 },
      how,
    },
    {
      claim: 'VMAF of the top rung, PeerTube',
      unit: '',
      runs: each((one) => one.peertubeVmaf),
      goal: undefined,
      how: peertube,
    },
    {
      claim: 'wall against PeerTube',
      unit: '×',
      runs: each((one) => one.wall / one.peertubeWall),
      goal: undefined,
      how: `Ours with everything (probe, poster, MP4, verification, puts); PeerTube's commands alone, at the same rungs. ${peertube}`,
    },
  ])
})

const tell = (one: Measured) =>
  `${one.name} (${one.plan}): stored ${one.outputs.toFixed(2)}, with original ${one.all.toFixed(2)}, PeerTube ${one.peertube.toFixed(2)}; ` +
  `VMAF ${one.vmaf.toFixed(1)}, PeerTube ${one.peertubeVmaf.toFixed(1)}; ${one.wall.toFixed(1)} s, PeerTube ${one.peertubeWall.toFixed(1)} s`
