import { useWords } from '../i18n/language.tsx'
import styles from './logo.module.css'

/** The bell on the counter, and the house's name. */
export function Logo({ word = true }: { word?: boolean }) {
  const { t } = useWords()
  return (
    <span className={styles.logo}>
      <svg viewBox="0 0 32 32" className={styles.mark} aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="9" className={styles.felt} />
        <path d="M8 20a8 8 0 0 1 16 0z" className={styles.metal} />
        <rect x="14.75" y="7.5" width="2.5" height="4" rx="1.25" className={styles.metal} />
        <rect x="5.5" y="21.75" width="21" height="3" rx="1.5" className={styles.metal} />
      </svg>
      {word && <span className={styles.word}>{t('house.name')}</span>}
    </span>
  )
}
