import { isIP } from 'node:net'
import type { AppClient, Pool } from '../domain/pool.ts'
import { refusal } from '../domain/refusal.ts'
import { sameText, secretHash } from '../domain/secret-hash.ts'
import type { Caller, WithUserContext } from './operation.ts'

/** Which app client a request comes from, and whether it can prove it. */
export class AppClients {
  constructor(private readonly pool: Pool) {}

  /** @throws AppError ResourceNotFoundException */
  byId(clientId: string): AppClient {
    const client = this.pool.clients.get(clientId)
    if (!client) throw refusal('ResourceNotFoundException', `User pool client ${clientId} does not exist.`)
    return client
  }

  /** A client that proves itself by SECRET_HASH over the username as it was sent.
   *  @throws AppError ResourceNotFoundException, NotAuthorizedException */
  bySecretHash(clientId: string, username: string, given: string | undefined): AppClient {
    const client = this.byId(clientId)
    if (client.secret !== undefined && given === undefined) {
      throw refusal(
        'NotAuthorizedException',
        `Client ${clientId} is configured with secret but SECRET_HASH was not received`,
      )
    }
    const proven =
      client.secret === undefined
        ? given === undefined
        : sameText(given ?? '', secretHash(client.secret, username, clientId))
    if (!proven) throw refusal('NotAuthorizedException', `Unable to verify secret hash for client ${clientId}`)
    return client
  }

  /** A client that proves itself by its secret.
   *  @throws AppError ResourceNotFoundException, NotAuthorizedException */
  bySecret(clientId: string, given: string | undefined): AppClient {
    const client = this.byId(clientId)
    const proven = client.secret === undefined ? given === undefined : sameText(given ?? '', client.secret)
    if (!proven) throw refusal('NotAuthorizedException', `Unable to verify secret for client ${clientId}`)
    return client
  }
}

/** The person's network address: what a client with a secret says, else where the connection came from. */
export function addressOf(client: AppClient, input: WithUserContext, caller: Caller): string {
  const told = input.UserContextData?.IpAddress
  return client.secret !== undefined && told !== undefined && isIP(told) ? told : caller.address
}
