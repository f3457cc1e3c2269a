import { AppError } from '@balcao/kernel'

const TIMEOUT_MS = 3000
const LONGEST_ANSWER = 64 * 1024

async function readBounded(response: Response): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > LONGEST_ANSWER) throw new Error(`The answer is longer than ${LONGEST_ANSWER} bytes.`)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks)).buffer
}

/** GETs a small document over http or https: no redirects, 3 s, 64 KiB.
 *  @throws AppError `auth/keys_unreachable` (unavailable) */
export async function fetchSmall(uri: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(uri, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok) throw new Error(`It answered ${response.status}.`)
    return await readBounded(response)
  } catch (error) {
    throw new AppError('unavailable', 'auth/keys_unreachable', 'The user pool does not answer at the moment.', {
      reason: (error as Error).message,
    })
  }
}
