import { bare, type Client, elements, type Reply, type Request } from './client.ts'
import { type Name, printOf } from './model.ts'
import type { Sight } from './settle.ts'

/** All objects and uploads of these buckets that begin with a prefix, as anybody can see them.
 *  @throws Error where an answer is cut off */
export async function look(client: Client, buckets: readonly string[], prefix = ''): Promise<Sight> {
  const get = async (at: Name | string, query: Request['query'] = {}): Promise<Reply> => {
    const reply = await client.send('GET', at, { query })
    if (reply.code === 'cut') throw new Error('An answer was cut off.')
    return reply
  }
  const seen: string[] = []
  for (const bucket of buckets) {
    for (const key of elements((await get(bucket, { 'list-type': '2', prefix })).text, 'Key')) {
      const { body, headers } = await get({ bucket, key })
      seen.push(`object ${bucket}/${key} ${bare(headers.etag)} ${printOf(body)} ${headers['x-amz-meta-note']}`)
    }
    const uploads = (await get(bucket, { uploads: '', prefix })).text
    const keys = elements(uploads, 'Key')
    for (const [i, uploadId] of elements(uploads, 'UploadId').entries()) {
      const key = keys[i]!
      seen.push(`upload ${uploadId} of ${bucket}/${key}`)
      const { text } = await get({ bucket, key }, { uploadId })
      const [etags, sizes] = [elements(text, 'ETag'), elements(text, 'Size')]
      for (const [j, number] of elements(text, 'PartNumber').entries())
        seen.push(`part ${uploadId} ${number} ${bare(etags[j])} ${sizes[j]}`)
    }
  }
  return seen.sort()
}
