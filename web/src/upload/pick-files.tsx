import { notifications } from '@mantine/notifications'
import { createContext, type ReactNode, use, useCallback, useRef } from 'react'
import { useWords } from '../i18n/language.tsx'
import { uploads } from './uploads.ts'

const Context = createContext<() => void>(() => {})

/** Opens the file chooser. */
export const usePick = () => use(Context)

/** Hands files to the uploader, and says when some were already there. */
export function useTakeFiles(): (files: readonly File[]) => void {
  const { n } = useWords()
  return useCallback(
    (files) => {
      void uploads.add(files).then((already) => {
        if (already > 0) notifications.show({ message: n('upload.already', already) })
      })
    },
    [n],
  )
}

/** One hidden file field for the whole page. */
export function PickProvider({ children }: { children: ReactNode }) {
  const { t } = useWords()
  const field = useRef<HTMLInputElement>(null)
  const take = useTakeFiles()
  return (
    <Context value={useCallback(() => field.current?.click(), [])}>
      {children}
      <input
        ref={field}
        type="file"
        multiple
        hidden
        accept="video/*,audio/*,.mkv,.mts,.m2ts,.ts,.flv,.avi,.wmv,.mxf,.vob"
        aria-label={t('library.upload')}
        onChange={(event) => {
          const { files, value } = event.currentTarget
          if (value !== '' && files) take([...files])
          // The same file may be chosen again.
          event.currentTarget.value = ''
        }}
      />
    </Context>
  )
}
