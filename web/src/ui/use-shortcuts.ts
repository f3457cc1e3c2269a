import { useEffect, useRef } from 'react'

/** Whether keys belong to what has the focus: a field, a menu, a dialog. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return (
    target.closest(
      'input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=menu], [role=dialog]',
    ) !== null
  )
}

/** The one key that a switch has. */
const isSwitching = ({ key, target }: KeyboardEvent) =>
  key === ' ' && target instanceof Element && target.matches('[type=checkbox]')

/** Single keys that do something on this page, by `event.key`. Never while a person types or holds a modifier. One that
 *  answers false did nothing, and is left to others. */
export function useShortcuts(shortcuts: Record<string, () => unknown>): void {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (isTyping(event.target) || isSwitching(event)) return
      const action = latest.current[event.key]
      if (!action) return
      if (action() !== false) event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
