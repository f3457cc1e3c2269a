import { describe, expect, it } from 'vitest'
import { Metrics } from './metrics.ts'

describe('metrics', () => {
  it('count business events by their labels', async () => {
    const metrics = new Metrics()
    metrics.count('sign_in_total', 'Sign-ins', { result: 'ok' })
    metrics.count('sign_in_total', 'Sign-ins', { result: 'ok' })
    metrics.count('sign_in_total', 'Sign-ins', { result: 'failed' })
    const text = await metrics.registry.metrics()
    expect(text).toContain('sign_in_total{result="ok"} 2')
    expect(text).toContain('sign_in_total{result="failed"} 1')
  })

  it('read a gauge whenever they are asked for', async () => {
    const metrics = new Metrics()
    let waiting = 3
    metrics.gauge('jobs_waiting', 'Jobs waiting', async () => waiting)
    expect(await metrics.registry.metrics()).toContain('jobs_waiting 3')
    waiting = 4
    expect(await metrics.registry.metrics()).toContain('jobs_waiting 4')
  })
})
