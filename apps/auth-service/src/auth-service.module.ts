import { PLATFORM, type Platform } from '@balcao/platform'
import { type DynamicModule, Module } from '@nestjs/common'
import { AnswerMfa } from './application/answer-mfa.ts'
import { BeginMfaSetup } from './application/begin-mfa-setup.ts'
import { ConfirmPerson } from './application/confirm-person.ts'
import { DescribeMe } from './application/describe-me.ts'
import { enrolments } from './application/enrolments.ts'
import { FinishMfaSetup } from './application/finish-mfa-setup.ts'
import { mfaSessions } from './application/mfa-sessions.ts'
import { Pseudonyms } from './application/pseudonyms.ts'
import { RefreshTokens } from './application/refresh-tokens.ts'
import { RegisterPerson } from './application/register-person.ts'
import { ResendCode } from './application/resend-code.ts'
import { SignIn } from './application/sign-in.ts'
import { SignInEvents } from './application/sign-in-events.ts'
import { SignOut } from './application/sign-out.ts'
import { CognitoClient } from './infrastructure/cognito-client.ts'
import { CognitoSignIns } from './infrastructure/cognito-sign-ins.ts'
import { CognitoUsers } from './infrastructure/cognito-users.ts'
import { CpfVault } from './infrastructure/cpf-vault.ts'
import { PgPeople } from './infrastructure/pg-people.ts'
import { AccountController } from './interfaces/http/account.controller.ts'
import { BrowserCookies } from './interfaces/http/browser-cookies.ts'
import { DevMailboxController } from './interfaces/http/dev-mailbox.controller.ts'
import { SessionController } from './interfaces/http/session.controller.ts'
import { SignInController } from './interfaces/http/sign-in.controller.ts'
import { TokenAnswers } from './interfaces/http/token-answers.ts'

@Module({})
class AuthServiceModule {}

/** The wiring of the auth-service's API. */
export function authServiceModule(platform: Platform): DynamicModule {
  const { cache, clock, config, log, mailer, secrets, sql } = platform
  const pool = new CognitoClient(config, log)
  const users = new CognitoUsers(pool)
  const signIns = new CognitoSignIns(pool)
  const people = new PgPeople(sql, new CpfVault(secrets), clock, config.pool.id)
  const names = new Pseudonyms(secrets)
  const events = new SignInEvents(platform)
  const sessions = mfaSessions(cache)
  const enrolling = enrolments(cache)
  const cookies = new BrowserCookies(config)
  const provided = [
    cookies,
    new TokenAnswers(cookies),
    new RegisterPerson(users, people, names, cache, mailer, events),
    new ConfirmPerson(users),
    new ResendCode(users),
    new SignIn(signIns, sessions, enrolling, names, events),
    new AnswerMfa(signIns, sessions, names, events),
    new BeginMfaSetup(enrolling),
    new FinishMfaSetup(signIns, enrolling, events),
    new RefreshTokens(signIns),
    new SignOut(signIns),
    new DescribeMe(users, people),
  ]
  return {
    module: AuthServiceModule,
    controllers: [AccountController, SignInController, SessionController, DevMailboxController],
    providers: [
      { provide: PLATFORM, useValue: platform },
      ...provided.map((value) => ({ provide: value.constructor, useValue: value })),
    ],
  }
}
