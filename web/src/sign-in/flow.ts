import type { Delivery, LoginAnswer } from '@balcao/contracts'

/** Where a person is between "who are you" and "come in". Memory only: a reload starts again, and nothing is in the URL. */
interface Flow {
  email: string
  /** Kept from sign-up until the e-mail is confirmed, so that nobody types it twice in a minute. */
  password: string
  delivery: Delivery | undefined
  factor: 'none' | 'code' | 'enrol'
  /** Names the enrolment where there is no cookie. */
  enrolment: string | undefined
}

const empty: Flow = { email: '', password: '', delivery: undefined, factor: 'none', enrolment: undefined }

export const flow: Flow = { ...empty }

export function forgetFlow(): void {
  Object.assign(flow, empty)
}

/** Notes what a correct password led to. @returns the tokens, for a pool or person without a second factor */
export function noteLogin(answer: LoginAnswer) {
  flow.password = ''
  if ('tokens' in answer) return answer.tokens
  flow.factor = 'mfaSetupRequired' in answer ? 'enrol' : 'code'
  flow.enrolment = 'flow' in answer ? answer.flow : undefined
  return undefined
}
