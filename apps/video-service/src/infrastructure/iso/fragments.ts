import { findBox } from './boxes-in.ts'

/** More than any table of a segment's samples takes. */
export const HEAD_BYTES = 256 * 1024

/** Seconds of film at which a segment of one track begins, by the clock that all renditions share.
 *  @param init the rendition's initialisation segment: its `mdhd` has the clock's rate (§8.4.2)
 *  @param segment whose `tfdt` has the time of its first sample (§8.8.12)  @returns 0 where either says nothing; below 0 where
 *  ffmpeg wrote a time for which there is no place */
export function beginOf(init: Buffer, segment: Buffer): number {
  const header = findBox(init, ['moov', 'trak', 'mdia', 'mdhd'])
  const time = findBox(segment, ['moof', 'traf', 'tfdt'])
  if (!header || !time) return 0
  const rate = header.readUInt32BE(header[0] === 1 ? 20 : 12)
  const ticks = time[0] === 1 ? Number(time.readBigInt64BE(4)) : time.readUInt32BE(4)
  return rate > 0 ? ticks / rate : 0
}
