import { type Rejection, rejections } from './rejections.ts'

/** Texts that make a player open other files or addresses: HLS, ffconcat, DASH and SVG (XML), SDP, web pages. */
const scripts = /^(#EXTM3U|ffconcat|<|v=0\r?\n|\[playlist\]|RIFFRMP3)/i
const gzip = Buffer.from([0x1f, 0x8b])

/** Recognises by its first bytes a file that only pretends to be media, before any decoder sees it. Which of them an
 *  ffmpeg opens, and what it says, differs from version to version. @param head the first bytes of the file */
export function disguised(head: Buffer): Rejection | undefined {
  if (head.length === 0 || head.subarray(0, 2).equals(gzip)) return rejections.notMedia
  const text = head
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  return scripts.test(text) ? rejections.unsupportedContainer : undefined
}
