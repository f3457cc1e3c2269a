/** `-23.5505, -46.6333` and its like. Four decimals tell a place to ten metres; thousands have three figures. */
const DECIMAL_PAIR = /\d[.,]\d{4,} ?°? ?[NSEWO]? ?[,;/| ] ?(?:[A-Za-z]{1,9} ?[:=]? ?)?[-+]?\d{1,3}[.,]\d{4,}/
/** `23°33'01.9"S`, `23° 33.019'`. */
const DEGREES = /\d[°º] ?\d{1,2}(?:[.,]\d{1,9})? ?['′’]/
/** A word for a coordinate, and its number: `GPS(149.02`, `[latitude: 0.60`, `"lat":-23.55`. */
const NAMED = /(?:\b|_)(?:lat|lon|lng|latitude|longitude|gps)\w{0,3}["']? ?[:=([]{1,2} ?[-+NSEW]? ?\d{1,3}[.,]\d\d/i
/** A sentence of a receiver (NMEA 0183), and a place in one line (ISO 6709). */
const SENTENCE = /\$G[A-Z]{4},|[-+]\d{2,6}\.\d{1,9}[-+]\d{3,7}\.\d{1,9}/

const tellsPlace = (text: string) => [DECIMAL_PAIR, DEGREES, NAMED, SENTENCE].some((form) => form.test(text))

/** Mostly figures: times, apertures, heights. Nobody speaks so. */
function isReading(text: string): boolean {
  const digits = text.match(/\d/g)?.length ?? 0
  return digits >= 6 && digits * 4 >= (text.match(/[\p{L}\d]/gu)?.length ?? 0)
}

/** Whether a track of text was written by a device that tells where it is and how it is set, as drones and dashboard
 *  cameras do, and not by somebody for those who watch. One place is enough; figures have to be in half of it.
 *  @param texts what its cues say, without marks */
export function isTelemetry(texts: readonly string[]): boolean {
  const lines = texts.map((text) => text.replaceAll(/\s+/g, ' '))
  if (lines.some(tellsPlace)) return true
  const readings = lines.filter(isReading).length
  return readings > 0 && readings * 2 >= lines.length
}
