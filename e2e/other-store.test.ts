import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type Upload, videoRoutes } from '@balcao/contracts'
import { newId } from '@balcao/kernel'
import { freePort, SeaweedFs, until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from './support/api.ts'
import { apiJourney, playThrough } from './support/api-journey.ts'
import { Balcao, node, root, startBalcao } from './support/balcao.ts'
import { openBrowser, openPage } from './support/browser.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { Person } from './support/person.ts'
import { Visitor } from './support/visitor.ts'

const token = 'of-the-webhook-that-lives-for-one-test'

/** The way of an installation from the store on its own disk to one that is not ours. */
describe('an installation that moves to SeaweedFS', () => {
  let clips: Clips
  let dir: string
  let weed: SeaweedFs
  /** The same data before and after. */
  let before: Balcao
  let after: Balcao
  let ana: Person
  let early: string
  let late: string
  let halfSent: Upload
  const moves: ChildProcess[] = []

  beforeAll(async () => {
    clips = await Clips.open()
    dir = await mkdtemp(join(tmpdir(), 'balcao-move-'))
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    weed = await SeaweedFs.start({ url: `${url}/store-events`, token })
    for (const bucket of ['balcao-media', 'video-temp-conversion']) await weed.createBucket(bucket, [url])
    const there = {
      OBJECT_STORE: 's3',
      OBJECT_STORE_URL: weed.url,
      OBJECT_STORE_ACCESS_KEY_ID: weed.keys.accessKeyId,
      OBJECT_STORE_SECRET_ACCESS_KEY: weed.keys.secretAccessKey,
      STORE_EVENTS_TOKEN: token,
    }
    await writeFile(join(dir, 'store.env'), lines(there))
    // Tokens are good for the address of the pool that gave them.
    const env = { PORT: String(port), PUBLIC_URL: url, USER_POOL_PORT: String(await freePort()) }
    before = await Balcao.prepare({ env })
    after = await Balcao.prepare({ dataDir: before.dataDir, env: { ...env, ...there } })
    await before.start()
    ana = await Person.signUp(url)
    early = (await ana.upload(clips.toEncode)).id
    await ana.processed(early)
  })
  afterAll(async () => {
    for (const move of moves) move.kill('SIGKILL')
    await after?.remove()
    await before?.remove()
    await weed?.remove()
    await clips?.remove()
    if (dir) await rm(dir, { recursive: true, force: true })
  })
  onFailure(() => ({ balcao: after.output ? after : before }))

  /** `npm run move-store -- FILE` */
  function startMove(file = join(dir, 'store.env')) {
    const move = spawn(node, ['scripts/move-store.ts', file], { cwd: root, env: before.environment })
    moves.push(move)
    let output = ''
    for (const stream of [move.stdout, move.stderr]) stream.on('data', (chunk: Buffer) => void (output += chunk))
    const ended = once(move, 'exit').then(([code]) => ({ code: code as number | null, output }))
    return { process: move, ended }
  }

  const done = async () => {
    const journals = await readdir(join(before.dataDir, 'move-store')).catch(() => [])
    const texts = journals.map((name) => readFile(join(before.dataDir, 'move-store', name), 'utf8'))
    return (await Promise.all(texts)).join('').match(/^\[.+,.+,.+\]$/gm)?.length ?? 0
  }

  it('copies while it runs, one move at a time, and goes on after a kill -9', async () => {
    const move = startMove()
    await until(async () => (await done()) > 0)
    // Stands still, so that it is not done before the other one has looked.
    move.process.kill('SIGSTOP')
    const second = await startMove().ended
    expect([second.code, second.output]).toEqual([1, expect.stringContaining('are being moved already')])
    move.process.kill('SIGKILL')
    await move.ended
    const copied = await done()
    const { code, output } = await startMove().ended
    expect(code, output).toBe(0)
    expect(output).toContain('balcao-media: everything is there, and was read back and compared.')
    expect(output).toContain('video-temp-conversion: everything is there')
    expect(await done()).toBeGreaterThanOrEqual(copied)
    await playThrough(ana, early)
  })

  it('brings over what came since, from our own store alone, once the installation has stopped', async () => {
    late = (await ana.upload(clips.small)).id
    await ana.processed(late)
    halfSent = await ana.startUpload('grande.mkv', clips.sizeOf(clips.large), 'grande.mkv')
    await ana.sendParts(halfSent, clips.large, [1])
    expect(await before.stop()).toBe(0)
    const { code, output } = await startMove().ended
    expect(code, output).toBe(0)
    expect(await before.processes()).toEqual([])
  })

  it('plays from there what was uploaded before', async () => {
    await after.start()
    expect(after.output).toContain(weed.url)
    expect(await after.find('object-store')).toBeUndefined()
    const { url } = await call(ana.url, videoRoutes.download, { token: ana.token, params: { id: early } })
    expect(new URL(url).origin).toBe(weed.url)
    for (const id of [early, late]) expect(await playThrough(ana, id)).toBeGreaterThan(0)
  })

  it('says of an upload that was half sent that it must be begun again', async () => {
    await expect(ana.storedParts(halfSent)).rejects.toMatchObject({ problem: { code: 'upload/gone' } })
    const { id } = await ana.uploadAgain(clips.large, 'grande.mkv')
    await ana.processed(id)
  })

  it('D1-42, FX-8: passes the journey there', async () => {
    await apiJourney(ana.url, clips.toEncode)
  })

  it('D1-16, D1-18: takes a file from a browser and plays it, on another origin than the page', async () => {
    const browser = await openBrowser()
    try {
      const { page, complaints } = await openPage(browser, ana.url)
      const visitor = new Visitor(page)
      await visitor.signUp()
      await visitor.pickFiles(clips.toEncode)
      await visitor.card(basename(clips.toEncode)).getByRole('link').click({ timeout: 90_000 })
      await page.locator('video').waitFor()
      await page.keyboard.press('k')
      await expect
        .poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime))
        .toBeGreaterThan(1)
      expect(complaints).toEqual([])
    } finally {
      await browser.close()
    }
  })

  it('D3-05: hears from the store itself of what was sent by one request', async () => {
    await sendWhole(ana, clips.small)
  })

  it('ends with a sentence where there is nothing to move to', async () => {
    const missing = await startMove(join(dir, 'none.env')).ended
    expect([missing.code, missing.output]).toEqual([78, expect.stringContaining('none.env cannot be read')])
    await writeFile(join(dir, 'own.env'), 'LOG_LEVEL=info\n')
    const own = await startMove(join(dir, 'own.env')).ended
    expect([own.code, own.output]).toEqual([78, expect.stringContaining('OBJECT_STORE=s3')])
  })
})

describe('an installation on MiniStack, which tells of objects through a queue', () => {
  let clips: Clips
  let balcao: Balcao
  onFailure(() => ({ balcao }))

  beforeAll(async () => {
    clips = await Clips.open()
    const endpoint = process.env.PEER_S3_URL
    if (!endpoint) throw new Error('PEER_S3_URL is not set: it names MiniStack. .ci/run starts it.')
    const client = { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
    const [s3, sqs] = [new S3Client({ ...client, forcePathStyle: true }), new SQSClient(client)]
    const [media, temp] = [`media-${newId()}`, `temp-${newId()}`]
    for (const Bucket of [media, temp]) await s3.send(new CreateBucketCommand({ Bucket }))
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `events-${newId()}` }))
    // MiniStack names a host of its own in the URL.
    const queueUrl = `${endpoint}${new URL(QueueUrl!).pathname}`
    const asked = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }))
    const created = { QueueArn: asked.Attributes!.QueueArn!, Events: ['s3:ObjectCreated:*' as const] }
    const NotificationConfiguration = { QueueConfigurations: [created] }
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: temp, NotificationConfiguration }))
    for (const each of [s3, sqs]) each.destroy()
    balcao = await startBalcao({
      env: {
        AWS_REGION: client.region,
        OBJECT_STORE: 's3',
        OBJECT_STORE_URL: endpoint,
        OBJECT_STORE_ACCESS_KEY_ID: client.credentials.accessKeyId,
        OBJECT_STORE_SECRET_ACCESS_KEY: client.credentials.secretAccessKey,
        MEDIA_BUCKET: media,
        TEMP_BUCKET: temp,
        STORE_EVENTS_QUEUE_URL: queueUrl,
      },
    })
  })
  afterAll(async () => {
    await balcao?.remove()
    await clips?.remove()
  })

  it('D1-31: passes the journey, and hears of what was sent by one request', async () => {
    const ana = await apiJourney(balcao.url, clips.small)
    await sendWhole(ana, clips.small)
  })
})

/** Sends a file by one request that the installation is not told of. */
async function sendWhole(person: Person, path: string): Promise<void> {
  const body = { fileName: 'inteiro.mp4' }
  const { uploadUrl, videoId } = await call(person.url, videoRoutes.uploadUrl, { token: person.token, body })
  expect((await fetch(uploadUrl, { method: 'PUT', body: await readFile(path) })).status).toBe(200)
  // A sweep would find it within two minutes.
  await person.processed(videoId, 20)
}

const lines = (variables: Record<string, string>) =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
