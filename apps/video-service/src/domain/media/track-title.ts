/** Characters of a track's title, and of a chapter's. */
const MOST = 200

/** A title that somebody wrote into a film, in one line of bounded length; undefined where nothing is left of it. */
export function trackTitle(text: string | undefined): string | undefined {
  const line = (text ?? '')
    // Controls, and marks that turn the direction of what stands beside them.
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufffd]+/gu, ' ')
    .toWellFormed()
    .replace(/ {2,}/g, ' ')
    .trim()
  return [...line].slice(0, MOST).join('').trim() || undefined
}
