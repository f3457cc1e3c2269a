import { randomInt, randomUUID } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { authRoutes, mailboxRoutes, type Tokens, type Upload, type Video, videoRoutes } from '@balcao/contracts'
import { isCpf } from '@balcao/kernel'
import { until } from '@balcao/testing'
import { call, Refused } from './api.ts'
import { Authenticator } from './totp.ts'

export interface Particulars {
  readonly name: string
  readonly email: string
  readonly cpf: string
  readonly password: string
}

/** Somebody nobody has seen before. */
export function somebody(name = 'Ana Souza'): Particulars {
  const base = String(randomInt(1e8, 1e9))
  const cpf = Array.from({ length: 100 }, (_, i) => base + String(i).padStart(2, '0')).find(isCpf)
  if (!cpf) return somebody(name)
  const email = `${name.split(' ')[0]!.toLowerCase()}.${randomUUID().slice(0, 8)}@exemplo.com.br`
  return { name, email, cpf, password: 'Uma frase longa, com 42 letras!' }
}

/** The newest code that was mailed to somebody, as the test mailbox shows it. */
export async function mailedCode(url: string, email: string): Promise<string> {
  return until(async () => {
    const { items } = await call(url, mailboxRoutes.list, { query: { to: email } })
    return items[0]?.text.match(/\b\d{6}\b/)?.[0]
  })
}

/** Somebody with an account and a second factor, signed in through the API as a program would. */
export class Person {
  private constructor(
    readonly url: string,
    readonly particulars: Particulars,
    readonly authenticator: Authenticator,
    public tokens: Tokens,
  ) {}

  static async signUp(url: string, particulars = somebody()): Promise<Person> {
    const { email, password } = particulars
    await call(url, authRoutes.register, { body: particulars })
    await call(url, authRoutes.confirm, { body: { email, code: await mailedCode(url, email) } })
    const login = await call(url, authRoutes.login, { body: { username: email, password } })
    const { flow } = login as { flow?: string }
    const { secret } = await call(url, authRoutes.mfaSetup, { body: { flow } })
    const authenticator = new Authenticator(secret)
    const code = await authenticator.next()
    const { tokens } = await call(url, authRoutes.mfaSetupVerify, { body: { flow, code } })
    return new Person(url, particulars, authenticator, tokens)
  }

  get token(): string {
    return this.tokens.accessToken
  }

  /** Password and code, once more. */
  async signIn(): Promise<void> {
    const { email, password } = this.particulars
    await call(this.url, authRoutes.login, { body: { username: email, password } })
    const code = await this.authenticator.next()
    this.tokens = (await call(this.url, authRoutes.mfa, { body: { username: email, code } })).tokens
  }

  async videos(): Promise<Video[]> {
    return (await call(this.url, videoRoutes.list, { token: this.token, query: { limit: '100' } })).items
  }

  video(id: string): Promise<Video> {
    return call(this.url, videoRoutes.get, { token: this.token, params: { id } })
  }

  startUpload(fileName: string, size: number, fingerprint?: string): Promise<Upload> {
    return call(this.url, videoRoutes.startUpload, { token: this.token, body: { fileName, size, fingerprint } })
  }

  async openUploads(): Promise<Upload[]> {
    return (await call(this.url, videoRoutes.uploads, { token: this.token })).items
  }

  /** Sends some parts of a file by signed URLs, straight to the store. @param partNumbers all when not given */
  async sendParts(upload: Upload, path: string, partNumbers?: readonly number[]): Promise<void> {
    const file = await open(path)
    try {
      const wanted = partNumbers ?? Array.from({ length: upload.partCount }, (_, i) => i + 1)
      const { items } = await call(this.url, videoRoutes.signParts, {
        token: this.token,
        params: { id: upload.videoId },
        body: { partNumbers: wanted },
      })
      for (const { partNumber, size, url } of items) {
        const bytes = Buffer.alloc(size)
        await file.read(bytes, 0, size, (partNumber - 1) * upload.partSize)
        const answer = await fetch(url, { method: 'PUT', body: bytes })
        if (!answer.ok) throw new Error(`part ${partNumber}: ${answer.status} ${await answer.text()}`)
      }
    } finally {
      await file.close()
    }
  }

  async storedParts(upload: Upload): Promise<number[]> {
    const { items } = await call(this.url, videoRoutes.parts, { token: this.token, params: { id: upload.videoId } })
    return items.map(({ partNumber }) => partNumber)
  }

  complete(upload: Upload): Promise<Video> {
    return call(this.url, videoRoutes.completeUpload, { token: this.token, params: { id: upload.videoId } })
  }

  /** Uploads a file whole. */
  async upload(path: string, fileName = basename(path)): Promise<Video> {
    const { size } = await stat(path)
    const upload = await this.startUpload(fileName, size)
    await this.sendParts(upload, path)
    return this.complete(upload)
  }

  /** Uploads a file whole; called again after it was interrupted anywhere, it goes on from what is already there. */
  async uploadAgain(path: string, fileName: string): Promise<Video> {
    const video = (await this.videos()).find(({ title, state }) => title === fileName && state !== 'uploading')
    if (video) return video
    const { size } = await stat(path)
    const begun = (await this.openUploads()).find(({ fingerprint }) => fingerprint === fileName)
    const upload = begun ?? (await this.startUpload(fileName, size, fileName))
    const stored = await this.storedParts(upload).catch((error) => {
      // Joined already by a completion whose answer never came: complete it once more.
      if (error instanceof Refused && error.problem.code === 'upload/gone') return undefined
      throw error
    })
    if (!stored) return this.complete(upload)
    const missing = Array.from({ length: upload.partCount }, (_, i) => i + 1).filter((part) => !stored.includes(part))
    if (missing.length > 0) await this.sendParts(upload, path, missing)
    return this.complete(upload)
  }

  /** Waits until a video has been processed. @throws Error when that failed */
  async processed(id: string, seconds = 120): Promise<Video> {
    const video = await until(async () => {
      const now = await this.video(id)
      return (now.state === 'ready' || now.state === 'failed') && now
    }, seconds)
    if (video.state === 'failed')
      throw new Error(`${video.title} failed: ${video.problem?.code} ${video.problem?.message}`)
    return video
  }
}
