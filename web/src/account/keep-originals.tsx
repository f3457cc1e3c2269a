import { type VideoSettings, videoSettingsRoutes } from '@balcao/contracts'
import { Skeleton, Switch } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useWords } from '../i18n/language.tsx'
import { session } from '../session/session.ts'
import { errorText, problemNotice } from '../ui/problem-notice.ts'
import { undoNotice } from '../ui/undo-notice.tsx'

const queryKey = ['video-settings']

/** Whether the files that a person sends are kept beside the films. Shown at once, and taken back for ten seconds. */
export function KeepOriginals() {
  const { t, language } = useWords()
  const client = useQueryClient()
  const settings = useQuery({ queryKey, queryFn: () => session.call(videoSettingsRoutes.settings) })
  const change = useMutation({
    // One after the other: what was wished last is what stays.
    scope: { id: 'video-settings' },
    mutationFn: ({ body }: { body: VideoSettings; quietly?: boolean }) =>
      session.call(videoSettingsRoutes.changeSettings, { body }),
    onMutate: ({ body }) => client.setQueryData(queryKey, body),
    onSuccess: ({ keepOriginals }, { quietly }) => {
      if (quietly) return
      const undo = () => change.mutate({ body: { keepOriginals: !keepOriginals }, quietly: true })
      undoNotice(t(keepOriginals ? 'account.originalsOn' : 'account.originalsOff'), t('do.undo'), undo)
    },
    onError: (error) => {
      problemNotice(language, error)
      void client.invalidateQueries({ queryKey })
    },
  })
  if (settings.isError && !settings.data) return errorText(language, settings.error)
  if (!settings.data) return <Skeleton height="2.75rem" width="16rem" />
  return (
    <Switch
      size="md"
      label={t('account.originals')}
      description={t('account.originalsLead')}
      checked={settings.data.keepOriginals}
      onChange={(event) => change.mutate({ body: { keepOriginals: event.currentTarget.checked } })}
    />
  )
}
