import { Avatar, Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconInbox, IconKeyboard, IconLogout, IconUserCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMe } from '../account/use-me.ts'
import { useWords } from '../i18n/language.tsx'
import { useMailboxExists } from '../mailbox/use-mailbox.ts'
import { session } from '../session/session.ts'
import { LanguageItems, SchemeItems } from '../ui/preferences.tsx'
import styles from './shell.module.css'

/** The person's corner: who they are, their account, preferences on a phone, and the way out. */
export function PersonMenu({ onHelp }: { onHelp: () => void }) {
  const { t } = useWords()
  const me = useMe()
  const hasMailbox = useMailboxExists()
  const icon = '1.1rem'
  return (
    <Menu position="bottom-end" width="15rem">
      <Menu.Target>
        <UnstyledButton className={styles.person}>
          <VisuallyHidden>{t('nav.person')}</VisuallyHidden>
          <Avatar name={me.data?.name ?? ''} color="mata" radius="xl" size="2.25rem" alt="" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {me.data && (
          <div className={styles.who}>
            <Text fw={650} truncate>
              {me.data.name}
            </Text>
            <Text size="sm" c="dimmed" truncate>
              {me.data.email}
            </Text>
          </div>
        )}
        <Menu.Divider />
        <Menu.Item component={Link} to="/conta" leftSection={<IconUserCircle size={icon} />}>
          {t('nav.account')}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={icon} />} onClick={onHelp}>
          {t('nav.shortcuts')}
        </Menu.Item>
        {hasMailbox && (
          <Menu.Item component={Link} to="/caixa-de-teste" leftSection={<IconInbox size={icon} />}>
            {t('nav.mailbox')}
          </Menu.Item>
        )}
        <div className={styles.small}>
          <Menu.Divider />
          <Menu.Label>{t('nav.language')}</Menu.Label>
          <LanguageItems />
          <Menu.Label>{t('nav.scheme')}</Menu.Label>
          <SchemeItems />
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={icon} />}
          // Here the person is out at once; the server hears of it as soon as it can be reached.
          onClick={() => void session.leave().catch(() => undefined)}
        >
          {t('nav.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
