import type { Video } from '@balcao/contracts'
import { Button, Modal, Text, Title } from '@mantine/core'
import { IconFileDownload, IconFileOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useWords } from '../i18n/language.tsx'
import { useVideoActions } from '../library/use-videos.ts'
import styles from './watch.module.css'

/** What was sent, to be had back or to be given up. */
export function Original({ video }: { video: Video }) {
  const { t, format } = useWords()
  const { original, giveUpOriginal } = useVideoActions()
  const [asking, setAsking] = useState(false)
  if (!video.originalKept) return null
  return (
    <section className={`${styles.details} ${styles.original}`} aria-label={t('video.original')}>
      <Title order={2} size="h3">
        {t('video.original')}
      </Title>
      <Text>
        {t('video.originalLead')} {video.size !== null && format.bytes(video.size)}
      </Text>
      <div className={styles.actions}>
        <Button
          variant="default"
          leftSection={<IconFileDownload size="1.2rem" aria-hidden />}
          onClick={() => original(video)}
        >
          {t('video.originalDownload')}
        </Button>
        {video.originalRemovable && (
          <Button
            variant="default"
            className={styles.delete}
            leftSection={<IconFileOff size="1.2rem" aria-hidden />}
            onClick={() => setAsking(true)}
          >
            {t('video.originalGiveUp')}
          </Button>
        )}
      </div>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('video.originalAsk', { title: video.title })}
        centered
        closeButtonProps={{ 'aria-label': t('do.close') }}
      >
        <Text>{t('video.originalAskLead', { size: format.bytes(video.size ?? 0) })}</Text>
        <div className={styles.answers}>
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t('video.originalKeep')}
          </Button>
          <Button
            color="red.9"
            onClick={() => {
              giveUpOriginal(video)
              setAsking(false)
            }}
          >
            {t('video.originalErase')}
          </Button>
        </div>
      </Modal>
    </section>
  )
}
