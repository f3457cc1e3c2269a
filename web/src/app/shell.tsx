import { Alert } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useRef, useSyncExternalStore } from 'react'
import { useWords } from '../i18n/language.tsx'
import { useMailboxExists } from '../mailbox/use-mailbox.ts'
import { session } from '../session/session.ts'
import { Logo } from '../ui/logo.tsx'
import { Preferences } from '../ui/preferences.tsx'
import { ShortcutsDialog } from '../ui/shortcuts-dialog.tsx'
import { undoLatest } from '../ui/undo-notice.tsx'
import { useShortcuts } from '../ui/use-shortcuts.ts'
import { PickProvider } from '../upload/pick-files.tsx'
import { UploadPanel } from '../upload/upload-panel.tsx'
import { live } from './live.ts'
import { PersonMenu } from './person-menu.tsx'
import styles from './shell.module.css'

/** Milliseconds that a connection may be gone before the person is told. */
const PATIENCE = 3000

/** The house around every page but sign-in: name, counters, preferences, the person, the uploads. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const hasMailbox = useMailboxExists()
  const [helping, help] = useDisclosure(false)
  const signedIn = useSyncExternalStore(session.subscribe, () => session.state === 'in')
  const lost = useSyncExternalStore(live.subscribe, () => live.status === 'lost')
  const [lostLong] = useDebouncedValue(lost, PATIENCE)
  const went = useRef(0)
  // `g` then a letter, within a second and a half, as in Linear and GitHub.
  const afterG = (go: () => void) => () => {
    if (performance.now() - went.current >= 1500) return false
    go()
  }
  useShortcuts({
    '?': help.open,
    z: undoLatest,
    g: () => {
      went.current = performance.now()
    },
    b: afterG(() => void navigate({ to: '/biblioteca' })),
    c: afterG(() => void navigate({ to: '/conta' })),
  })

  return (
    <PickProvider>
      <a href="#conteudo" className={styles.skip}>
        {t('house.skip')}
      </a>
      <header className={styles.header}>
        <div className={styles.inside}>
          <Link to="/" className={styles.home} aria-label={t('house.name')}>
            <Logo />
          </Link>
          <nav className={styles.nav} aria-label={t('nav.main')}>
            {signedIn && (
              <Link to="/biblioteca" className={styles.counter} activeProps={{ 'data-active': true }}>
                {t('nav.library')}
              </Link>
            )}
            {hasMailbox && (
              <Link to="/caixa-de-teste" className={styles.counter} activeProps={{ 'data-active': true }}>
                {t('nav.mailbox')}
              </Link>
            )}
          </nav>
          <div className={styles.corner}>
            <div className={styles.preferences}>
              <Preferences />
            </div>
            {signedIn ? (
              <PersonMenu onHelp={help.open} />
            ) : (
              <Link to="/entrar" className={styles.counter}>
                {t('signIn.title')}
              </Link>
            )}
          </div>
        </div>
      </header>
      <main id="conteudo" className={styles.main} tabIndex={-1}>
        {signedIn && lost && lostLong && (
          <Alert role="status" className={styles.lost} icon={<IconPlugConnectedX aria-hidden />}>
            {t('library.lost')}
          </Alert>
        )}
        {children}
      </main>
      {signedIn && <UploadPanel />}
      <ShortcutsDialog opened={helping} onClose={help.close} />
    </PickProvider>
  )
}
