import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'

/** What the query of a request to S3 may name that makes it another operation. */
const MARKS = ['uploads', 'uploadId', 'partNumber']

/** One request that passed, and how many bytes of bodies went each way. */
export interface Passed {
  /** Its method and marks: `PUT`, `POST uploads`, `PUT uploadId partNumber`; `PUT bucket` where no key is named. */
  readonly kind: string
  sent: number
  answered: number
}

/** Stands between a program and a store and sees what the one asks of the other, whatever the program says of itself. */
export class Witness {
  #passed: Passed[] = []
  readonly #server: Server

  private constructor(private readonly store: string) {
    this.#server = createServer((req, res) => {
      const { pathname, searchParams } = new URL(req.url!, store)
      const marks = [
        ...(/^\/[^/]+\/./.test(pathname) ? [] : ['bucket']),
        ...MARKS.filter((mark) => searchParams.has(mark)),
      ]
      const passed = { kind: [req.method, ...marks].join(' '), sent: 0, answered: 0 }
      this.#passed.push(passed)
      const { hostname, port } = new URL(this.store)
      // The Host that the sender signed stays.
      const onward = request({ hostname, port, method: req.method, path: req.url, headers: req.headers, agent: false })
      onward.on('continue', () => res.writeContinue())
      onward.on('response', (answer) => {
        res.writeHead(answer.statusCode!, answer.headers)
        pipeline(
          answer,
          counted((size) => (passed.answered += size)),
          res,
        ).catch(() => res.destroy())
      })
      onward.on('error', () => res.destroy())
      pipeline(
        req,
        counted((size) => (passed.sent += size)),
        onward,
      ).catch(() => onward.destroy())
    })
    this.#server.on('checkContinue', (req, res) => this.#server.emit('request', req, res))
  }

  /** @param store its URL */
  static async before(store: string): Promise<Witness> {
    const witness = new Witness(store)
    witness.#server.listen(0, '127.0.0.1')
    await once(witness.#server, 'listening')
    return witness
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** What has passed since this was asked last, in that order. */
  passed(): Passed[] {
    return this.#passed.splice(0)
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

const counted = (count: (size: number) => void) =>
  async function* (source: IncomingMessage | AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      count(chunk.length)
      yield chunk
    }
  }
