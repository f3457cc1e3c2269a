import { z } from 'zod'
import type { Route } from './route.ts'

export const MailboxMessage = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  sentAt: z.iso.datetime(),
})
export type MailboxMessage = z.infer<typeof MailboxMessage>

export const MailboxList = z.object({ items: z.array(MailboxMessage) })
export type MailboxList = z.infer<typeof MailboxList>

export const mailboxRoutes = {
  list: {
    method: 'GET',
    path: '/dev/mailbox',
    summary: 'Development only: messages sent, newest first',
    auth: 'none',
    query: z.object({ to: z.string().max(254).optional() }),
    answers: { 200: MailboxList },
  },
} as const satisfies Record<string, Route>
