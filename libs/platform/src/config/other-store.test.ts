import { expect, it } from 'vitest'
import { envOfOtherStore } from './other-store.ts'

const now = {
  PORT: '4000',
  OBJECT_STORE_PORT: '4009',
  MEDIA_BUCKET: 'media',
  OBJECT_STORE: 's3',
  OBJECT_STORE_URL: 'https://old.example',
  OBJECT_STORE_ENDPOINT: 'http://10.0.0.1:9000',
  OBJECT_STORE_ACCESS_KEY_ID: 'old',
  OBJECT_STORE_SECRET_ACCESS_KEY: 'secret of the old one',
  STORE_EVENTS_QUEUE_URL: 'https://queue.example',
  STORE_EVENTS_TOKEN: 't'.repeat(32),
}

it('says nothing of the store that is left, and all else as before', () => {
  expect(envOfOtherStore(now, 'OBJECT_STORE=s3\nOBJECT_STORE_URL="https://new.example"\n')).toEqual({
    PORT: '4000',
    OBJECT_STORE_PORT: '4009',
    MEDIA_BUCKET: 'media',
    OBJECT_STORE: 's3',
    OBJECT_STORE_URL: 'https://new.example',
  })
})

it('may say another thing of anything', () => {
  expect(envOfOtherStore(now, 'MEDIA_BUCKET=films\nAWS_REGION=us-east-1')).toEqual({
    PORT: '4000',
    OBJECT_STORE_PORT: '4009',
    MEDIA_BUCKET: 'films',
    AWS_REGION: 'us-east-1',
  })
})
