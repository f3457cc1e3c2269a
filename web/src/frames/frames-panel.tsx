import { MAX_FRAMES, type Video } from '@balcao/contracts'
import { Button, NumberInput, SegmentedControl, Skeleton, Text, Title } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { ProblemError } from '../api/call.ts'
import { useWords } from '../i18n/language.tsx'
import { problemText } from '../i18n/problems.ts'
import { Trouble } from '../ui/trouble.tsx'
import styles from './frames.module.css'
import { FramesRow } from './frames-row.tsx'
import { bodyOf, bounds, type Choice, imagesOf, isInBounds, type Kind } from './spacing.ts'
import { useFrames, useFramesActions } from './use-frames.ts'

/** Where a person asks for images of a video and finds those they asked for. */
export function FramesPanel({ video }: { video: Video }) {
  const { t } = useWords()
  const list = useFrames(video.id)
  const actions = useFramesActions(video.id)
  return (
    <section className={styles.panel} aria-labelledby="frames-title">
      <Title order={2} size="h3" id="frames-title">
        {t('frames.title')}
      </Title>
      <Text c="dimmed">{t('frames.lead')}</Text>
      <Ask seconds={video.durationSeconds ?? 0} request={actions.request} />
      {list.isPending && <Skeleton h="3.5rem" />}
      {list.isError && !list.data && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <Text c="dimmed" size="sm">
          {t('frames.empty')}
        </Text>
      )}
      {list.data && list.data.items.length > 0 && (
        <ul className={styles.list} aria-label={t('frames.list')}>
          {list.data.items.map((frames) => (
            <FramesRow key={frames.id} frames={frames} actions={actions} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Ask({ seconds, request }: { seconds: number; request: ReturnType<typeof useFramesActions>['request'] }) {
  const { t, n, format, language } = useWords()
  const [kind, setKind] = useState<Kind>('interval')
  const [values, setValues] = useState<Readonly<Record<Kind, number>>>({ interval: 10, count: 20 })
  const choice: Choice = { kind, value: values[kind] }
  const { least, most } = bounds[kind]
  const images = imagesOf(choice, seconds)
  const fits = isInBounds(choice)
  const wrong = !fits
    ? t('frames.outOfRange', { least: format.number(least), most: format.number(most) })
    : images > MAX_FRAMES
      ? t('frames.tooMany', { images: format.number(images), most: format.number(MAX_FRAMES) })
      : request.error
        ? problemText(language, request.error instanceof ProblemError ? request.error.code : 'server/failed')
        : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (fits && images <= MAX_FRAMES) request.mutate(bodyOf(choice))
  }
  return (
    <form className={styles.ask} onSubmit={submit}>
      <SegmentedControl
        aria-label={t('frames.how')}
        className={styles.kind}
        value={kind}
        onChange={(next) => {
          request.reset()
          setKind(next as Kind)
        }}
        data={[
          { value: 'interval', label: t('frames.byInterval') },
          { value: 'count', label: t('frames.byCount') },
        ]}
      />
      <NumberInput
        key={kind}
        className={styles.number}
        label={kind === 'interval' ? t('frames.seconds') : t('frames.count')}
        description={kind === 'interval' ? t('frames.secondsHelp') : t('frames.countHelp')}
        value={Number.isNaN(choice.value) ? '' : choice.value}
        onChange={(value) => {
          request.reset()
          setValues((old) => ({ ...old, [kind]: value === '' ? Number.NaN : Number(value) }))
        }}
        min={least}
        max={most}
        step={kind === 'interval' ? 0.5 : 1}
        allowDecimal={kind === 'interval'}
        decimalSeparator={language === 'pt-BR' ? ',' : '.'}
        allowedDecimalSeparators={[',', '.']}
        clampBehavior="none"
        hideControls
        error={wrong}
      />
      <div className={styles.make}>
        <Text size="sm" aria-live="polite">
          {wrong === undefined ? n('frames.gives', images) : ' '}
        </Text>
        <Button
          type="submit"
          leftSection={<IconPhoto size="1.2rem" aria-hidden />}
          loading={request.isPending}
          disabled={!fits || images > MAX_FRAMES}
        >
          {t('frames.make')}
        </Button>
      </div>
    </form>
  )
}
