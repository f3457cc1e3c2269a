import { describe, expect, it } from 'vitest'
import { Metrics } from './metrics.ts'

describe('metrics', () => {
  it('count business events by their labels', async () => {
    const metrics = new Metrics()
    metrics.count('sign_in_total', 'Sign-ins', { result: 'ok' })
    metrics.count('sign_in_total', 'Sign-ins', { result: 'ok' })
    metrics.count('sign_in_total', 'Sign-ins', { result: 'failed' })
    const text = await metrics.text()
    expect(text).toContain('sign_in_total{result="ok"} 2')
    expect(text).toContain('sign_in_total{result="failed"} 1')
  })

  it('read a gauge whenever they are asked for', async () => {
    const metrics = new Metrics()
    let waiting = 3
    metrics.gauge('jobs_waiting', 'Jobs waiting', async () => waiting)
    expect(await metrics.text()).toContain('jobs_waiting 3')
    waiting = 4
    expect(await metrics.text()).toContain('jobs_waiting 4')
  })

  it('add what other processes counted, and are emptied by whoever saves them', async () => {
    const metrics = new Metrics()
    const sold = { name: 'sold_total', help: 'Sold', labels: { kind: 'rye' } }
    metrics.count(sold.name, sold.help, sold.labels)
    expect(await metrics.text([{ ...sold, value: 40 }])).toContain('sold_total{kind="rye"} 41')
    const taken = metrics.takeCounted()
    expect(taken).toEqual([{ ...sold, value: 1 }])
    expect(metrics.takeCounted()).toEqual([])
    metrics.count(sold.name, sold.help, sold.labels)
    metrics.giveBack(taken)
    expect(metrics.takeCounted()).toEqual([{ ...sold, value: 2 }])
  })
})
