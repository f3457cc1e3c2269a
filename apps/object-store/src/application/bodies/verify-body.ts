import type { Algorithm } from '../../domain/checksums.ts'
import { refusal } from '../../domain/refusal.ts'
import { hexOf } from '../checksums/digests.ts'
import type { Body, Received } from './body.ts'

/** The digests that a body is verified by. @param also one that is wanted whether its sender gave it or not */
export function wantedOf(body: Body, also?: Algorithm): ReadonlySet<Algorithm | 'MD5'> {
  const wanted = new Set<Algorithm | 'MD5'>(['MD5'])
  if (body.sha256 !== undefined) wanted.add('SHA256')
  if (body.checksum) wanted.add(body.checksum.algorithm)
  if (also) wanted.add(also)
  return wanted
}

export const tooLong = () => refusal('IncompleteBody', 'The body is longer than was said.')

/** Holds a body to what its sender said of it. @param found digests in base64 by algorithm
 *  @throws AppError `BadDigest`, `XAmzContentSHA256Mismatch` */
export function verify(body: Body, found: ReadonlyMap<string, string>, also: Algorithm | undefined): Received {
  const etag = found.get('MD5')!
  if (body.md5 !== undefined && body.md5 !== etag) throw refusal('BadDigest', 'The Content-MD5 did not match the body.')
  if (body.sha256 !== undefined && hexOf(found.get('SHA256')!) !== body.sha256)
    throw refusal('XAmzContentSHA256Mismatch')
  const algorithm = body.checksum?.algorithm
  if (algorithm && body.checksum.value() !== found.get(algorithm))
    throw refusal('BadDigest', `The ${algorithm} you specified did not match the body.`)
  const told = [algorithm, also].filter((each) => each !== undefined)
  return {
    etag: hexOf(etag),
    checksums: Object.fromEntries(told.map((each) => [each, found.get(each)!])),
  }
}
