import { expect, it } from 'vitest'
import { unusable } from './s3-errors.ts'

it.each([
  [{ name: 'NoSuchBucket' }, 'Make that bucket there first'],
  [{ name: 'SignatureDoesNotMatch' }, 'Check OBJECT_STORE_ACCESS_KEY_ID and OBJECT_STORE_SECRET_ACCESS_KEY.'],
  [{ code: 'ECONNREFUSED' }, 'Start that store, or check OBJECT_STORE_ENDPOINT'],
])('a bucket that cannot be used is told with its address, why, and what to do: %o', (changes, remedy) => {
  const { code, message } = unusable('http://store/media', Object.assign(new Error('No way'), changes))
  expect([code, message]).toEqual([
    'object-store/unusable',
    expect.stringMatching(`^http://store/media cannot be read: No way. ${remedy}`),
  ])
})
