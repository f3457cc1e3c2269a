import type { AppClient } from '../domain/pool.ts'
import { refusal } from '../domain/refusal.ts'
import type { AppClients } from './app-clients.ts'
import type { Caller, Operation, WithUserContext } from './operation.ts'

export interface InitiateAuthInput extends WithUserContext {
  readonly AuthFlow: string
  readonly ClientId: string
  readonly AuthParameters?: Readonly<Record<string, string>>
}

/** One flow of InitiateAuth. */
export interface AuthFlow {
  start(client: AppClient, input: InitiateAuthInput, caller: Caller): Promise<unknown>
}

/** Begins a sign-in by a flow that the client allows. */
export class InitiateAuth implements Operation<InitiateAuthInput> {
  constructor(
    private readonly clients: AppClients,
    private readonly flows: Readonly<Record<string, AuthFlow>>,
  ) {}

  /** @throws AppError InvalidParameterException where the flow is not enabled, and what the flow refuses */
  async run(input: InitiateAuthInput, caller: Caller) {
    const name = input.AuthFlow === 'REFRESH_TOKEN' ? 'REFRESH_TOKEN_AUTH' : input.AuthFlow
    const client = this.clients.byId(input.ClientId)
    const flow = client.flows.has(name) ? this.flows[name] : undefined
    if (!flow) throw refusal('InvalidParameterException', `${name} flow not enabled for this client`)
    return flow.start(client, input, caller)
  }
}

/** @throws AppError InvalidParameterException */
export function parameter(parameters: Readonly<Record<string, string>> | undefined, name: string): string {
  const value = parameters?.[name]
  if (!value) throw refusal('InvalidParameterException', `Missing required parameter ${name}`)
  return value
}
