import type { RowOf } from '../sql/rows.ts'

/** A service's own table of jobs, as data. It has these columns beside the service's own:
 *  `id text primary key, owner text, lane text, state text, attempt int, failures int, deaths int, lease_until timestamptz,
 *  ready_at timestamptz, percent double precision, eta_seconds double precision, updated_at timestamptz`. */
export interface WorkTable<Extra> {
  readonly table: string
  /** What else of a job's row its worker needs. */
  readonly row?: RowOf<Extra>
  /** The row that a job hangs on. It is locked before the job's, here as everywhere, so that no two transactions wait
   *  for each other. */
  readonly above?: {
    readonly table: string
    /** The column of the job that holds its id. */
    readonly key: string
    /** Jobs of others are not claimed: a condition on it as `above`. */
    readonly claimable?: string
  }
  /** Seconds that a worker may be silent before another takes its job. */
  readonly leaseSeconds: number
  /** Workers that may die of a job, each letting its lease run out, before it is given up. */
  readonly maxDeaths: number
  /** By lane, how many jobs of one owner may run at a time; absent where it does not matter. */
  readonly lanes: Readonly<Record<string, { readonly perOwner?: number }>>
}
