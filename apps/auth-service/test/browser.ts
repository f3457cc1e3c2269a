/** As much of a browser as sign-in needs: it names its origin and keeps cookies that scripts cannot read. */
export class Browser {
  readonly cookies = new Map<string, string>()

  constructor(
    private readonly url: string,
    private readonly origin = url,
  ) {}

  async post(path: string, body: unknown = {}) {
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.origin, cookie: this.cookieHeader() },
      body: JSON.stringify(body),
    })
    for (const line of answer.headers.getSetCookie()) this.#keep(line)
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined }
  }

  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keep(line: string): void {
    const [pair] = line.split(';')
    const name = pair!.slice(0, pair!.indexOf('='))
    if (/Max-Age=0/.test(line)) this.cookies.delete(name)
    else this.cookies.set(name, pair!.slice(name.length + 1))
  }
}
