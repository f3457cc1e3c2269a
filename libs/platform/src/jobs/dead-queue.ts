/** Where the messages of a queue go after their last try. */
export const deadQueue = (queue: string): string => `${queue}_dead`
