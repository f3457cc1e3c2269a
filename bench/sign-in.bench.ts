import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { type AuthConfig, authRoutes } from '@balcao/contracts'
import { hashSync, verifySync } from '@node-rs/argon2'
import { afterAll, beforeAll, it } from 'vitest'
import { call } from '../e2e/support/api.ts'
import { type Balcao, startBalcao } from '../e2e/support/balcao.ts'
import { Person } from '../e2e/support/person.ts'
import { record } from './record.ts'

const PEOPLE = 60
const RUNS = 3
const AT_ONCE = 4
/** A server that runs for a day has compiled its hot paths; a code is good once in 30 s, so the password step and
 *  two runs that are not counted warm up. */
const WARM_UP = 1000

let balcao: Balcao
let people: Person[]
let pool: AuthConfig

beforeAll(async () => {
  balcao = await startBalcao()
  people = []
  for (let i = 0; i < PEOPLE; i++) people.push(await Person.signUp(balcao.url))
  pool = await call(balcao.url, authRoutes.config)
})
afterAll(() => balcao?.remove())

/** Milliseconds of CPU that the threads of a process have had so far, by the scheduler: those that hash, and the others. */
function cpuMs(pid: number): { hashing: number; rest: number } {
  const sum = { hashing: 0, rest: 0 }
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const of = (file: string) => readFileSync(`/proc/${pid}/task/${thread}/${file}`, 'utf8')
    sum[of('comm') === 'argon2id\n' ? 'hashing' : 'rest'] += Number(of('schedstat').split(' ')[0]) / 1e6
  }
  return sum
}

async function cognito(operation: string, body: unknown) {
  const answer = await fetch(pool.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(body),
  })
  const json = (await answer.json()) as { Session?: string; AuthenticationResult?: unknown; message?: string }
  if (!answer.ok) throw new Error(`${operation}: ${json.message}`)
  return json
}

const password = ({ particulars }: Person) =>
  cognito('InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: pool.clientId,
    AuthParameters: { USERNAME: particulars.email, PASSWORD: particulars.password },
  })

async function signIn(person: Person, code: string): Promise<void> {
  const { Session } = await password(person)
  const { AuthenticationResult } = await cognito('RespondToAuthChallenge', {
    ClientId: pool.clientId,
    ChallengeName: 'SOFTWARE_TOKEN_MFA',
    Session,
    ChallengeResponses: { USERNAME: person.particulars.email, SOFTWARE_TOKEN_MFA_CODE: code },
  })
  if (!AuthenticationResult) throw new Error('password and code, but no tokens')
}

/** What no sign-in can do without, in milliseconds of CPU: argon2id, and two RS256 signatures. */
function floor(): () => { argon2: number; rs256: number } {
  const frase = 'Uma frase longa, com 42 letras!'
  const hash = hashSync(frase, { algorithm: 2 /* argon2id */, memoryCost: 19456, timeCost: 2, parallelism: 1 })
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const token = randomBytes(700)
  const cpu = (work: () => void) => {
    const start = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1000
  }
  return () => ({
    argon2: cpu(() => verifySync(hash, frase)),
    rs256: cpu(() => [1, 2].map(() => sign('sha256', token, privateKey))),
  })
}

it('measures the CPU of a sign-in beyond what cryptography costs', async () => {
  const pid = (await balcao.find('user-pool'))!
  const least = floor()
  for (let i = 0; i < WARM_UP; i++) {
    await password(people[i % PEOPLE]!)
    if (i % 10 === 0) least()
  }
  const beyond: Record<'alone' | 'busy', number[]> = { alone: [], busy: [] }
  for (let run = 0; run < 2 * RUNS + 2; run++) {
    // A step is accepted once, so each run waits for the next one, outside of what is measured.
    const codes = await Promise.all(people.map((person) => person.authenticator.next()))
    const atOnce = run % 2 === 0 ? 1 : AT_ONCE
    let [argon2, rs256] = [0, 0]
    const before = cpuMs(pid)
    for (let i = 0; i < PEOPLE; i += atOnce) {
      await Promise.all(people.slice(i, i + atOnce).map((person, at) => signIn(person, codes[i + at]!)))
      // In turn, so that what else the machine does at that moment slows both alike.
      for (let n = 0; n < atOnce; n++) {
        const floor = least()
        argon2 += floor.argon2 / PEOPLE
        rs256 += floor.rs256 / PEOPLE
      }
    }
    const after = cpuMs(pid)
    const hashing = (after.hashing - before.hashing) / PEOPLE
    const rest = (after.rest - before.rest) / PEOPLE
    console.log(
      `${atOnce} at once: threads that hash ${hashing.toFixed(2)} ms (argon2id ${argon2.toFixed(2)}), others ${rest.toFixed(2)} ms (2 × RS256 ${rs256.toFixed(2)})`,
    )
    if (run < 2) continue
    // Threads that hash at the same time take the memory's bandwidth from each other: that is argon2id's cost, not ours.
    if (atOnce === 1) beyond.alone.push(hashing - argon2 + rest - rs256)
    else beyond.busy.push(rest - rs256)
  }
  const how = `${PEOPLE} people sign in with password and code (two requests each) at the pool itself, after ${WARM_UP} password steps and two runs to warm it up; CPU of the pool's threads (schedstat), PostgreSQL's own CPU not in it. Two RS256 signatures are made by the bench's process in turn with the sign-ins, and taken off`
  record('sign-in', [
    {
      claim: `CPU of a password sign-in beyond argon2id + two RS256 signatures, ${AT_ONCE} at once`,
      unit: 'ms',
      runs: beyond.busy,
      goal: { atMost: 3 },
      how: `${how}; the threads that only hash are not counted.`,
    },
    {
      claim: 'the same, one after another',
      unit: 'ms',
      runs: beyond.alone,
      goal: { atMost: 3 },
      how: `${how}; so is argon2id (19 MiB, t=2, p=1), and the threads that hash are counted. Between two sign-ins the bench hashes too, which empties the processor's caches.`,
    },
  ])
})
