import { request } from 'node:http'
import { until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FilmJobs } from '../src/application/processing/film-jobs.ts'
import { type House, openHouse, queuedVideo } from './support.ts'

let house: House

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house?.close())

interface Event {
  name: string
  // biome-ignore lint/suspicious/noExplicitAny: the events' shapes differ
  data: any
}

async function watch(person: string) {
  const abort = new AbortController()
  const answer = await fetch(`${house.origin}/events`, {
    headers: { authorization: `Bearer ${person}` },
    signal: abort.signal,
  })
  const events: Event[] = []
  const read = async () => {
    let text = ''
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const whole = text.split('\n\n')
      text = whole.pop()!
      for (const block of whole) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? []
        if (name) events.push({ name, data: JSON.parse(data!) })
      }
    }
  }
  const ended = read().catch(() => undefined)
  return { answer, events, ended, close: () => abort.abort() }
}

const saw = (events: Event[], wanted: (event: Event) => boolean) => until(() => events.find(wanted))

const changes = (events: Event[], id: string) =>
  events.filter(({ name, data }) => name === 'changed' && data.topic === 'videos' && data.id === id).length

describe('live events', () => {
  it('begin by saying that they are ready, so that what is shown is read', async () => {
    await queuedVideo(house, 'ana')
    const stream = await watch('ana')
    expect(stream.answer.headers.get('content-type')).toContain('text/event-stream')
    await saw(stream.events, ({ name }) => name === 'ready')
    // What the database tells of the video above may still be on its way: it comes behind.
    expect(stream.events[0]).toEqual({ name: 'ready', data: {} })
    stream.close()
  })

  it('name each thing that changed, to its owner only', async () => {
    const [ana, bia] = [await watch('ana2'), await watch('bia2')]
    const { id, jobId } = await queuedVideo(house, 'ana2')
    const more = async (act: () => Promise<unknown>) => {
      const before = changes(ana.events, id)
      await act()
      await until(() => changes(ana.events, id) > before)
    }
    const jobs = new FilmJobs(house.need)
    let attempt: Awaited<ReturnType<typeof jobs.claim>>
    await more(async () => {
      attempt = await jobs.claim(jobId)
    })
    await more(() => house.need.work.progress(attempt!, 37.5, 12))
    await more(() => house.as('ana2')('DELETE', `/videos/${id}`))
    await more(() => house.as('ana2')('POST', `/videos/${id}/restore`))
    expect(bia.events.map(({ name }) => name)).toEqual(['ready'])
    ana.close()
    bia.close()
  })

  it('end with the token that opened them', async () => {
    const stream = await watch('short:caio')
    await stream.ended
    expect(stream.events.map((event) => event.name)).toEqual(['ready'])
  })

  it('are at most eight for one person, and free again when one is closed', async () => {
    const streams = await Promise.all(Array.from({ length: 8 }, () => watch('duda')))
    const ninth = await house.as('duda')('GET', '/events')
    expect([ninth.status, ninth.body.code]).toEqual([429, 'events/too_many_streams'])
    streams[0]!.close()
    const next = await until(async () => {
      const stream = await watch('duda')
      if (stream.answer.status === 200) return stream
      stream.close()
      return undefined
    })
    for (const stream of [...streams, next]) stream.close()
  })

  it('say that they are ready again when changes may have been missed', async () => {
    const stream = await watch('fabi')
    await saw(stream.events, ({ name }) => name === 'ready')
    await house.platform.sql.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'balcao-listen' and datname = current_database()`,
    )
    await until(() => stream.events.filter(({ name }) => name === 'ready').length > 1)
    const { id } = await queuedVideo(house, 'fabi')
    await until(() => changes(stream.events, id) > 0)
    stream.close()
  })

  it('pass on no topic that the contract does not know', async () => {
    const stream = await watch('hugo')
    await house.platform.sql.query(`select pg_notify('live', 'hugo secrets 1'), pg_notify('live', 'hugo videos 2')`)
    await until(() => changes(stream.events, '2') === 1)
    expect(stream.events.map(({ name }) => name)).toEqual(['ready', 'changed'])
    stream.close()
  })

  it('need a token', async () => {
    expect((await house.as('bad')('GET', '/events')).status).toBe(401)
  })

  it('take no place for those who left before they began', async () => {
    let letIn = () => {}
    let entered = 0
    const gate = new Promise<void>((resolve) => {
      letIn = resolve
    })
    const reading = (token: string) => token === 'gil' && entered++ < 8 && gate
    const own = await openHouse({ reading })
    const headers = { authorization: 'Bearer gil' }
    const leaving = Array.from({ length: 8 }, () => request(`${own.origin}/events`, { headers }).end())
    const left = leaving.map((one) => new Promise((resolve) => one.on('error', resolve)))
    await until(() => entered === 8)
    for (const one of leaving) one.destroy(new Error('left'))
    await Promise.all(left)
    // The server reads its connections in order: once it has answered here, it knows that those are gone.
    await own.as('ana')('GET', '/videos')
    letIn()
    const stay = new AbortController()
    const answer = await fetch(`${own.origin}/events`, { headers, signal: stay.signal })
    expect(answer.status).toBe(200)
    stay.abort()
    await own.close()
  })

  it('end when the API stops', async () => {
    const own = await openHouse()
    const answer = await fetch(`${own.origin}/events`, { headers: { authorization: 'Bearer eva' } })
    const ended = answer.text()
    await own.close()
    expect(await ended).toContain('event: ready')
  })
})
