import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, PutBucketCorsCommand, S3Client } from '@aws-sdk/client-s3'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

const keys = { accessKeyId: 'BALCAOPEER0000000000', secretAccessKey: 'of-a-store-that-lives-for-one-test' }

/** A SeaweedFS of one machine on ports and in a directory of its own: a store that is not ours, which people run on
 *  many machines. `PEER_WEED` names its program; .ci/run builds it. */
export class SeaweedFs {
  readonly keys = keys

  private constructor(
    readonly url: string,
    readonly process: ChildProcess,
    private readonly dir: string,
  ) {}

  /** @param webhook where it tells of objects  @throws Error without PEER_WEED, or with what it said when it ends */
  static async start(webhook?: { url: string; token: string }): Promise<SeaweedFs> {
    const program = process.env.PEER_WEED
    if (!program) throw new Error('PEER_WEED is not set: it names the program of SeaweedFS. .ci/run builds it.')
    const dir = await mkdtemp(join(tmpdir(), 'balcao-weed-'))
    const identity = {
      name: 'balcao',
      credentials: [{ accessKey: keys.accessKeyId, secretKey: keys.secretAccessKey }],
      actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'],
    }
    await writeFile(join(dir, 's3.json'), JSON.stringify({ identities: [identity] }))
    if (webhook) await writeFile(join(dir, 'notification.toml'), notification(webhook))
    const port = await freePort()
    const ports = []
    for (const name of ['master', 'volume', 'filer'])
      ports.push(`-${name}.port=${await freePort()}`, `-${name}.port.grpc=${await freePort()}`)
    const flags = [
      ...['-dir=.', '-ip=127.0.0.1', '-ip.bind=127.0.0.1', '-filer', '-s3', '-s3.config=s3.json', ...ports],
      ...[`-s3.port=${port}`, `-s3.port.grpc=${await freePort()}`, '-s3.port.iceberg=0', '-s3.port.lance=0'],
      // Each bucket has volumes of its own, which are laid out for many disks and not for a test's.
      ...['-master.volumeSizeLimitMB=256', '-volume.max=100'],
    ]
    const child = spawn(program, ['server', ...flags], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk: Buffer) => void (output = (output + chunk.toString()).slice(-4000))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const store = new SeaweedFs(`http://127.0.0.1:${port}`, child, dir)
    const ready = async () => {
      if (child.exitCode !== null) throw new Error(`SeaweedFS ended: ${output}`)
      return (await fetch(`${store.url}/healthz`)).ok
    }
    await until(ready, 60)
    return store
  }

  /** @param origins of pages that may send and read */
  async createBucket(name: string, origins: readonly string[] = []): Promise<void> {
    const client = new S3Client({ region: 'us-east-1', endpoint: this.url, forcePathStyle: true, credentials: keys })
    // The first writes are refused until its parts have found each other.
    await until(() => client.send(new CreateBucketCommand({ Bucket: name })), 60)
    if (origins.length > 0) {
      const rule = { AllowedOrigins: [...origins], AllowedMethods: ['GET', 'HEAD', 'PUT'], AllowedHeaders: ['*'] }
      const CORSConfiguration = { CORSRules: [{ ...rule, ExposeHeaders: ['ETag'] }] }
      await client.send(new PutBucketCorsCommand({ Bucket: name, CORSConfiguration }))
    }
    client.destroy()
  }

  async remove(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit')
      this.process.kill('SIGKILL')
      await ended
    }
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

const notification = ({ url, token }: { url: string; token: string }) => `[notification.webhook]
enabled = true
endpoint = "${url}"
bearer_token = "${token}"
event_types = ["create", "update", "rename"]
path_prefixes = ["/buckets/"]
`
