import { signHeaders } from '../aws/sigv4-sign.ts'
import type { S3Connection } from './s3-bucket.ts'
import { SHOWS_WITHHELD } from './shared-disk.ts'

/** Asks our own store to call back the URLs of what lies below a folder, or to let them be good again.
 *  @throws Error with the store's status, as the SDK tells it */
export async function askToWithhold(
  { endpoint, signer }: Pick<S3Connection, 'endpoint' | 'signer'>,
  method: 'PUT' | 'DELETE',
  bucket: string,
  folder: string,
): Promise<void> {
  const query = { [SHOWS_WITHHELD]: folder }
  const path = `/${bucket}`
  const headers = signHeaders({ method, origin: endpoint, path, query }, signer, {
    at: new Date(),
    payloadHash: 'UNSIGNED-PAYLOAD',
  })
  const answer = await fetch(`${endpoint}${path}?${SHOWS_WITHHELD}=${encodeURIComponent(folder)}`, { method, headers })
  await answer.body?.cancel()
  if (!answer.ok)
    throw Object.assign(new Error(`The store did not withhold a folder (${answer.status}).`), {
      $metadata: { httpStatusCode: answer.status },
    })
}
