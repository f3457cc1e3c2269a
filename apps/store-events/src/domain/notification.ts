/** Where an object lies. The key is the one that it was put under, not URL-encoded. */
export interface Place {
  readonly bucket: string
  readonly key: string
}

type Json = Readonly<Record<string, unknown>>

/** The objects that a notification says have been created, whoever wrapped it on its way: S3's own records (from SQS, a
 *  webhook, MinIO), an envelope of SNS around them, EventBridge's event, SeaweedFS's webhook. None, where it tells of
 *  something else: a deletion, the `s3:TestEvent` that S3 sends first.
 *  Sizes and tags are not read: a notification may be late or forged, the store is asked (Announce).
 *  @returns undefined for what is no notification of a store
 *  @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export function objectsCreated(notification: unknown): Place[] | undefined {
  if (!isObject(notification)) return undefined
  const { Type, Message, Records, Event } = notification
  if (Type === 'Notification' && typeof Message === 'string') return objectsCreated(parsed(Message))
  if (Event === 's3:TestEvent') return []
  if (Array.isArray(Records)) return Records.every(isObject) ? Records.flatMap(ofRecord) : undefined
  if (notification.source === 'aws.s3') return ofEventBridge(notification)
  if (typeof notification.event_type === 'string') return ofSeaweed(notification)
  return undefined
}

/** The text of a message as JSON; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function ofRecord({ eventName, s3 }: Json): Place[] {
  // MinIO writes `s3:ObjectCreated:Put`, Amazon `ObjectCreated:Put`.
  if (!/^(s3:)?ObjectCreated:/.test(String(eventName)) || !isObject(s3)) return []
  return place(nameOf(s3.bucket), textOf(s3.object, 'key'), decoded)
}

/** EventBridge does not encode keys. */
function ofEventBridge({ 'detail-type': type, detail }: Json): Place[] {
  return type === 'Object Created' && isObject(detail) ? place(nameOf(detail.bucket), textOf(detail.object, 'key')) : []
}

/** A filer tells of paths; those of objects begin with `/buckets/`, and what it still puts together lies in `.uploads/`. */
function ofSeaweed({ event_type, key }: Json): Place[] {
  const [, bucket, path] = /^\/buckets\/([^/]+)\/(.+)$/s.exec(String(key)) ?? []
  if (!/^(create|update|rename)$/.test(String(event_type)) || path?.startsWith('.uploads/')) return []
  return place(bucket, path)
}

function place(bucket: string | undefined, key: string | undefined, read: (key: string) => string = (k) => k): Place[] {
  return bucket && key ? [{ bucket, key: read(key) }] : []
}

/** S3 encodes keys in notifications as forms do: `+` is a space. One that is not encoded right is taken as it is. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return key
  }
}

const nameOf = (value: unknown) => textOf(value, 'name')

function textOf(value: unknown, name: string): string | undefined {
  const text = isObject(value) ? value[name] : undefined
  return typeof text === 'string' ? text : undefined
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
