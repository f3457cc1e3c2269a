import { Button, SegmentedControl, Skeleton, Text, Title, useMantineColorScheme } from '@mantine/core'
import { IconLogout, IconShieldCheck, IconShieldOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useWords } from '../i18n/language.tsx'
import { type Language, languages } from '../i18n/translate.ts'
import { session } from '../session/session.ts'
import { usePageTitle } from '../ui/page-title.ts'
import { Trouble } from '../ui/trouble.tsx'
import styles from './account.module.css'
import { KeepOriginals } from './keep-originals.tsx'
import { useMe } from './use-me.ts'

export function AccountPage() {
  const { t } = useWords()
  const me = useMe()
  usePageTitle(t('account.title'))
  if (me.isError && !me.data) return <Trouble error={me.error} onRetry={() => void me.refetch()} />
  const value = (text: string | undefined) => text ?? <Skeleton height="1.2rem" width="12rem" />
  return (
    <div className={styles.page}>
      <Title order={1}>{t('account.title')}</Title>
      <Part title={t('account.profile')}>
        <Fact name={t('field.name')}>{value(me.data?.name)}</Fact>
        <Fact name={t('field.email')}>{value(me.data?.email)}</Fact>
        <Fact name={t('field.cpf')}>{value(me.data && (me.data.cpf ?? t('account.noCpf')))}</Fact>
      </Part>
      <Part title={t('account.security')}>
        <Fact name={t('account.factor')}>
          {me.data ? (
            <span className={styles.factor} data-on={me.data.mfaEnabled || undefined}>
              {me.data.mfaEnabled ? <IconShieldCheck aria-hidden /> : <IconShieldOff aria-hidden />}
              {t(me.data.mfaEnabled ? 'account.factorOn' : 'account.factorOff')}
            </span>
          ) : (
            value(undefined)
          )}
        </Fact>
        <Fact name={t('account.session')}>
          <Text c="dimmed" mb="sm">
            {t('account.sessionLead')}
          </Text>
          <Button
            variant="default"
            leftSection={<IconLogout size="1.2rem" aria-hidden />}
            onClick={() => void session.leave().catch(() => undefined)}
          >
            {t('nav.signOut')}
          </Button>
        </Fact>
      </Part>
      <Part title={t('account.videos')}>
        <Fact name={t('account.files')}>
          <KeepOriginals />
        </Fact>
      </Part>
      <Preferences />
    </div>
  )
}

function Preferences() {
  const { t, language, choose } = useWords()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Part title={t('account.preferences')}>
      <Fact name={t('nav.language')}>
        <SegmentedControl
          size="md"
          aria-label={t('nav.language')}
          value={language}
          onChange={(value) => choose(value as Language)}
          data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        />
      </Fact>
      <Fact name={t('nav.scheme')}>
        <SegmentedControl
          size="md"
          aria-label={t('nav.scheme')}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
          data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`scheme.${value}`) }))}
        />
      </Fact>
    </Part>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part} aria-label={title}>
      <Title order={2} size="h3">
        {title}
      </Title>
      <dl className={styles.facts}>{children}</dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
