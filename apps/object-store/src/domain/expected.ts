import { type Algorithm, type Checksums, checksumTypeOf } from './checksums.ts'
import { refusal } from './refusal.ts'

/** What whoever completes an upload expects of the object. */
export interface Expected {
  /** In base64. */
  readonly checksum: { readonly algorithm: Algorithm; readonly value: string | undefined } | undefined
  readonly checksumType: string | undefined
  /** Bytes. */
  readonly size: number | undefined
}

/** @param size bytes of the object  @throws AppError `BadDigest`, `InvalidRequest` */
export function checkExpected(expected: Expected, checksums: Checksums, size: number): void {
  const { checksum, checksumType } = expected
  if (expected.size !== undefined && expected.size !== size)
    throw refusal('InvalidRequest', `The parts have ${size} bytes, not the ${expected.size} of x-amz-mp-object-size.`)
  if (checksumType !== undefined && !Object.values(checksums).some((value) => checksumTypeOf(value) === checksumType))
    throw refusal('InvalidRequest', `The upload was not begun with the checksum type ${checksumType}.`)
  if (!checksum) return
  const name = checksum.algorithm
  const found = checksums[name]
  if (found === undefined)
    throw refusal('InvalidRequest', `The upload was not begun with the checksum algorithm ${name}.`)
  // Of parts' digests it ends with how many there are, which minio-go leaves out.
  if (checksum.value !== found && checksum.value !== found.replace(/-\d+$/, ''))
    throw refusal('BadDigest', `The ${name} you specified did not match the parts.`)
}
