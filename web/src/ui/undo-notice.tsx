import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'

/** How long a person can take something back. */
const UNDO_MS = 10_000

let latest: (() => void) | undefined

/** Takes back what was done last, while its notice is there: the way of those who cannot reach the button in time. */
export function undoLatest(): void {
  latest?.()
}

/** Somebody else may come to this browser: nothing is said of what the last one did, nor can be taken back. */
export function forgetNotices(): void {
  latest = undefined
  notifications.clean()
}

/** Says what was done, with a way back. @param onKept called once it can be taken back no longer
 *  @returns takes it away */
export function undoNotice(message: string, undo: string, onUndo: () => void, onKept?: () => void): () => void {
  let taken = false
  const takeBack = () => {
    taken = true
    notifications.hide(id)
    onUndo()
  }
  latest = takeBack
  const id = notifications.show({
    autoClose: UNDO_MS,
    onClose: () => {
      if (latest === takeBack) latest = undefined
      if (!taken) onKept?.()
    },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" lineClamp={2}>
          {message}
        </Text>
        <Button flex="none" variant="light" onClick={takeBack}>
          {undo}
        </Button>
      </Group>
    ),
  })
  return () => void notifications.hide(id)
}
