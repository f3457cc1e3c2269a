import { mailboxRoutes } from '@balcao/contracts'
import { useQuery } from '@tanstack/react-query'
import { ProblemError } from '../api/call.ts'
import { session } from '../session/session.ts'

/** The server has a mailbox for its own machine only; elsewhere there is no point in asking. */
const onLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(window.location.hostname)

/** The messages sent, newest first; `null` where there is no mailbox (everywhere but in development). */
export function useMailbox(options: { live: boolean }) {
  return useQuery({
    queryKey: ['mailbox'],
    queryFn: async () => {
      if (!onLoopback) return null
      try {
        return (await session.call(mailboxRoutes.list)).items
      } catch (error) {
        if (error instanceof ProblemError && error.status === 404) return null
        throw error
      }
    },
    refetchInterval: (query) => (options.live && query.state.data !== null ? 3000 : false),
    staleTime: options.live ? 0 : Number.POSITIVE_INFINITY,
  })
}

/** Whether the page may offer the mailbox at all. */
export const useMailboxExists = (): boolean => Array.isArray(useMailbox({ live: false }).data)
