import type { Platform } from '@balcao/platform'
import type { SweepJobs } from '../../application/sweep-jobs.ts'
import type { SweepTrash } from '../../application/sweep-trash.ts'
import type { SweepUploads } from '../../application/sweep-uploads.ts'

/** Starts what looks for lost and left things, each in one process at a time. */
export async function startSweepers(
  { jobs }: Pick<Platform, 'jobs'>,
  sweep: { jobs: SweepJobs; uploads: SweepUploads; trash: SweepTrash },
): Promise<void> {
  await jobs.every('video-sweep-jobs', 10, () => sweep.jobs.run())
  await jobs.every('video-sweep-uploads', 60, () => sweep.uploads.run())
  await jobs.every('video-sweep-trash', 3600, () => sweep.trash.run())
}
