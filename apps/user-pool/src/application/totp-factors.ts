/** The authenticator apps that have been proven, one for each person. */
export interface TotpFactors {
  /** The first factor of an account. False where it has one already. */
  add(factor: TotpFactor): Promise<boolean>
  /** Puts another in place of the one there is. */
  replace(factor: TotpFactor): Promise<void>
}

export interface TotpFactor {
  readonly sub: string
  readonly secret: Buffer
  /** The step that proved it: enrolling uses it up. */
  readonly step: number
  readonly deviceName: string | undefined
  readonly at: Date
}
