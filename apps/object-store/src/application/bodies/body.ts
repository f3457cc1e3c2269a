import type { Algorithm, Checksums } from '../../domain/checksums.ts'

/** A body as it arrives, and everything that its sender said about it. */
export interface Body {
  /** Bytes, known before the first one. */
  readonly size: number
  /** Whoever reads them owns them. */
  readonly chunks: AsyncIterable<Buffer>
  /** In hexadecimal, where the signature covers the body. */
  readonly sha256: string | undefined
  /** In base64. */
  readonly md5: string | undefined
  /** `value` is asked for at the end: a trailer comes behind the body. */
  readonly checksum: { readonly algorithm: Algorithm; value(): string | undefined } | undefined
  /** Ends the wait for more of it: reading `chunks` fails. */
  cancel(): void
}

export interface Received {
  /** MD5 in hexadecimal. */
  readonly etag: string
  readonly checksums: Checksums
}
