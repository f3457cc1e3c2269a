export type UserStatus = 'UNCONFIRMED' | 'CONFIRMED'

/** An account of a pool. In a pool named by e-mail the Username is the `sub` (Cognito, UsernameAttributes). */
export interface User {
  readonly sub: string
  readonly email: string
  readonly emailVerified: boolean
  readonly status: UserStatus
  readonly enabled: boolean
  readonly attributes: Readonly<Record<string, string>>
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Whether a second factor has been proven. */
  readonly hasTotp: boolean
}

export interface Attribute {
  readonly Name: string
  readonly Value?: string
}

/** What a person may say about themselves at sign-up: OIDC Core §5.1, what Cognito calls standard attributes. */
const WRITABLE = new Set(
  `name given_name family_name middle_name nickname preferred_username profile picture website gender birthdate
   zoneinfo locale address phone_number`.split(/\s+/),
)

export const isWritableAttribute = (name: string): boolean => WRITABLE.has(name)

/** The attributes as GetUser and AdminGetUser list them. */
export function attributesOf(user: User): Attribute[] {
  const pairs = { email: user.email, email_verified: String(user.emailVerified), ...user.attributes, sub: user.sub }
  return Object.entries(pairs).map(([Name, Value]) => ({ Name, Value }))
}

/** The second factors as GetUser and AdminGetUser list them. */
export function mfaSettingsOf(user: User): { UserMFASettingList?: string[]; PreferredMfaSetting?: string } {
  if (!user.hasTotp) return {}
  return { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'], PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' }
}
