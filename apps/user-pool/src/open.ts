import type { PlatformOf } from '@balcao/platform'
import { AccessTokens } from './application/access-tokens.ts'
import { AdminGetUser } from './application/admin-get-user.ts'
import { AppClients } from './application/app-clients.ts'
import { AssociateSoftwareToken } from './application/associate-software-token.ts'
import { ConfirmSignUp } from './application/confirm-sign-up.ts'
import { poolEvents } from './application/events.ts'
import { GetTokensFromRefreshToken } from './application/get-tokens-from-refresh-token.ts'
import { GetUser } from './application/get-user.ts'
import { InitiateAuth } from './application/initiate-auth.ts'
import { IssueTokens } from './application/issue-tokens.ts'
import { MfaSetupChallenge } from './application/mfa-setup-challenge.ts'
import type { Operation } from './application/operation.ts'
import { PasswordSignIn } from './application/password-sign-in.ts'
import { RefreshSignIn } from './application/refresh-sign-in.ts'
import { ResendConfirmationCode } from './application/resend-confirmation-code.ts'
import { RespondToAuthChallenge } from './application/respond-to-auth-challenge.ts'
import { RevokeToken } from './application/revoke-token.ts'
import { SignUp } from './application/sign-up.ts'
import { SoftwareTokenChallenge } from './application/software-token-challenge.ts'
import { signInTurns } from './application/turns.ts'
import { VerifySoftwareToken } from './application/verify-software-token.ts'
import { contas } from './contas.ts'
import { Argon2Threads } from './infrastructure/argon2-threads.ts'
import { KeyedHash } from './infrastructure/keyed-hash.ts'
import { PgAttempts } from './infrastructure/pg-attempts.ts'
import { PgCodes } from './infrastructure/pg-codes.ts'
import { PgRefreshTokens } from './infrastructure/pg-refresh-tokens.ts'
import { PgSessions } from './infrastructure/pg-sessions.ts'
import { PgSignInEnds } from './infrastructure/pg-sign-in-ends.ts'
import { sweep } from './infrastructure/pg-sweep.ts'
import { PgTotpFactors } from './infrastructure/pg-totp-factors.ts'
import { PgUsers } from './infrastructure/pg-users.ts'
import { PostedCodeMail } from './infrastructure/posted-code-mail.ts'
import { newRsaKey, RsaSigner } from './infrastructure/rsa-signer.ts'
import { SecretBox } from './infrastructure/secret-box.ts'

export type UserPoolUseCases = Awaited<ReturnType<typeof open>>

/** The wiring of the pool: opens its keys and threads. */
export async function open(platform: PlatformOf<'sql' | 'mailer' | 'secrets'>) {
  const { clock, config, log, mailer, secrets, sql } = platform
  const pool = contas(config)
  const signer = new RsaSigner(await secrets.text(`token-key-${pool.id.toLowerCase()}`, newRsaKey))
  const hash = new KeyedHash((await secrets.current('user-pool')).bytes, pool.id)
  const box = new SecretBox(secrets)
  const { pseudonym } = hash
  const transaction = <T>(work: () => Promise<T>) => sql.transaction(work)

  const users = new PgUsers(sql, pool.id)
  const attempts = new PgAttempts(sql, pool.perAddress, hash)
  const sessions = new PgSessions(sql, pool.id, box, attempts)
  const factors = new PgTotpFactors(sql, box)
  const codes = new PgCodes(sql, hash, 'confirm_sign_up')
  const refreshTokens = new PgRefreshTokens(sql, pool.id)
  const passwords = new Argon2Threads()
  const mail = new PostedCodeMail(mailer, log)
  const tell = poolEvents.open(platform)
  const clients = new AppClients(pool)
  const tokens = new IssueTokens(pool, signer, refreshTokens)
  const accessTokens = new AccessTokens({ pool, signer, refreshTokens, clock })
  const turns = signInTurns()

  const operations: Record<string, Operation> = {
    AdminGetUser: new AdminGetUser(pool, users),
    AssociateSoftwareToken: new AssociateSoftwareToken({ transaction, sessions, accessTokens, clock }),
    ConfirmSignUp: new ConfirmSignUp({ clients, transaction, users, codes, attempts, pseudonym, clock }),
    GetTokensFromRefreshToken: new GetTokensFromRefreshToken({ clients, transaction, refreshTokens, tokens, clock }),
    GetUser: new GetUser(accessTokens),
    InitiateAuth: new InitiateAuth(clients, {
      USER_PASSWORD_AUTH: new PasswordSignIn({
        clients,
        users,
        passwords,
        attempts,
        sessions,
        turns,
        pseudonym,
        tell,
        clock,
      }),
      REFRESH_TOKEN_AUTH: new RefreshSignIn({ clients, refreshTokens, tokens, clock }),
    }),
    ResendConfirmationCode: new ResendConfirmationCode({ clients, users, codes, mail, pseudonym, clock }),
    RespondToAuthChallenge: new RespondToAuthChallenge(clients, {
      MFA_SETUP: new MfaSetupChallenge({ transaction, sessions, tokens, tell, clock }),
      SOFTWARE_TOKEN_MFA: new SoftwareTokenChallenge({
        sessions,
        signIns: new PgSignInEnds(sql, pool.id, attempts),
        attempts,
        tokens,
        tell,
        clock,
      }),
    }),
    RevokeToken: new RevokeToken(clients, refreshTokens, clock),
    SignUp: new SignUp({ pool, clients, transaction, users, passwords, codes, mail, attempts, tell, clock }),
    VerifySoftwareToken: new VerifySoftwareToken({ transaction, sessions, factors, accessTokens, tell, clock }),
  }

  return {
    operations: new Map(Object.entries(operations)),
    discovery: { poolId: pool.id, issuer: pool.issuer, keys: [signer.jwk] },
    health: () => sql.first('select 1'),
    sweep: () => sweep(sql, clock.now()),
    close: async () => {
      await Promise.all([mail.close(), passwords.close()])
    },
  }
}
