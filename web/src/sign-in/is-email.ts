import { ResendBody } from '@balcao/contracts'

/** Whether the contract takes it as an e-mail address. */
export const isEmail = (text: string): boolean => ResendBody.safeParse({ email: text.trim() }).success
