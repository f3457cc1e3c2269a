import { type Video, videoRoutes } from '@balcao/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useWords } from '../i18n/language.tsx'
import { putVideo, videoKeys } from '../library/video-cache.ts'
import { session } from '../session/session.ts'
import { problemNotice } from '../ui/problem-notice.ts'
import { undoNotice } from '../ui/undo-notice.tsx'

interface Choice {
  readonly video: Video
  /** Seconds of film; null for the automatic poster. */
  readonly atSeconds: number | null
  readonly quietly: boolean
}

/** Of two choices the earlier one cannot be undone any more. */
let hideNotice = () => {}

const choose = ({ video: { id }, atSeconds }: Choice): Promise<Video> =>
  atSeconds === null
    ? session.call(videoRoutes.automaticPoster, { params: { id } })
    : session.call(videoRoutes.choosePoster, { params: { id }, body: { atSeconds } })

/** How a person chooses the poster of a video. It shows at once, and can be undone for ten seconds.
 *  @returns a function of the moment, in seconds of film; null for the automatic poster */
export function usePoster(video: Video): (atSeconds: number | null) => void {
  const client = useQueryClient()
  const { t, language } = useWords()
  const { mutate } = useMutation({
    mutationFn: choose,
    // The last choice is the last one that is sent.
    scope: { id: `poster ${video.id}` },
    onMutate: ({ video: before, atSeconds }) => {
      // Who undoes knows the video as it was then, with a picture that is gone since.
      const now = client.getQueryData<Video>(videoKeys.one(video.id)) ?? before
      putVideo(client, { ...now, posterAtSeconds: atSeconds, posterPending: atSeconds !== null })
    },
    onSuccess: (answer, { video: before, atSeconds, quietly }) => {
      putVideo(client, answer)
      // The picture may have been made before this answer came.
      void client.invalidateQueries({ queryKey: videoKeys.one(video.id) })
      if (quietly || before.posterAtSeconds === atSeconds) return
      hideNotice()
      hideNotice = undoNotice(t(atSeconds === null ? 'poster.wasReset' : 'poster.wasChosen'), t('do.undo'), () =>
        mutate({ video: answer, atSeconds: before.posterAtSeconds, quietly: true }),
      )
    },
    onError: (error) => {
      problemNotice(language, error)
      void client.invalidateQueries({ queryKey: videoKeys.all })
    },
  })
  return (atSeconds) => mutate({ video, atSeconds, quietly: false })
}
