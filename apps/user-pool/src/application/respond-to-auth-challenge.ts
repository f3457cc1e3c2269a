import type { AppClient } from '../domain/pool.ts'
import { refusal } from '../domain/refusal.ts'
import { type AppClients, addressOf } from './app-clients.ts'
import { parameter } from './initiate-auth.ts'
import type { AuthenticationResult } from './issue-tokens.ts'
import type { Caller, Operation, WithUserContext } from './operation.ts'

interface Input extends WithUserContext {
  readonly ClientId: string
  readonly ChallengeName: string
  readonly Session?: string
  readonly ChallengeResponses?: Readonly<Record<string, string>>
}

/** An answer to a challenge, from a client that has proven itself. */
export interface ChallengeAnswer {
  readonly client: AppClient
  readonly address: string
  readonly session: string
  readonly username: string
  readonly responses: Readonly<Record<string, string>>
}

/** One challenge of RespondToAuthChallenge. */
export interface Challenge {
  answer(answer: ChallengeAnswer): Promise<AuthenticationResult>
}

/** Goes on with a sign-in that InitiateAuth began. */
export class RespondToAuthChallenge implements Operation<Input> {
  constructor(
    private readonly clients: AppClients,
    private readonly challenges: Readonly<Record<string, Challenge>>,
  ) {}

  /** @throws AppError InvalidParameterException, NotAuthorizedException, and what the challenge refuses */
  async run(input: Input, caller: Caller) {
    const responses = input.ChallengeResponses ?? {}
    const username = parameter(responses, 'USERNAME')
    const client = this.clients.bySecretHash(input.ClientId, username, responses.SECRET_HASH)
    const challenge = this.challenges[input.ChallengeName]
    if (!challenge) {
      throw refusal('InvalidParameterException', `Challenge ${input.ChallengeName} is not used by this user pool.`)
    }
    if (!input.Session) throw refusal('InvalidParameterException', 'Missing required parameter Session')
    const address = addressOf(client, input, caller)
    const result = await challenge.answer({ client, address, session: input.Session, username, responses })
    return { ChallengeParameters: {}, AuthenticationResult: result }
  }
}
