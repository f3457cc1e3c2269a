import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { AccessKey } from '@balcao/platform'
import type { Message, Notifications } from '../application/notifications.ts'

/** SQS's own bounds of one call. */
const MOST_MESSAGES = 10
const LONGEST_WAIT_SECONDS = 20

/** Notifications in a queue of SQS. */
export class SqsNotifications implements Notifications {
  readonly #client: SQSClient

  constructor(private readonly options: { queueUrl: string; region: string; keys: AccessKey }) {
    // The queue's address says where SQS answers, whatever the region's endpoint is.
    const endpoint = new URL(options.queueUrl).origin
    this.#client = new SQSClient({ region: options.region, endpoint, credentials: options.keys })
  }

  async receive(abortSignal: AbortSignal): Promise<readonly Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.options.queueUrl,
      MaxNumberOfMessages: MOST_MESSAGES,
      WaitTimeSeconds: LONGEST_WAIT_SECONDS,
    })
    const { Messages = [] } = await this.#client.send(command, { abortSignal })
    return Messages.map(({ Body, ReceiptHandle }) => ({ text: Body!, receipt: ReceiptHandle! }))
  }

  async remove(messages: readonly Message[]): Promise<void> {
    const Entries = messages.map(({ receipt }, i) => ({ Id: String(i), ReceiptHandle: receipt }))
    await this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: this.options.queueUrl, Entries }))
  }
}
