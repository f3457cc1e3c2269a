import { S3ServiceException } from '@aws-sdk/client-s3'
import { AppError } from '@balcao/kernel'

/** An entity tag without its quotes. */
export const plain = (etag: string | undefined): string => etag!.replace(/^"|"$/g, '')

export const notFound = () => new AppError('not_found', 'object/not_found', 'The object does not exist.')

/** The answer, or undefined where it is 404. */
export async function found<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined
    throw error
  }
}

const refusals: Readonly<Record<string, () => AppError>> = {
  NoSuchUpload: () => new AppError('not_found', 'upload/gone', 'The upload is not there any more; begin it again.'),
  InvalidPart: () => new AppError('conflict', 'upload/incomplete', 'A part is missing or differs; send it again.'),
  InvalidPartOrder: () => new AppError('invalid', 'upload/part_order', 'Parts must be named in ascending order.'),
  EntityTooSmall: () =>
    new AppError('conflict', 'upload/part_too_small', 'Every part but the last needs at least 5 MiB.'),
}

/** Says what is wrong with an upload in the port's words. */
export async function ofUpload<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw refusals[(error as Error).name]?.() ?? error
  }
}
