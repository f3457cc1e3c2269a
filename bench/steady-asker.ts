import { Agent, request } from 'node:http'
import { argv } from 'node:process'

/** `node steady-asker.ts URL TOKEN RATE SECONDS`: asks RATE times a second, whether or not answers have come, and prints
 *  the milliseconds that each answer took as a JSON array. Time counts from when a question was due, so that what waits
 *  behind a slow one is not left out. */
const [url, token, rate, seconds] = argv.slice(2) as [string, string, string, string]
const agent = new Agent({ keepAlive: true })
const headers = { authorization: `Bearer ${token}` }
const count = Number(rate) * Number(seconds)
const gap = 1000 / Number(rate)
const took: number[] = []
const begun = performance.now()

const ask = (due: number) =>
  new Promise<void>((resolve, reject) => {
    const asking = request(url, { agent, headers }, (answer) => {
      answer.resume().once('end', () => {
        took.push(performance.now() - due)
        if (answer.statusCode === 200) resolve()
        else reject(new Error(`answered ${answer.statusCode}`))
      })
    })
    asking.once('error', reject).end()
  })

const asked: Promise<void>[] = []
const next = () => {
  for (; asked.length < count && begun + asked.length * gap <= performance.now(); ) {
    asked.push(ask(begun + asked.length * gap))
  }
  if (asked.length < count) setTimeout(next, Math.max(0, begun + asked.length * gap - performance.now()))
  else
    void Promise.all(asked)
      .then(
        () => console.log(JSON.stringify(took)),
        (error: unknown) => {
          console.error(error)
          process.exitCode = 1
        },
      )
      .finally(() => agent.destroy())
}
next()
