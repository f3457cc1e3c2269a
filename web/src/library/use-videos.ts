import { type Video, videoRoutes } from '@balcao/contracts'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useWords } from '../i18n/language.tsx'
import { session } from '../session/session.ts'
import { problemNotice } from '../ui/problem-notice.ts'
import { saveFile } from '../ui/save-file.ts'
import { undoNotice } from '../ui/undo-notice.tsx'
import { uploads } from '../upload/uploads.ts'
import { focusCard } from './card-focus.ts'
import { dropVideo, type ListFilter, putVideo, videoKeys } from './video-cache.ts'

/** One filter's videos, page after page. */
export function useVideoList(filter: ListFilter) {
  return useInfiniteQuery({
    queryKey: videoKeys.list(filter),
    queryFn: ({ pageParam, signal }) =>
      session.call(videoRoutes.list, {
        query: { search: filter.search, sort: filter.sort, trash: String(filter.trash) as 'true', cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

export function useVideo(id: string) {
  return useQuery({
    queryKey: videoKeys.one(id),
    queryFn: ({ signal }) => session.call(videoRoutes.get, { params: { id }, signal }),
  })
}

/** What a person does with a video. Deleting shows at once, and can be undone for ten seconds. */
export function useVideoActions() {
  const client = useQueryClient()
  const { t, language } = useWords()

  const onError = (error: Error) => {
    problemNotice(language, error)
    void client.invalidateQueries({ queryKey: videoKeys.all })
  }
  const restore = useMutation({
    mutationFn: ({ video }: { video: Video; quietly: boolean }) =>
      session.call(videoRoutes.restore, { params: { id: video.id } }),
    onSuccess: (video, { quietly }) => {
      putVideo(client, video)
      void client.invalidateQueries({ queryKey: videoKeys.lists })
      if (!quietly) notifications.show({ message: t('video.restored', { title: video.title }) })
    },
    onError,
  })
  const remove = useMutation({
    mutationFn: (video: Video) => session.call(videoRoutes.delete, { params: { id: video.id } }),
    onMutate: (video) => {
      dropVideo(client, video.id)
      uploads.dropVideo(video.id)
    },
    onSuccess: (_, video) => {
      void client.invalidateQueries({ queryKey: videoKeys.lists })
      undoNotice(t('video.deleted', { title: video.title }), t('do.undo'), () => {
        focusCard(video.id)
        restore.mutate({ video, quietly: true })
      })
    },
    onError,
  })
  const retry = useMutation({
    mutationFn: (video: Video) => session.call(videoRoutes.retry, { params: { id: video.id } }),
    onSuccess: (video) => putVideo(client, video),
    onError,
  })
  const download = useMutation({
    mutationFn: (video: Video) => session.call(videoRoutes.download, { params: { id: video.id } }),
    onSuccess: ({ url }) => saveFile(url),
    onError,
  })
  const original = useMutation({
    mutationFn: (video: Video) => session.call(videoRoutes.original, { params: { id: video.id } }),
    onSuccess: ({ url }) => saveFile(url),
    onError,
  })
  const giveUpOriginal = useMutation({
    mutationFn: (video: Video) => session.call(videoRoutes.giveUpOriginal, { params: { id: video.id } }),
    onSuccess: (video) => putVideo(client, video),
    onError,
  })
  return {
    remove: remove.mutate,
    restore: (video: Video) => restore.mutate({ video, quietly: false }),
    retry: retry.mutate,
    download: download.mutate,
    original: original.mutate,
    giveUpOriginal: giveUpOriginal.mutate,
  }
}
