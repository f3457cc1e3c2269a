/** Slow hashes of passwords, made outside the event loop. Both take the same time.
 *  @throws AppError TooManyRequestsException when too many wait already */
export interface Passwords {
  hash(password: string): Promise<string>
  /** @param hash undefined where there is no account: then the answer is false, after the same work */
  verify(hash: string | undefined, password: string): Promise<boolean>
}
