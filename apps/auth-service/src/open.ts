import type { PlatformOf } from '@balcao/platform'
import { AnswerMfa } from './application/answer-mfa.ts'
import { BeginMfaSetup } from './application/begin-mfa-setup.ts'
import { ConfirmPerson } from './application/confirm-person.ts'
import { DescribeMe } from './application/describe-me.ts'
import { enrolments } from './application/enrolments.ts'
import { authEvents } from './application/events.ts'
import { FinishMfaSetup } from './application/finish-mfa-setup.ts'
import { mfaSessions } from './application/mfa-sessions.ts'
import { NotifyFrames } from './application/notify-frames.ts'
import { Pseudonyms } from './application/pseudonyms.ts'
import { ReadDevMailbox } from './application/read-dev-mailbox.ts'
import { RefreshTokens } from './application/refresh-tokens.ts'
import { RegisterPerson } from './application/register-person.ts'
import { ResendCode } from './application/resend-code.ts'
import { SignIn } from './application/sign-in.ts'
import { SignOut } from './application/sign-out.ts'
import { CognitoClient } from './infrastructure/cognito-client.ts'
import { CognitoSignIns } from './infrastructure/cognito-sign-ins.ts'
import { CognitoUsers } from './infrastructure/cognito-users.ts'
import { CpfVault } from './infrastructure/cpf-vault.ts'
import { PgPeople } from './infrastructure/pg-people.ts'
import { BrowserCookies } from './interfaces/http/browser-cookies.ts'

export type AuthUseCases = Awaited<ReturnType<typeof open>>

/** The wiring of the auth-service. */
export async function open(platform: PlatformOf<'sql' | 'events' | 'cache' | 'mailer' | 'secrets'>) {
  const { cache, clock, config, log, mailer, secrets, sql } = platform
  const pool = new CognitoClient(config, log)
  const users = new CognitoUsers(pool)
  const signIns = new CognitoSignIns(pool)
  const people = new PgPeople(sql, new CpfVault(secrets), clock, config.pool.id)
  const names = new Pseudonyms(secrets)
  const tell = authEvents.open(platform)
  const sessions = mfaSessions(cache)
  const enrolling = enrolments(cache)
  const cookies = new BrowserCookies(config)
  return {
    cookies,
    /** Of the only pages that may sign people in. */
    origin: new URL(config.urls.public).origin,
    /** Where the user pool is, for SDKs. */
    sdkConfig: {
      region: config.region,
      userPoolId: config.pool.id,
      clientId: config.pool.publicClientId,
      endpoint: config.urls.userPool,
    },
    readDevMailbox: new ReadDevMailbox({ mailer, addresses: [hostUrl(config.host), config.urls.public] }),
    registerPerson: new RegisterPerson({ users, people, names, cache, mailer, tell }),
    confirmPerson: new ConfirmPerson(users),
    resendCode: new ResendCode(users),
    signIn: new SignIn({ signIns, sessions, enrolments: enrolling, names, tell }),
    answerMfa: new AnswerMfa({ signIns, sessions, names, tell }),
    beginMfaSetup: new BeginMfaSetup(enrolling),
    finishMfaSetup: new FinishMfaSetup(signIns, enrolling, tell),
    refreshTokens: new RefreshTokens(signIns),
    signOut: new SignOut(signIns),
    describeMe: new DescribeMe(users, people),
    notifyFrames: new NotifyFrames({ users, mailer, publicUrl: config.urls.public }),
  }
}

const hostUrl = (host: string) => `http://${host.includes(':') ? `[${host}]` : host}`
