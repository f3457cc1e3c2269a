import { Text } from '@mantine/core'
import { IconCloudUpload } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../i18n/language.tsx'
import { droppedFiles } from '../upload/kept-files.ts'
import { useTakeFiles } from '../upload/pick-files.tsx'
import styles from './library.module.css'

/** Files may be dropped anywhere on the page while the library is open. */
export function DropZone({ children, disabled }: { children: ReactNode; disabled: boolean }) {
  const { t } = useWords()
  const take = useTakeFiles()
  const [over, setOver] = useState(false)

  useEffect(() => {
    if (disabled) return
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const dragOver = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      setOver(false)
      if (!holdsFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      void droppedFiles(event.dataTransfer).then(take)
    }
    window.addEventListener('dragover', dragOver)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', dragOver)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [disabled, take])

  return (
    <>
      {children}
      {over && (
        <div className={styles.over}>
          <IconCloudUpload aria-hidden />
          <Text size="xl" fw={650}>
            {t('library.drop')}
          </Text>
        </div>
      )}
    </>
  )
}
