import { open } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { videoRoutes } from '@balcao/contracts'
import { call } from '../e2e/support/api.ts'
import type { Person } from '../e2e/support/person.ts'

const PARALLEL = 4

/** Sends files in parts by signed URLs as fast as the store takes them. */
export class FullSpeed {
  readonly #agent = new Agent({ keepAlive: true })

  /** From "begin" until every part is acknowledged, each only when it is on disk. @returns the upload, to complete it */
  async send(person: Person, file: string, size: number, fileName = 'arquivo.bin') {
    const handle = await open(file)
    try {
      const upload = await person.startUpload(fileName, size)
      const partNumbers = Array.from({ length: upload.partCount }, (_, i) => i + 1)
      const asked = { token: person.token, params: { id: upload.videoId }, body: { partNumbers } }
      const { items } = await call(person.url, videoRoutes.signParts, asked)
      const sendNext = async () => {
        const buffer = Buffer.allocUnsafe(upload.partSize)
        for (let part = items.shift(); part; part = items.shift()) {
          const bytes = buffer.subarray(0, part.size)
          await handle.read(bytes, 0, part.size, (part.partNumber - 1) * upload.partSize)
          const status = await this.#put(part.url, bytes)
          if (status !== 200) throw new Error(`part ${part.partNumber}: ${status}`)
        }
      }
      await Promise.all(Array.from({ length: PARALLEL }, sendNext))
      return upload
    } finally {
      await handle.close()
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  /** Not fetch: Node's copies a body twice, and both sides share the machine's cores. */
  #put(url: string, body: Buffer): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sending = request(url, { method: 'PUT', agent: this.#agent, headers: { 'content-length': body.length } })
      sending.on('error', reject)
      sending.on('response', (answer) => answer.resume().once('end', () => resolve(answer.statusCode)))
      sending.end(body)
    })
  }
}
