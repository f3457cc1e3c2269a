import type { Video, VideoList } from '@balcao/contracts'
import type { InfiniteData, QueryClient } from '@tanstack/react-query'

export interface ListFilter {
  readonly search: string
  readonly sort: 'newest' | 'oldest' | 'title'
  readonly trash: boolean
}

export const videoKeys = {
  all: ['videos'] as const,
  lists: ['videos', 'list'] as const,
  list: (filter: ListFilter) => ['videos', 'list', filter] as const,
  one: (id: string) => ['videos', 'one', id] as const,
}

type Pages = InfiniteData<VideoList, string | undefined>

/** Replaces a video wherever it is shown; a list that lacks it and may have to hold it is asked for again. */
export function putVideo(client: QueryClient, video: Video): void {
  const known = client.getQueryData<Video>(videoKeys.one(video.id))
  // A list may lack it for good reason (a search, a later page): it is not asked again at every percent.
  const isNews = !known || (known.deletedAt === null) !== (video.deletedAt === null)
  client.setQueryData<Video>(videoKeys.one(video.id), (old) => withKnownPoster(video, old))
  for (const [key, pages] of client.getQueriesData<Pages>({ queryKey: videoKeys.lists })) {
    if (!pages) continue
    const filter = key[2] as ListFilter
    const belongs = filter.trash === (video.deletedAt !== null)
    const holds = pages.pages.some(({ items }) => items.some(({ id }) => id === video.id))
    if (holds) {
      client.setQueryData<Pages>(
        key,
        mapPages(pages, (items) =>
          belongs
            ? items.map((old) => (old.id === video.id ? withKnownPoster(video, old) : old))
            : items.filter(({ id }) => id !== video.id),
        ),
      )
    } else if (belongs && isNews) void client.invalidateQueries({ queryKey: key, exact: true })
  }
}

/** Takes a video off the lists of the library; the trash asks again. */
export function dropVideo(client: QueryClient, id: string): void {
  for (const [key, pages] of client.getQueriesData<Pages>({ queryKey: videoKeys.lists })) {
    if (!pages) continue
    if ((key[2] as ListFilter).trash) void client.invalidateQueries({ queryKey: key, exact: true })
    else
      client.setQueryData<Pages>(
        key,
        mapPages(pages, (items) => items.filter((video) => video.id !== id)),
      )
  }
}

const mapPages = (pages: Pages, change: (items: Video[]) => Video[]): Pages => ({
  ...pages,
  pages: pages.pages.map((page) => ({ ...page, items: change(page.items) })),
})

/** Each answer signs the poster's URL anew; the picture stays, so that it does not load again at every percent. */
function withKnownPoster(video: Video, old: Video | undefined): Video {
  const path = (url: string | null | undefined) => url?.split('?')[0]
  return old?.posterUrl && path(old.posterUrl) === path(video.posterUrl)
    ? { ...video, posterUrl: old.posterUrl }
    : video
}
