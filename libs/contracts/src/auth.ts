import { z } from 'zod'
import type { Route } from './route.ts'

const email = z.email().max(254)
const code = z.string().regex(/^\d{6}$/)
/** One line of any script, without control characters. */
const line = z.string().regex(/^\P{Cc}*$/u)
const username = line.min(1).max(254)
const flow = z
  .string()
  .max(200)
  .regex(/^[\w-]*$/)

export const RegisterBody = z.object({
  name: line.trim().min(1).max(120),
  email,
  /** In any punctuation. */
  cpf: z.string().max(20),
  password: z.string().min(1).max(256),
})
export type RegisterBody = z.infer<typeof RegisterBody>

/** Where the confirmation code went, masked: `m***@e***.br`. The same shape whether or not the account existed. */
export const Delivery = z.object({ medium: z.enum(['EMAIL', 'SMS']), destination: z.string() })
export type Delivery = z.infer<typeof Delivery>

export const ConfirmBody = z.object({ email, code })
export type ConfirmBody = z.infer<typeof ConfirmBody>

export const ResendBody = z.object({ email })
export type ResendBody = z.infer<typeof ResendBody>

export const LoginBody = z.object({ username, password: z.string().min(1).max(256) })
export type LoginBody = z.infer<typeof LoginBody>

/** Tokens of a person who is signed in. `refreshToken` is absent in a browser: there it is an httpOnly cookie. */
export const Tokens = z.object({
  accessToken: z.string(),
  idToken: z.string(),
  tokenType: z.literal('Bearer'),
  /** Seconds. */
  expiresIn: z.number().int(),
  refreshToken: z.string().optional(),
})
export type Tokens = z.infer<typeof Tokens>

export const SignedIn = z.object({ tokens: Tokens })
export type SignedIn = z.infer<typeof SignedIn>

/** D4-18, and the enrolment that D1-39 makes everyone's first sign-in. `flow` names the enrolment where there is no cookie. */
export const LoginAnswer = z.union([
  z.object({ mfaRequired: z.literal(true), challenge: z.enum(['SOFTWARE_TOKEN_MFA', 'SMS_MFA']) }),
  z.object({ mfaSetupRequired: z.literal(true), challenge: z.literal('MFA_SETUP'), flow: z.string().optional() }),
  SignedIn,
])
export type LoginAnswer = z.infer<typeof LoginAnswer>

export const MfaBody = z.object({ username, code })
export type MfaBody = z.infer<typeof MfaBody>
export const MfaSetupBody = z.object({ flow: flow.optional() })
export type MfaSetupBody = z.infer<typeof MfaSetupBody>
/** `uri` is what the QR code holds (otpauth://); `secret` is for typing, base32. */
export const MfaSetupAnswer = z.object({ secret: z.string(), uri: z.string(), flow: z.string().optional() })
export type MfaSetupAnswer = z.infer<typeof MfaSetupAnswer>
export const MfaSetupVerifyBody = z.object({
  code,
  flow: flow.optional(),
  deviceName: line.max(60).optional(),
})
export type MfaSetupVerifyBody = z.infer<typeof MfaSetupVerifyBody>

/** Without an Origin the refresh token travels in the body; a browser sends its cookie and `{}`. */
export const RefreshBody = z.object({ refreshToken: line.max(4096).optional() })
export type RefreshBody = z.infer<typeof RefreshBody>

export const Me = z.object({
  /** The `sub` of the access token (D3-18). */
  id: z.string(),
  name: z.string(),
  email: z.string(),
  /** `***.456.789-**`, or null when none was typed (people who signed up at the pool itself). */
  cpf: z.string().nullable(),
  mfaEnabled: z.boolean(),
})
export type Me = z.infer<typeof Me>

/** What Amplify and other SDKs need to speak to the pool themselves. */
export const AuthConfig = z.object({
  region: z.string(),
  userPoolId: z.string(),
  clientId: z.string(),
  endpoint: z.string(),
})
export type AuthConfig = z.infer<typeof AuthConfig>

export const authRoutes = {
  register: {
    method: 'POST',
    path: '/auth/register',
    summary: 'Create an account',
    auth: 'none',
    body: RegisterBody,
    answers: { 201: Delivery },
  },
  confirm: {
    method: 'POST',
    path: '/auth/confirm',
    summary: 'Confirm the e-mail with the code that was sent',
    auth: 'none',
    body: ConfirmBody,
    answers: { 204: null },
  },
  resend: {
    method: 'POST',
    path: '/auth/resend',
    summary: 'Send the confirmation code again',
    auth: 'none',
    body: ResendBody,
    answers: { 202: Delivery },
  },
  login: {
    method: 'POST',
    path: '/auth/login',
    summary: 'Sign in with a password; the second factor comes next',
    auth: 'none',
    body: LoginBody,
    answers: { 200: LoginAnswer },
  },
  mfa: {
    method: 'POST',
    path: '/auth/mfa',
    summary: 'Answer the second factor',
    auth: 'none',
    body: MfaBody,
    answers: { 200: SignedIn },
  },
  mfaSetup: {
    method: 'POST',
    path: '/auth/mfa/setup',
    summary: 'Begin enrolling an authenticator app',
    auth: 'none',
    body: MfaSetupBody,
    answers: { 200: MfaSetupAnswer },
  },
  mfaSetupVerify: {
    method: 'POST',
    path: '/auth/mfa/setup/verify',
    summary: 'Finish enrolling with the first code',
    auth: 'none',
    body: MfaSetupVerifyBody,
    answers: { 200: SignedIn },
  },
  refresh: {
    method: 'POST',
    path: '/auth/refresh',
    summary: 'New tokens for a refresh token',
    auth: 'none',
    body: RefreshBody,
    answers: { 200: SignedIn },
  },
  logout: {
    method: 'POST',
    path: '/auth/logout',
    summary: 'Revoke the refresh token',
    auth: 'none',
    body: RefreshBody,
    answers: { 204: null },
  },
  me: { method: 'GET', path: '/auth/me', summary: 'Who is signed in', auth: 'bearer', answers: { 200: Me } },
  config: {
    method: 'GET',
    path: '/auth/config',
    summary: 'Where the user pool is, for SDKs',
    auth: 'none',
    answers: { 200: AuthConfig },
  },
} as const satisfies Record<string, Route>
