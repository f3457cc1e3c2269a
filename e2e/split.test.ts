import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@balcao/platform'
import { freePort, until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiJourney } from './support/api-journey.ts'
import { node, ordinaryEnvironment, root } from './support/balcao.ts'
import { Clips } from './support/media.ts'
import { roundRobin } from './support/round-robin.ts'

/** What is a deployment of its own on servers. `port` is the variable of the port it listens on. */
const parts = [
  { name: 'user-pool', SERVICES: 'user-pool', ROLE: 'http', port: 'USER_POOL_PORT' },
  { name: 'object-store', SERVICES: 'object-store', ROLE: 'all', port: 'OBJECT_STORE_PORT' },
  { name: 'http', SERVICES: 'auth,video-upload,video-download,web', ROLE: 'http', port: 'PORT' },
  { name: 'worker', SERVICES: 'auth,video-upload,video-download,video-processor', ROLE: 'worker', port: undefined },
] as const
const COPIES = 2

describe('every part as processes of its own on one database, two of each', () => {
  let dir: string
  let postgres: EmbeddedPostgres
  let clips: Clips
  let url: string
  const processes: { name: string; process: ChildProcess; output: () => string }[] = []
  const balancers: { close(): Promise<void> }[] = []

  beforeAll(async () => {
    clips = await Clips.open()
    dir = await mkdtemp(join(tmpdir(), 'balcao-split-'))
    postgres = await startEmbeddedPostgres({ dir: join(dir, 'database') })
    const [page, pool, store] = [await freePort(), await freePort(), await freePort()]
    url = `http://127.0.0.1:${page}`
    const shared = {
      DATABASE_URL: postgres.url,
      DATA_DIR: join(dir, 'data'),
      PUBLIC_URL: url,
      USER_POOL_URL: `http://127.0.0.1:${pool}`,
      OBJECT_STORE_URL: `http://127.0.0.1:${store}`,
    }
    const front = { PORT: page, USER_POOL_PORT: pool, OBJECT_STORE_PORT: store }
    for (const { name, port, ...choice } of parts) {
      const own = await Promise.all(Array.from({ length: COPIES }, freePort))
      if (port) balancers.push(await roundRobin(front[port], own))
      for (const backend of own) run(name, { ...shared, ...choice, ...(port ? { [port]: String(backend) } : {}) })
    }
    await until(() => {
      const dead = processes.find(({ process }) => process.exitCode !== null)
      if (dead) throw new Error(`${dead.name} ended: ${dead.output()}`)
      return processes.every(({ output }) => output().includes('Balcão is ready'))
    }, 150)
    await until(async () => (await fetch(`${url}/health/ready`)).status === 200, 60)
  })
  afterAll(async () => {
    await Promise.all(processes.map(({ process }) => stop(process)))
    for (const balancer of balancers) await balancer.close()
    await postgres?.stop()
    await clips?.remove()
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  })

  function run(name: string, env: Record<string, string>): void {
    const child = spawn(node, ['scripts/start.ts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...ordinaryEnvironment(), ...env },
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    processes.push({ name, process: child, output: () => output })
  }

  async function stop(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }

  it('passes the journey', async () => {
    await apiJourney(url, clips.toEncode)
  })

  it('passes it again with one of each gone', async () => {
    for (const { name } of parts) await stop(processes.find((one) => one.name === name)!.process)
    await until(async () => (await fetch(`${url}/health/ready`)).status === 200, 60)
    await apiJourney(url, clips.small)
  })

  it('ended without a complaint', () => {
    for (const { name, process, output } of processes.filter(({ process }) => process.exitCode !== null)) {
      expect([name, process.exitCode, output()]).toEqual([name, 0, expect.anything()])
    }
  })

  it('refuses to start a part on a shared database without keys to share', async () => {
    const { DATABASE_URL } = { DATABASE_URL: postgres.url }
    run('lonely', { DATABASE_URL, SERVICES: 'auth', ROLE: 'http', PORT: String(await freePort()) })
    const lonely = processes.at(-1)!
    const [code] = await once(lonely.process, 'exit')
    expect(code).toBe(78)
    expect(lonely.output()).toMatch(/they must share their keys too: set DATA_DIR/)
  })
})
