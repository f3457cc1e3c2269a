import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Balcao, startBalcao } from './support/balcao.ts'
import { Clips } from './support/media.ts'
import { onFailure } from './support/on-failure.ts'
import { type Program, programs, runProgram } from './support/s3-programs.ts'
import { Witness } from './support/witness.ts'

const run = promisify(execFile)
const [id, secret] = ['BKOSTESTTESTTESTTEST', 's'.repeat(40)]
const region = 'sa-east-1'
const bucket = 'balcao-media'
const PART = 8 * 2 ** 20
// Debian's, where a version manager has put another before it.
const aws = existsSync('/usr/bin/aws') ? '/usr/bin/aws' : 'aws'

/** Programs as people have them, told only another endpoint and keys. */
describe('clients of S3', () => {
  let balcao: Balcao
  let clips: Clips
  let large: Buffer
  let small: Buffer
  /** Stands before the store for programs that do not tell what they send. */
  let witness: Witness

  onFailure(() => ({ balcao }))
  beforeAll(async () => {
    clips = await Clips.open()
    ;[large, small] = [await readFile(clips.large), await readFile(clips.small)]
    balcao = await startBalcao({ env: { OBJECT_STORE_ACCESS_KEY_ID: id, OBJECT_STORE_SECRET_ACCESS_KEY: secret } })
    witness = await Witness.before(balcao.objectStoreUrl)
  })
  afterAll(async () => {
    witness?.close()
    await balcao?.remove()
    await clips?.remove()
  })

  const fetched = async (url: string) => {
    const answer = await fetch(url)
    return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) }
  }

  describe('the AWS CLI', () => {
    const cli = async (key: string, ...args: string[]): Promise<string> => {
      const env = {
        PATH: process.env.PATH,
        HOME: clips.dir,
        AWS_CONFIG_FILE: join(clips.dir, 'aws-config'),
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_DEFAULT_REGION: region,
        AWS_PAGER: '',
        AWS_ACCESS_KEY_ID: id,
        AWS_SECRET_ACCESS_KEY: key,
      }
      return (await run(aws, ['--endpoint-url', balcao.objectStoreUrl, ...args], { env })).stdout
    }
    const s3 = (...args: string[]) => cli(secret, 's3', ...args)
    const s3api = async (operation: string, ...args: string[]) => {
      const out = await cli(secret, 's3api', operation, '--output', 'json', '--bucket', bucket, ...args)
      return out.trim() === '' ? {} : JSON.parse(out)
    }
    beforeAll(() => writeFile(join(clips.dir, 'aws-config'), '[default]\ns3 =\n  signature_version = s3v4\n'))

    it('copies a file in and out, in one piece and in parts, lists, copies and deletes', async () => {
      const back = join(clips.dir, 'volta')
      for (const [name, file, bytes] of [
        ['curto.mp4', clips.small, small],
        ['em família/grande.mkv', clips.large, large],
      ] as const) {
        await s3('cp', '--no-progress', file, `s3://${bucket}/cli/${name}`)
        await s3('cp', '--no-progress', `s3://${bucket}/cli/${name}`, back)
        expect((await readFile(back)).equals(bytes)).toBe(true)
      }
      await s3('cp', '--no-progress', `s3://${bucket}/cli/em família/grande.mkv`, `s3://${bucket}/cli/cópia.mkv`)
      expect(await s3('ls')).toContain(bucket)
      const listed = await s3('ls', `s3://${bucket}/cli/`)
      for (const name of ['curto.mp4', 'PRE em família/', `${large.length} cópia.mkv`]) expect(listed).toContain(name)
      await s3('rm', '--recursive', `s3://${bucket}/cli/`)
      await expect(s3('ls', `s3://${bucket}/cli/`)).rejects.toThrow()
    })

    it('goes on with an upload from the parts that are there', async () => {
      const key = ['--key', 'cli/retomado.mkv']
      const { UploadId } = await s3api('create-multipart-upload', ...key)
      const part = async (number: number) => {
        const file = join(clips.dir, 'parte')
        await writeFile(file, large.subarray((number - 1) * PART, number * PART))
        const upload = ['--upload-id', UploadId, '--part-number', String(number), '--body', file]
        return s3api('upload-part', ...key, ...upload)
      }
      await part(1)
      const [begun] = (await s3api('list-multipart-uploads', '--prefix', 'cli/')).Uploads
      expect(begun).toMatchObject({ UploadId, Key: 'cli/retomado.mkv' })
      const { Parts } = await s3api('list-parts', ...key, '--upload-id', UploadId)
      expect(Parts).toMatchObject([{ PartNumber: 1, Size: PART }])
      const named = [{ PartNumber: 1, ETag: Parts[0].ETag }]
      for (let number = 2; (number - 1) * PART < large.length; number++)
        named.push({ PartNumber: number, ETag: (await part(number)).ETag })
      const upload = ['--upload-id', UploadId, '--multipart-upload', JSON.stringify({ Parts: named })]
      await s3api('complete-multipart-upload', ...key, ...upload)
      await s3('cp', '--no-progress', `s3://${bucket}/cli/retomado.mkv`, join(clips.dir, 'volta'))
      expect((await readFile(join(clips.dir, 'volta'))).equals(large)).toBe(true)
    })

    it('signs a URL', async () => {
      await s3('cp', '--no-progress', clips.small, `s3://${bucket}/cli/ação & reação.mp4`)
      const url = (await s3('presign', `s3://${bucket}/cli/ação & reação.mp4`, '--expires-in', '60')).trim()
      expect((await fetched(url)).bytes.equals(small)).toBe(true)
    })

    it('is refused with another key', async () => {
      await expect(cli('x'.repeat(40), 's3', 'ls', `s3://${bucket}/`)).rejects.toThrow('SignatureDoesNotMatch')
    })
  })

  /** A program of ours in somebody else's language, which says "all right" or where it found something wrong. */
  const says = async (program: string, ...args: string[]) =>
    (await run(program, args, { env: { PATH: process.env.PATH, ID: id, SECRET: secret } })).stdout.trim()

  it('boto3 sends in parts, goes on with an upload, lists, copies, reads ranges, signs URLs and deletes', async () => {
    const python = process.env.PEER_PYTHON
    if (!python) throw new Error('PEER_PYTHON is not set: it names a Python with boto3. .ci/run makes one.')
    const script = join(import.meta.dirname, 'support', 'boto3_client.py')
    expect(await says(python, script, balcao.objectStoreUrl, clips.large)).toBe('all right')
  })

  it('minio-go does the same, with checksums behind the body or without', async () => {
    const program = process.env.PEER_MINIO_GO
    if (!program) throw new Error('PEER_MINIO_GO is not set: it names e2e/support/minio-go, built. .ci/run builds it.')
    expect(await says(program, balcao.objectStoreUrl, clips.large)).toBe('all right')
  })

  /** Runs one of Debian's programs. @returns what it printed */
  const start = (program: Program, args: readonly string[]) =>
    runProgram(program, args, { url: witness.url, region, id, secret, home: clips.dir })
  const ask = async (program: Program, args: readonly string[]) => (await start(program, args)).stdout

  /** What was asked to be written since this was asked last: how often each kind of request, and the bytes of bodies.
   *  Without what is asked of a bucket: rclone wants to make it. */
  function written() {
    const writing = witness.passed().filter(({ kind }) => !/^(GET|HEAD)|bucket/.test(kind))
    const times = (wanted: string) => writing.filter(({ kind }) => kind === wanted).length
    const kinds = Object.fromEntries(writing.map(({ kind }) => [kind, times(kind)]))
    const uploading = writing.filter(({ kind }) => kind.startsWith('PUT'))
    return { kinds, bytes: uploading.reduce((sum, { sent }) => sum + sent, 0) }
  }
  const parts = () => Math.ceil(large.length / PART)
  /** A file that is sent in parts. */
  const inParts = () => ({ 'POST uploads': 1, 'PUT uploadId partNumber': parts(), 'POST uploadId': 1 })

  describe.each(['rclone', 's3cmd'] as const)('%s', (program) => {
    const does = programs[program]

    it('sends and reads a file in one piece and in parts, lists, copies and deletes', async () => {
      const at = `clientes/${program}`
      for (const [name, file, bytes, kinds] of [
        ['curto.mp4', clips.small, small, { PUT: 1 }],
        ['em família/ação & reação.mkv', clips.large, large, inParts()],
      ] as const) {
        written()
        await ask(program, does.up(file, `${at}/${name}`))
        expect(written()).toEqual({ kinds, bytes: bytes.length })
        const back = join(clips.dir, `${program}-volta`)
        await ask(program, does.down(`${at}/${name}`, back))
        expect((await readFile(back)).equals(bytes)).toBe(true)
      }
      await ask(program, does.copy(`${at}/em família/ação & reação.mkv`, `${at}/cópia.mkv`))
      const listed = await ask(program, does.list(`${at}/`))
      for (const name of ['curto.mp4', 'em família/ação & reação.mkv', 'cópia.mkv']) expect(listed).toContain(name)
      await ask(program, does.remove(`${at}/`))
      expect(await ask(program, does.list(at)).catch(() => '')).toBe('')
    })

    it('keeps a folder in step: sends nothing again, in one piece or in parts, and then what has changed', async () => {
      const folder = join(clips.dir, `${program}-em dia`)
      await mkdir(folder)
      await copyFile(clips.small, join(folder, 'curto.mp4'))
      await copyFile(clips.large, join(folder, 'grande.mkv'))
      const sync = () => ask(program, does.sync(`${folder}/`, `em dia/${program}/`))
      written()
      await sync()
      expect(written()).toEqual({ kinds: { PUT: 1, ...inParts() }, bytes: small.length + large.length })
      await sync()
      expect(written()).toEqual({ kinds: {}, bytes: 0 })
      await writeFile(join(folder, 'curto.mp4'), small.subarray(1))
      await sync()
      expect(written()).toEqual({ kinds: { PUT: 1 }, bytes: small.length - 1 })
    })
  })

  /** An upload of the large file that was cut off behind its first part. @returns its id */
  async function cutOff(key: string): Promise<string> {
    const python = process.env.PEER_PYTHON!
    const script = join(import.meta.dirname, 'support', 'cut_off.py')
    return says(python, script, balcao.objectStoreUrl, clips.large, key)
  }

  it('rclone goes on with a folder from the files that are there, cleans up uploads, and signs a URL', async () => {
    const folder = join(clips.dir, 'pasta')
    await mkdir(folder)
    for (const name of ['a.mp4', 'b.mp4']) await writeFile(join(folder, name), small)
    await ask('rclone', ['copyto', join(folder, 'a.mp4'), `balcao:${bucket}/rclone/a.mp4`])
    written()
    const { stderr } = await start('rclone', ['copy', folder, `balcao:${bucket}/rclone`, '-v'])
    expect(written()).toEqual({ kinds: { PUT: 1 }, bytes: small.length })
    expect(stderr).toMatch(/b\.mp4: Copied/)
    const check = ['check', folder, `balcao:${bucket}/rclone`, '--download', '--combined', '-']
    expect((await ask('rclone', check)).split('\n').filter(Boolean).sort()).toEqual(['= a.mp4', '= b.mp4'])

    await cutOff('rclone/cortado.mkv')
    expect(await ask('rclone', ['backend', 'list-multipart-uploads', `balcao:${bucket}`])).toContain(
      'rclone/cortado.mkv',
    )
    await ask('rclone', ['backend', 'cleanup', `balcao:${bucket}`, '-o', 'max-age=0s'])
    expect(await ask('rclone', ['backend', 'list-multipart-uploads', `balcao:${bucket}`])).not.toContain('cortado')

    const url = (await ask('rclone', ['link', '--expire', '60s', `balcao:${bucket}/rclone/a.mp4`])).trim()
    expect((await fetched(url)).bytes.equals(small)).toBe(true)
  })

  it('s3cmd goes on with an upload and a download; its signed URLs are of version 2, which is said', async () => {
    const key = 's3cmd/retomado.mkv'
    const upload = await cutOff(key)
    expect(await ask('s3cmd', ['multipart', `s3://${bucket}`])).toContain(upload)
    expect(await ask('s3cmd', ['listmp', `s3://${bucket}/${key}`, upload])).toContain(String(PART))
    written()
    await ask('s3cmd', ['put', '--continue-put', clips.large, `s3://${bucket}/${key}`])
    expect(written()).toEqual({
      kinds: { 'PUT uploadId partNumber': parts() - 1, 'POST uploadId': 1 },
      bytes: large.length - PART,
    })
    const back = join(clips.dir, 's3cmd-retomado')
    await writeFile(back, large.subarray(0, 1000))
    witness.passed()
    await ask('s3cmd', ['get', '--continue', `s3://${bucket}/${key}`, back])
    const read = witness.passed().filter(({ kind }) => kind === 'GET')
    expect(read.map(({ answered }) => answered)).toEqual([large.length - 1000])
    expect((await readFile(back)).equals(large)).toBe(true)
    expect(await ask('s3cmd', ['multipart', `s3://${bucket}`])).not.toContain(upload)

    const url = (await ask('s3cmd', ['signurl', `s3://${bucket}/${key}`, '+60'])).trim()
    const answer = await fetched(url)
    expect([answer.status, answer.bytes.toString()]).toEqual([400, expect.stringContaining('AWS4-HMAC-SHA256')])
  })
})
