export interface Bucket {
  readonly name: string
  readonly createdAt: Date
}

/** The rows of buckets. */
export interface Buckets {
  /** Adds it where it is not there yet. */
  add(bucket: Bucket): Promise<void>
  all(): Promise<Bucket[]>
  has(name: string): Promise<boolean>
}
