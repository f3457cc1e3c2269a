import { maskedDestination } from '../domain/email.ts'

/** Sends codes. It does not wait for the mail: how long that takes would tell who has an account. */
export interface CodeMail {
  sendConfirmation(email: string, code: string): void
}

/** Cognito's CodeDeliveryDetails for a code by e-mail. */
export function deliveryTo(username: string) {
  return { AttributeName: 'email', DeliveryMedium: 'EMAIL' as const, Destination: maskedDestination(username) }
}
