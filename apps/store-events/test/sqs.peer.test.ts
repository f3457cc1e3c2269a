import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { newId } from '@balcao/kernel'
import { S3Objects } from '@balcao/platform/adapters'
import { testConfig, until } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { Announce } from '../src/application/announce.ts'
import { HearNotification } from '../src/application/hear-notification.ts'
import { Listen } from '../src/application/listen.ts'
import { SqsNotifications } from '../src/infrastructure/sqs-notifications.ts'

const region = 'us-east-1'
const keys = { accessKeyId: 'test', secretAccessKey: 'test' }

describe('the queue of a store that is not ours (MiniStack)', () => {
  const bucket = `temp-${newId()}`
  const endpoint = inject('peerS3Url')
  const client = { region, endpoint, credentials: keys }
  const sqs = new SQSClient(client)
  const sns = new SNSClient(client)
  const eventBridge = new EventBridgeClient(client)
  const s3 = new S3Client({ ...client, forcePathStyle: true })
  const published: string[] = []
  const left: unknown[] = []
  let objects: S3Objects
  let queueUrl: string
  let queueArn: string
  let listen: Listen
  let listening: Promise<void>
  let remove: () => Promise<void>

  beforeAll(async () => {
    const made = await testConfig('postgresql://unused/unused')
    remove = made.remove
    const { config } = made
    objects = new S3Objects({ ...config, region, store: { ...config.store, endpoint, keys } })
    await s3.send(new CreateBucketCommand({ Bucket: bucket }))
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `events-${newId()}` }))
    // MiniStack names a host of its own in the URL.
    queueUrl = `${endpoint}${new URL(QueueUrl!).pathname}`
    const asked = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }))
    queueArn = asked.Attributes!.QueueArn!
    const hear = new HearNotification(
      new Announce(
        objects,
        { publish: async (_topic, _id, payload) => void published.push((payload as { key: string }).key) },
        [bucket],
      ),
    )
    listen = new Listen(new SqsNotifications({ queueUrl, region, keys }), hear, (error) => left.push(error))
    listening = listen.run()
  })
  afterAll(async () => {
    listen?.close()
    await listening
    for (const each of [sqs, sns, eventBridge, s3]) each.destroy()
    await remove?.()
  })

  it("D1-31: hears of an object by S3's own notification, its key read back", async () => {
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration: { QueueConfigurations: [{ QueueArn: queueArn, Events: ['s3:ObjectCreated:*'] }] },
      }),
    )
    await objects.bucket(bucket).put('input/x y+z', Buffer.from('bytes'), 'video/mp4')
    await until(async () => published.includes('input/x y+z'))
  })

  it("D1-17: hears of it in SNS's envelope", async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: `topic-${newId()}` }))
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn }))
    published.length = 0
    const record = {
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: bucket }, object: { key: 'input/x+y%2Bz' } },
    }
    await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify({ Records: [record] }) }))
    await until(async () => published.includes('input/x y+z'))
  })

  it('D1-17: hears of it through EventBridge', async () => {
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    )
    const Rule = `rule-${newId()}`
    const EventPattern = JSON.stringify({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [bucket] } },
    })
    await eventBridge.send(new PutRuleCommand({ Name: Rule, EventPattern }))
    await eventBridge.send(new PutTargetsCommand({ Rule, Targets: [{ Id: 'queue', Arn: queueArn }] }))
    await objects.bucket(bucket).put('input/é +&', Buffer.from('bytes'), 'video/mp4')
    await until(async () => published.includes('input/é +&'))
  })

  it('leaves what it cannot read in the queue, and goes on', async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'not a notification' }))
    await until(async () => left.length > 0)
    expect(left[0]).toMatchObject({ code: 'request/invalid' })
  })
})
