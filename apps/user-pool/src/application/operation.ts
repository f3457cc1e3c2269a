/** What the wire knows about a caller beside the request. */
export interface Caller {
  /** The address that the connection came from. */
  readonly address: string
}

/** One operation of Cognito's protocol. */
export interface Operation<Input = never, Output = unknown> {
  run(input: Input, caller: Caller): Promise<Output>
}

/** Where a confidential client says the person is (Cognito: UserContextData). */
export interface WithUserContext {
  readonly UserContextData?: { readonly IpAddress?: string }
}
