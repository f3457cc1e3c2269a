import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Verified } from '@balcao/platform/aws'
import type { Take } from '../application/objects/object-bytes.ts'

/** A request that is signed, read as S3 reads it. */
export interface Call {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly method: string
  /** Empty for the service itself. */
  readonly bucket: string
  /** Empty for the bucket itself. */
  readonly key: string
  /** What of it is signed counts; that is all of it. */
  readonly query: ReadonlyMap<string, string>
  readonly signed: Extract<Verified, { ok: true }>
  /** Named in lower case; with those that a signed URL holds. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Whether who signed said this header, or whoever was given the URL. */
  isSigned(name: string): boolean
  readonly requestId: string
  header(name: string): string | undefined
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | number | undefined>>
  /** XML, an object's bytes, or what sends them. */
  readonly body?: string | Buffer | ((take: Take) => Promise<void>)
  /** Gives back what the body is read from. Called once, be it sent or not. */
  readonly close?: () => Promise<void>
  /** What went wrong after the answer had begun, which then stands in its body. */
  readonly error?: unknown
}

export const quoted = (etag: string): string => `"${etag}"`
