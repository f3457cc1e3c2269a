/** Why a job failed or waits, told beside what it is to make. */
export interface Problem {
  readonly code: string
  readonly message: string
  /** Bytes that the disk was short of at least, where that is why and somebody knew. */
  readonly missing?: number | undefined
}
