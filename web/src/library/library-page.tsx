import type { Video } from '@balcao/contracts'
import { Button, CloseButton, Select, Skeleton, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCloudUpload, IconMoodEmpty, IconSearch, IconTrash, IconUpload } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useWords } from '../i18n/language.tsx'
import { ActionLink, ButtonLink } from '../ui/links.tsx'
import { Message } from '../ui/message.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { Trouble } from '../ui/trouble.tsx'
import { useShortcuts } from '../ui/use-shortcuts.ts'
import { usePick } from '../upload/pick-files.tsx'
import { EMPTY, focusBeside, useCardFocus } from './card-focus.ts'
import { DropZone } from './drop-zone.tsx'
import styles from './library.module.css'
import { useVideoActions, useVideoList } from './use-videos.ts'
import { VideoCard } from './video-card.tsx'

const sorts = [
  { value: 'newest', text: 'library.newest' },
  { value: 'oldest', text: 'library.oldest' },
  { value: 'title', text: 'library.byTitle' },
] as const

export function LibraryPage() {
  const { t, n } = useWords()
  const navigate = useNavigate({ from: '/biblioteca' })
  const { ordem = 'newest', lixeira: trash = false } = useSearch({ from: '/dentro/biblioteca' })
  // What is searched for may be private: it stays out of the address.
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 250)
  const searchField = useRef<HTMLInputElement>(null)
  const pick = usePick()
  const list = useVideoList({ search, sort: ordem, trash })
  const { remove, restore } = useVideoActions()
  const videos = list.data?.pages.flatMap(({ items }) => items) ?? []
  usePageTitle(trash ? t('library.trash') : t('library.title'))
  useCardFocus()
  useShortcuts({ '/': () => searchField.current?.focus(), u: pick })

  const leave = (video: Video, act: (video: Video) => void) => () => {
    focusBeside(videos, video.id)
    act(video)
  }
  const empty = list.isSuccess && videos.length === 0
  return (
    <DropZone disabled={trash}>
      <div className={styles.head}>
        <div>
          <Title order={1}>{trash ? t('library.trash') : t('library.title')}</Title>
          {trash && <Text c="dimmed">{t('library.trashLead')}</Text>}
        </div>
        <div className={styles.tools}>
          <TextInput
            ref={searchField}
            className={styles.search}
            type="search"
            aria-label={t('library.search')}
            placeholder={t('library.search')}
            leftSection={<IconSearch size="1.1rem" aria-hidden />}
            rightSection={typed && <CloseButton aria-label={t('library.clear')} onClick={() => setTyped('')} />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Select
            className={styles.sort}
            aria-label={t('library.sort')}
            data={sorts.map(({ value, text }) => ({ value, label: t(text) }))}
            value={ordem}
            allowDeselect={false}
            onChange={(value) =>
              void navigate({
                search: (old) => ({ ...old, ordem: (value as typeof ordem) ?? undefined }),
                replace: true,
              })
            }
          />
          <ActionLink
            className={styles.trash ?? ''}
            to="/biblioteca"
            search={{ ordem, lixeira: trash ? undefined : true }}
            variant={trash ? 'light' : 'subtle'}
            color={trash ? 'mata' : 'gray'}
            aria-label={t('library.trash')}
            aria-current={trash ? 'page' : undefined}
          >
            <IconTrash size="1.3rem" />
          </ActionLink>
          {trash ? (
            <ButtonLink className={styles.upload ?? ''} to="/biblioteca" search={{ ordem }} variant="default">
              {t('watch.back')}
            </ButtonLink>
          ) : (
            <Button className={styles.upload} leftSection={<IconUpload size="1.2rem" aria-hidden />} onClick={pick}>
              {t('library.upload')}
            </Button>
          )}
        </div>
      </div>

      {list.isError && !list.data && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons label={t('library.loading')} />}
      {empty && search && (
        <Message
          icon={<IconSearch />}
          title={t('library.nothingFound', { search })}
          lead={t('library.nothingFoundLead')}
        />
      )}
      {empty && !search && trash && <Message icon={<IconMoodEmpty />} title={t('library.emptyTrash')} />}
      {empty && !search && !trash && (
        <div className={styles.empty}>
          <Message icon={<IconCloudUpload />} title={t('library.empty')} lead={t('library.emptyLead')}>
            <Button size="lg" mt="sm" onClick={pick} data-card={EMPTY}>
              {t('library.emptyPick')}
            </Button>
          </Message>
        </div>
      )}
      {videos.length > 0 && (
        <>
          <ul className={styles.grid} aria-label={t('library.list')} onKeyDown={walk}>
            {videos.map((video) => (
              <li key={video.id}>
                <VideoCard video={video} onDelete={leave(video, remove)} onRestore={leave(video, restore)} />
              </li>
            ))}
          </ul>
          <div className={styles.foot}>
            <Text size="sm" c="dimmed" aria-live="polite">
              {n('library.count', videos.length)}
            </Text>
            {list.hasNextPage && (
              <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t('do.more')}
              </Button>
            )}
          </div>
        </>
      )}
    </DropZone>
  )
}

/** The arrows move from card to card, as the eye sees them. */
function walk(event: KeyboardEvent<HTMLUListElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-card]')]
  const at = links.indexOf(event.target as HTMLElement)
  if (at < 0) return
  const columns = getComputedStyle(event.currentTarget).gridTemplateColumns.split(' ').length
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key]
  if (!step) return
  event.preventDefault()
  links[at + step]?.focus()
}

function Skeletons({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className={styles.grid}>
      {Array.from({ length: 8 }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: eight that are all alike
        <div key={i}>
          <Skeleton className={styles.picture} />
          <Skeleton height="1rem" mt="sm" width="70%" />
          <Skeleton height="0.8rem" mt="xs" width="40%" />
        </div>
      ))}
    </div>
  )
}
