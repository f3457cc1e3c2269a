import { useEffect } from 'react'

/** Names the tab. Never with anything of the person: no e-mail, no file name. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Balcão`
  }, [title])
}
