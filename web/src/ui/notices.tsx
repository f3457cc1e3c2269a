import { useMediaQuery } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'

/** Where short messages appear: on a phone above, since the uploads are below. */
export function Notices() {
  const narrow = useMediaQuery('(max-width: 48em)')
  return <Notifications position={narrow ? 'top-center' : 'bottom-left'} zIndex={500} limit={4} />
}
