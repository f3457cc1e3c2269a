/** Every problem `code` that an API answers, or shows beside a thing. The page has a sentence for each, in each of its
 *  languages; a service's refusals are checked against its own. */

/** Of the HTTP edge, of ports, and of words that all services share. */
export const sharedProblems = [
  'internal',
  'request/invalid',
  'request/malformed',
  'request/media_type',
  'request/method',
  'request/no_such_route',
  'request/refused',
  'request/too_large',
  'server/no_room',
  'events/stopping',
  'events/too_many_streams',
  'auth/invalid_token',
  'auth/keys_unreachable',
  'cache/unavailable',
  'object/does_not_fit',
  'object/not_found',
  'upload/incomplete',
  'upload/part_order',
  'upload/part_too_small',
  'cpf/invalid',
  'cpf/required',
] as const

export const authProblems = [
  'auth/code_expired',
  'auth/code_used',
  'auth/foreign_origin',
  'auth/invalid_input',
  'auth/invalid_token',
  'auth/mfa_session',
  'auth/not_confirmed',
  'auth/origin_required',
  'auth/password_reset_required',
  'auth/refresh_token_expected',
  'auth/session_ended',
  'auth/too_many_attempts',
  'auth/unavailable',
  'auth/unsupported_challenge',
  'auth/weak_password',
  'auth/wrong_code',
  'auth/wrong_credentials',
  'request/no_such_route',
] as const

export const videoProblems = [
  'download/not_ready',
  'frames/no_picture',
  'frames/not_done',
  'frames/not_found',
  'frames/not_ready',
  'frames/too_many',
  'frames/too_many_kept',
  'frames/too_many_waiting',
  'frames/wrong_state',
  'original/is_download',
  'original/not_kept',
  'playback/expired',
  'playback/not_ready',
  'playback/superseded',
  'playback/unknown',
  'poster/no_picture',
  'poster/not_ready',
  'poster/outside',
  'request/invalid',
  'upload/completed',
  'upload/gone',
  'upload/no_room',
  'upload/not_in_parts',
  'upload/part_number',
  'upload/parts_missing',
  'upload/size_mismatch',
  'video/in_trash',
  'video/not_found',
  'video/rejected',
  'video/wrong_state',
] as const

/** Why a video failed or waits, or what is to be known of it: shown beside it. */
export const videoStories = [
  'video/dimensions_too_large',
  'video/disk_full',
  'video/ffmpeg_failed',
  'video/ffmpeg_hung',
  'video/ffmpeg_killed',
  'video/ffmpeg_missing',
  'video/gave_up',
  'video/limits_exceeded',
  'video/no_media_streams',
  'video/not_media',
  'video/partial',
  'video/probe_failed',
  'video/processing_failed',
  'video/truncated_no_index',
  'video/undecodable',
  'video/unsupported_container',
  'video/upload_missing',
  'video/verification_failed',
  'video/waiting',
] as const

export type SharedProblem = (typeof sharedProblems)[number]
export type AuthProblem = (typeof authProblems)[number]
export type VideoProblem = (typeof videoProblems)[number]
export type VideoStory = (typeof videoStories)[number]
export type ProblemCode = SharedProblem | AuthProblem | VideoProblem | VideoStory

/** What a service's refusals are: each makes an error with one of these codes. */
export type Refusals<Code extends string> = Readonly<Record<string, (...given: never[]) => { readonly code: Code }>>

/** The refusals of a service, where they are those of its contract, one for each code; else this does not compile.
 *  `refusals: everyRefusal<AuthProblem>()(refusals)` */
export const everyRefusal =
  <Code extends string>() =>
  <R extends Refusals<Code>>(
    refusals: R & ([Exclude<Code, CodeOf<R>>] extends [never] ? unknown : Missing<Exclude<Code, CodeOf<R>>>),
  ): R =>
    refusals

type CodeOf<R extends Refusals<string>> = ReturnType<R[keyof R]>['code']
interface Missing<Code extends string> {
  readonly noRefusalHasTheCode: Code
}
