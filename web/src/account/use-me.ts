import { authRoutes } from '@balcao/contracts'
import { useQuery } from '@tanstack/react-query'
import { session } from '../session/session.ts'

/** Who is signed in, by the server's word. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: () => session.call(authRoutes.me), staleTime: 5 * 60_000 })
}
