import type { Bucket } from '@balcao/platform'

/** Seconds. */
const EXPIRES_IN = 3600

/** A URL under which a browser saves an object of the media bucket by that name. */
export const signedDownload = (media: Bucket, key: string, fileName: string, contentType: string) => ({
  url: media.signGet(key, { expiresIn: EXPIRES_IN, downloadAs: fileName, contentType }),
  fileName,
  /** Seconds. */
  expiresIn: EXPIRES_IN,
})
