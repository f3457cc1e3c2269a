import { type Frames, type FramesBody, type FramesList, framesRoutes } from '@balcao/contracts'
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useWords } from '../i18n/language.tsx'
import type { Follower } from '../live/live-stream.ts'
import { session } from '../session/session.ts'
import { problemNotice } from '../ui/problem-notice.ts'
import { saveFile } from '../ui/save-file.ts'
import { undoNotice } from '../ui/undo-notice.tsx'

const framesKey = (videoId: string) => ['frames', videoId] as const

/** Removed on this page, and perhaps taken back: until then the server still has them. */
const leaving = new Set<string>()

export function useFrames(videoId: string) {
  return useQuery({
    queryKey: framesKey(videoId),
    queryFn: async ({ signal }): Promise<FramesList> => {
      const { items } = await session.call(framesRoutes.listFrames, { params: { id: videoId }, signal })
      return { items: items.filter(({ id }) => !leaving.has(id)) }
    },
  })
}

/** Requests are few and short: whatever changed, the video's list is read again, if it is shown. */
export const followFrames = (client: QueryClient): Follower => ({
  ready: () => void client.invalidateQueries({ queryKey: ['frames'] }),
  changed: (videoId) => void client.invalidateQueries({ queryKey: framesKey(videoId) }),
})

/** What a person does with images of a video. Removing a ZIP waits until it can be undone no longer. */
export function useFramesActions(videoId: string) {
  const client = useQueryClient()
  const { t, language } = useWords()
  const params = ({ id }: Frames) => ({ id: videoId, framesId: id })
  const change = (frames: Frames, instead: readonly Frames[]) =>
    client.setQueryData<FramesList>(
      framesKey(videoId),
      (list) => list && { items: [...instead, ...list.items.filter(({ id }) => id !== frames.id)] },
    )
  const put = (frames: Frames) => change(frames, [frames])
  const readAgain = () => void client.invalidateQueries({ queryKey: framesKey(videoId) })
  const onError = (error: Error) => {
    problemNotice(language, error)
    readAgain()
  }
  const request = useMutation({
    mutationFn: (body: FramesBody) => session.call(framesRoutes.requestFrames, { params: { id: videoId }, body }),
    onSuccess: put,
  })
  const again = useMutation({
    mutationFn: (frames: Frames) => session.call(framesRoutes.retryFrames, { params: params(frames) }),
    onSuccess: put,
    onError,
  })
  const download = useMutation({
    mutationFn: (frames: Frames) => session.call(framesRoutes.downloadFrames, { params: params(frames) }),
    onSuccess: ({ url }) => saveFile(url),
    onError,
  })
  const drop = useMutation({
    mutationFn: (frames: Frames) => session.call(framesRoutes.removeFrames, { params: params(frames) }),
    onSettled: readAgain,
    onError,
  })
  const remove = (frames: Frames) => {
    leaving.add(frames.id)
    change(frames, [])
    const takeBack = () => {
      leaving.delete(frames.id)
      readAgain()
    }
    undoNotice(t('frames.removed'), t('do.undo'), takeBack, () => drop.mutate(frames))
  }
  return { request, again: again.mutate, download: download.mutate, cancel: drop.mutate, remove }
}
