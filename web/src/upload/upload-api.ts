import { type SignedParts, type StartUploadBody, type Upload, type Video, videoRoutes } from '@balcao/contracts'
import type { Session } from '../session/session.ts'

/** What the uploader asks of the server. */
export interface UploadApi {
  start(body: StartUploadBody): Promise<Upload>
  pending(): Promise<readonly Upload[]>
  /** Numbers of the parts that the store holds whole. */
  storedParts(id: string): Promise<readonly { partNumber: number; size: number }[]>
  sign(id: string, partNumbers: number[]): Promise<SignedParts>
  complete(id: string): Promise<Video>
  abort(id: string): Promise<void>
  /** Whether the library holds a video of this name and size. */
  isKnown(fileName: string, size: number): Promise<boolean>
}

export function uploadApi(session: Session): UploadApi {
  const on = (id: string) => ({ params: { id } })
  return {
    start: (body) => session.call(videoRoutes.startUpload, { body }),
    pending: async () => (await session.call(videoRoutes.uploads)).items,
    storedParts: async (id) => {
      const parts: { partNumber: number; size: number }[] = []
      let cursor: string | undefined
      do {
        const page = await session.call(videoRoutes.parts, { ...on(id), query: { cursor } })
        parts.push(...page.items)
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      return parts
    },
    sign: (id, partNumbers) => session.call(videoRoutes.signParts, { ...on(id), body: { partNumbers } }),
    complete: (id) => session.call(videoRoutes.completeUpload, on(id)),
    abort: (id) => session.call(videoRoutes.abortUpload, on(id)),
    isKnown: async (fileName, size) => {
      const { items } = await session.call(videoRoutes.list, { query: { search: fileName.slice(0, 100), limit: 20 } })
      const sent = items.filter(({ state }) => state !== 'failed' && state !== 'uploading')
      return sent.some((video) => video.title === fileName && video.size === size)
    },
  }
}
