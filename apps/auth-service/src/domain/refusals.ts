import { AppError } from '@balcao/kernel'

/** Every way in which sign-in says no. The code is the key of the translated text; the sentence says what to do. */
export const refusals = {
  wrongCredentials: () =>
    new AppError('unauthenticated', 'auth/wrong_credentials', 'E-mail ou senha incorretos: confira e tente de novo.'),
  notConfirmed: () =>
    new AppError('forbidden', 'auth/not_confirmed', 'E-mail ainda não confirmado: digite o código que enviamos.'),
  passwordReset: () =>
    new AppError('forbidden', 'auth/password_reset_required', 'É preciso trocar a senha antes de entrar.'),
  unsupportedChallenge: () =>
    new AppError('forbidden', 'auth/unsupported_challenge', 'Esta conta pede um passo que só o suporte pode fazer.'),
  weakPassword: () =>
    new AppError('invalid', 'auth/weak_password', 'Senha curta: use pelo menos 12 caracteres.', { field: 'password' }),
  invalidInput: () =>
    new AppError('invalid', 'auth/invalid_input', 'Algum campo não foi aceito: confira o nome, o e-mail e a senha.'),
  wrongCode: () => new AppError('invalid', 'auth/wrong_code', 'Código incorreto: confira e digite de novo.'),
  codeExpired: () => new AppError('invalid', 'auth/code_expired', 'Código vencido ou já usado: peça um novo código.'),
  codeUsed: () =>
    new AppError('unauthenticated', 'auth/code_used', 'Este código já foi usado: espere o próximo no aplicativo.'),
  wrongMfaCode: () => new AppError('unauthenticated', 'auth/wrong_code', 'Código incorreto: confira e digite de novo.'),
  /** Missing, expired, used up, or of another browser: nobody is told which (D4-19). */
  mfaSession: () => new AppError('unauthenticated', 'auth/mfa_session', 'Sessão MFA inválida ou expirada'),
  sessionEnded: () => new AppError('unauthenticated', 'auth/session_ended', 'Sua sessão terminou: entre de novo.'),
  refreshTokenExpected: () =>
    new AppError('invalid', 'auth/refresh_token_expected', 'Para sair é preciso o refresh token, não outro.'),
  /** D2-25's sentence. */
  invalidToken: () => new AppError('unauthenticated', 'auth/invalid_token', 'Invalid authentication credentials'),
  foreignOrigin: () =>
    new AppError('forbidden', 'auth/foreign_origin', 'Pedido de outro endereço: abra a página do próprio Balcão.'),
  originRequired: () =>
    new AppError('forbidden', 'auth/origin_required', 'Um pedido com cookie precisa dizer de que página vem (Origin).'),
  /** What is not there for this caller looks like any other path that is not. */
  noSuchRoute: () => new AppError('not_found', 'request/no_such_route', 'Not Found'),
  tooManyAttempts: () =>
    new AppError('rate_limited', 'auth/too_many_attempts', 'Muitas tentativas: espere alguns minutos e tente de novo.'),
  unavailable: () =>
    new AppError(
      'unavailable',
      'auth/unavailable',
      'O serviço de identidade não respondeu: tente de novo em instantes.',
    ),
} as const
