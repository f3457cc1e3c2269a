/** An error as Cognito's protocol writes it (AWS JSON 1.1): `{"__type", "message"}`. */
export class WireError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message)
  }
}
