import { expect, it } from 'vitest'
import { fromS3, toS3 } from './s3-headers.ts'

const answer = (told: object) => fromS3({ $metadata: {}, ...told })

it('an object that was sent in parts is told of as one that was sent whole', () => {
  const object = { contentType: 'video/mp4', headers: { metadata: { by: 'Ana' } } }
  expect(toS3(object).Metadata).toEqual({ by: 'Ana' })
  expect(toS3(object, 8)).toMatchObject({ ContentType: 'video/mp4', Metadata: { by: 'Ana', 'part-size': '8' } })
  const { ContentType, Metadata } = toS3(object, 8)
  expect(answer({ ContentType, Metadata })).toMatchObject(object)
})

it.each(['0', 'yesterday'])('an object that expires at %j has expired, which a date can say', (ExpiresString) => {
  expect(answer({ ExpiresString }).headers.expires!.getTime()).toBeLessThan(Date.now())
})
