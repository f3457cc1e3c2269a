import type { Caller } from '../application/operation.ts'
import { isRefusal } from '../domain/refusal.ts'
import { cognitoIdp } from './generated/cognito-idp.ts'
import type { Operations } from './operations.ts'
import { validInput } from './validate.ts'
import { WireError } from './wire-error.ts'

const TARGET = /^AWSCognitoIdentityProviderService\.(\w+)$/

export interface WireRequest {
  /** The header X-Amz-Target. */
  readonly target: string | undefined
  readonly body: Buffer
  readonly caller: Caller
  /** Throws unless the request is signed rightly. */
  requireSignature(): void
}

/** Runs the operation that a request names and returns what it answers.
 *  @throws WireError */
export async function perform(operations: Operations, request: WireRequest): Promise<unknown> {
  const name = TARGET.exec(request.target ?? '')?.[1] ?? ''
  const operation = operations.get(name)
  if (!operation) throw new WireError('UnknownOperationException', 'This user pool does not know the operation.')
  if (cognitoIdp.operations[name]!.signed) request.requireSignature()
  const input = validInput(cognitoIdp, name, parse(request.body))
  try {
    // The service model has checked what each operation declares as its input.
    return await operation.run(input as never, request.caller)
  } catch (error) {
    throw isRefusal(error) ? new WireError(error.code, error.message) : error
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new WireError('SerializationException', 'The body is not JSON.')
  }
}
