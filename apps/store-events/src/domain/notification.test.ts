import { describe, expect, it } from 'vitest'
import { objectsCreated } from './notification.ts'

const record = (key: string, eventName = 'ObjectCreated:Put') => ({
  eventName,
  s3: { bucket: { name: 'temp' }, object: { key, size: 3, eTag: 'e' } },
})
const at = (key: string) => [{ bucket: 'temp', key }]

describe('a notification of a store', () => {
  it.each([
    ["S3's records", { Records: [record('input/a+b%2Bc%20%C3%A7.mp4')] }, at('input/a b+c ç.mp4')],
    ['an upload in parts', { Records: [record('k', 'ObjectCreated:CompleteMultipartUpload')] }, at('k')],
    ["MinIO's", { EventName: 's3:ObjectCreated:Put', Records: [record('k', 's3:ObjectCreated:Put')] }, at('k')],
    [
      'several records',
      { Records: [record('a'), record('b', 'ObjectRemoved:Delete'), record('c')] },
      [...at('a'), ...at('c')],
    ],
    ["SNS's envelope", { Type: 'Notification', Message: JSON.stringify({ Records: [record('k')] }) }, at('k')],
    [
      "EventBridge's event, whose keys are not encoded",
      {
        source: 'aws.s3',
        'detail-type': 'Object Created',
        detail: { bucket: { name: 'temp' }, object: { key: 'a+b%20c' } },
      },
      at('a+b%20c'),
    ],
    ["SeaweedFS's", { key: '/buckets/temp/input/a', event_type: 'create', message: {} }, at('input/a')],
  ])('D1-17: tells where objects are (%s)', (_, notification, places) => {
    expect(objectsCreated(notification)).toEqual(places)
  })

  it.each([
    ['the test event', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'temp' }],
    ['the test event in an envelope', { Type: 'Notification', Message: '{"Event":"s3:TestEvent"}' }],
    ['a deletion', { Records: [record('k', 'ObjectRemoved:Delete')] }],
    ['another event of EventBridge', { source: 'aws.s3', 'detail-type': 'Object Deleted', detail: {} }],
    ['a part that SeaweedFS has', { key: '/buckets/temp/.uploads/x/0001.part', event_type: 'create' }],
    ['a record without an object', { Records: [{ eventName: 'ObjectCreated:Put' }] }],
  ])('tells of none where there is none (%s)', (_, notification) => {
    expect(objectsCreated(notification)).toEqual([])
  })

  it.each([undefined, null, 'text', 7, [], {}, { Records: ['x'] }, { Type: 'Notification', Message: 'no JSON' }])(
    'is not %j',
    (notification) => {
      expect(objectsCreated(notification)).toBeUndefined()
    },
  )

  it('with a key that is not encoded right is taken as it is', () => {
    expect(objectsCreated({ Records: [record('50%')] })).toEqual(at('50%'))
  })
})
