import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { IconCheck, IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from '@tabler/icons-react'
import { useWords } from '../i18n/language.tsx'
import { type Language, languages } from '../i18n/translate.ts'

const schemes = [
  { value: 'light', text: 'scheme.light', icon: IconSun },
  { value: 'dark', text: 'scheme.dark', icon: IconMoon },
  { value: 'auto', text: 'scheme.auto', icon: IconDeviceDesktop },
] as const

const chosen = <IconCheck size="1rem" aria-hidden />

/** The languages, as items of whatever menu they are put in. */
export function LanguageItems() {
  const { language, choose } = useWords()
  return Object.entries(languages).map(([value, name]) => (
    <Menu.Item
      key={value}
      lang={value}
      onClick={() => choose(value as Language)}
      rightSection={value === language ? chosen : null}
      aria-current={value === language || undefined}
    >
      {name}
    </Menu.Item>
  ))
}

export function SchemeItems() {
  const { t } = useWords()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return schemes.map(({ value, text, icon: Icon }) => (
    <Menu.Item
      key={value}
      onClick={() => setColorScheme(value)}
      leftSection={<Icon size="1.1rem" aria-hidden />}
      rightSection={value === colorScheme ? chosen : null}
      aria-current={value === colorScheme || undefined}
    >
      {t(text)}
    </Menu.Item>
  ))
}

/** Two small menus for the corner of a page. */
export function Preferences() {
  const { t } = useWords()
  const { colorScheme } = useMantineColorScheme()
  const Scheme = schemes.find(({ value }) => value === colorScheme)?.icon ?? IconDeviceDesktop
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t('nav.language')}>
            <IconLanguage size="1.3rem" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <LanguageItems />
        </Menu.Dropdown>
      </Menu>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t('nav.scheme')}>
            <Scheme size="1.3rem" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <SchemeItems />
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
