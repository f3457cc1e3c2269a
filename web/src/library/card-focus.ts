import { useEffect } from 'react'
import { isTyping } from '../ui/use-shortcuts.ts'

/** Stands for what an empty library offers instead of cards. */
export const EMPTY = 'empty'

let wanted: string | undefined

/** The card of this video takes the focus as soon as it is shown. */
export function focusCard(id: string): void {
  wanted = id
}

/** A video leaves the list: the focus goes to the next card, not back to the top of the page. */
export function focusBeside(videos: readonly { id: string }[], leaving: string): void {
  const at = videos.findIndex(({ id }) => id === leaving)
  focusCard((videos[at + 1] ?? videos[at - 1])?.id ?? EMPTY)
}

/** Gives the focus to the wanted card, marked by `data-card`, when the list that is drawn has it. */
export function useCardFocus(): void {
  useEffect(() => {
    if (!wanted || isTyping(document.activeElement)) return
    const card = document.querySelector<HTMLElement>(`[data-card="${CSS.escape(wanted)}"]`)
    if (!card) return
    wanted = undefined
    card.focus()
  })
}
