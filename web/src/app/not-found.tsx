import { IconMap2 } from '@tabler/icons-react'
import { useWords } from '../i18n/language.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { Message } from '../ui/message.tsx'
import { usePageTitle } from '../ui/page-title.ts'

export function NotFound() {
  const { t } = useWords()
  usePageTitle(t('notFound.title'))
  return (
    <Message order={1} icon={<IconMap2 />} title={t('notFound.title')} lead={t('notFound.lead')}>
      <ButtonLink to="/biblioteca" mt="sm">
        {t('notFound.home')}
      </ButtonLink>
    </Message>
  )
}
