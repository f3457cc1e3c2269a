/** What a browser may show in place: nothing that can hold a script. */
const INERT = [
  /^(video|audio)\/[\w.+-]+$/,
  /^image\/(png|jpeg|gif|webp|avif)$/,
  /^application\/(vnd\.apple\.mpegurl|json)$/,
  /^text\/(plain|vtt)$/,
]

export const UNKNOWN_TYPE = 'application/octet-stream'

/** The Content-Disposition of an object for which nobody signed another one: anything that is not inert media is
 *  saved, not shown. */
export function dispositionOf(contentType: string): string | undefined {
  const essence = contentType.split(';')[0]!.trim().toLowerCase()
  return INERT.some((pattern) => pattern.test(essence)) ? undefined : 'attachment'
}
