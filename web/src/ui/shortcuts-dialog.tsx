import { Kbd, Modal, Title } from '@mantine/core'
import type { Key } from '../i18n/dictionaries.ts'
import { useWords } from '../i18n/language.tsx'
import styles from './shortcuts-dialog.module.css'

const parts: readonly { title: Key; keys: readonly (readonly [keys: readonly string[], does: Key])[] }[] = [
  {
    title: 'keys.anywhere',
    keys: [
      [['?'], 'keys.help'],
      [['G', '→', 'B'], 'keys.goLibrary'],
      [['G', '→', 'C'], 'keys.goAccount'],
      [['Z'], 'keys.undo'],
    ],
  },
  {
    title: 'keys.library',
    keys: [
      [['/'], 'keys.search'],
      [['U'], 'keys.upload'],
      [['←', '↑', '↓', '→'], 'keys.walk'],
      [['Enter'], 'keys.open'],
      [['Delete'], 'keys.delete'],
    ],
  },
  {
    title: 'keys.player',
    keys: [
      [['K'], 'keys.play'],
      [['J', 'L'], 'keys.ten'],
      [['←', '→'], 'keys.five'],
      [['↑', '↓'], 'keys.volume'],
      [['M'], 'keys.mute'],
      [['F'], 'keys.full'],
      [['I'], 'keys.pip'],
      [['C'], 'keys.captions'],
      [['<', '>'], 'keys.speed'],
      [['0', '…', '9'], 'keys.jump'],
    ],
  },
]

const joins = new Set(['→', '…'])

export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useWords()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('keys.title')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <div className={styles.parts}>
        {parts.map(({ title, keys }) => (
          <section key={title}>
            <Title order={3} size="h3" mb="xs">
              {t(title)}
            </Title>
            <dl className={styles.keys}>
              {keys.map(([names, does]) => (
                <div key={does}>
                  <dt>{t(does)}</dt>
                  <dd>
                    {names.map((name) =>
                      joins.has(name) && names.length === 3 ? (
                        <span key={name}>{name === '→' ? t('keys.then') : name}</span>
                      ) : (
                        <Kbd key={name} size="md">
                          {name}
                        </Kbd>
                      ),
                    )}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
