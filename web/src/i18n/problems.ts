import type { ProblemError } from '../api/call.ts'
import type { Language } from './translate.ts'

/** Sentences for the server's `code`: what happened and what to do. A code that is not here falls back to `detail`. */
export const problemTexts: Record<Language, Record<string, string>> = {
  'pt-BR': {
    'network/unreachable': 'Sem resposta do Balcão. Verifique a sua internet e tente de novo.',
    'server/failed': 'Algo falhou do nosso lado. Tente de novo em alguns instantes.',
    internal: 'Algo falhou do nosso lado. Tente de novo em alguns instantes.',
    'request/refused': 'O pedido não foi aceito. Recarregue a página e tente de novo.',
    'request/invalid': 'Algum campo não foi aceito. Confira o que você digitou.',
    'request/too_large': 'O pedido é grande demais.',
    'cpf/required': 'Digite o seu CPF.',
    'cpf/invalid': 'Este CPF não é válido. Confira os 11 números.',
    'auth/wrong_code': 'Código incorreto. Confira e digite de novo.',
    'auth/code_expired': 'Este código venceu ou já foi usado. Peça outro.',
    'auth/code_used': 'Este código já foi usado. Espere o próximo aparecer no aplicativo.',
    'auth/wrong_credentials': 'E-mail ou senha incorretos. Confira e tente de novo.',
    'auth/weak_password': 'Senha curta. Use pelo menos 12 caracteres.',
    'auth/invalid_input': 'Algum campo não foi aceito. Confira o nome, o e-mail e a senha.',
    'auth/not_confirmed': 'Antes de entrar, confirme o seu e-mail.',
    'auth/password_reset_required': 'É preciso trocar a senha antes de entrar.',
    'auth/too_many_attempts': 'Muitas tentativas. Espere alguns minutos e tente de novo.',
    'auth/mfa_session': 'Sua tentativa de entrar expirou. Comece de novo.',
    'auth/session_ended': 'Sua sessão terminou. Entre de novo.',
    'auth/invalid_token': 'Sua sessão terminou. Entre de novo.',
    'auth/foreign_origin': 'Esta página não pode entrar por você. Abra o endereço do Balcão.',
    'auth/unavailable': 'O serviço de identidade não respondeu. Tente de novo em instantes.',
    'video/not_found': 'Este vídeo não existe mais.',
    'video/wrong_state': 'O vídeo mudou nesse meio-tempo. Recarregue a página.',
    'video/rejected': 'Este arquivo seria recusado de novo pelo mesmo motivo. Envie outro.',
    'video/in_trash': 'Este vídeo está na lixeira. Restaure-o primeiro.',
    'upload/too_large': 'O arquivo passa de 5 TB, o máximo por vídeo.',
    'upload/quota_exceeded': 'Não há espaço para este vídeo. Exclua algum e tente de novo.',
    'upload/completed': 'Este envio já foi concluído.',
    'upload/gone': 'Este envio não existe mais. Envie o arquivo de novo.',
    'upload/other_tab': 'Este arquivo está sendo enviado em outra aba.',
    'upload/empty': 'O arquivo está vazio.',
    'upload/no_answer': 'O armazenamento não respondeu depois de várias tentativas. Verifique a sua internet.',
    'upload/refused': 'O armazenamento recusou uma parte do arquivo. Tente de novo.',
    'upload/file_changed': 'O arquivo mudou ou saiu do lugar desde que o envio começou. Escolha-o de novo.',
    unsupported_container: 'O formato deste arquivo não é aceito. Envie o vídeo original.',
    not_media: 'Este arquivo não é um vídeo nem um áudio.',
    truncated_no_index: 'O arquivo está incompleto. Envie-o de novo a partir do original.',
    no_media_streams: 'Não há imagem nem som neste arquivo.',
    dimensions_too_large: 'A imagem deste vídeo é grande demais para ser processada.',
    partial: 'O arquivo estava incompleto; guardamos o que dava para ver.',
  },
  en: {
    'network/unreachable': 'No answer from Balcão. Check your internet connection and try again.',
    'server/failed': 'Something failed on our side. Try again in a moment.',
    internal: 'Something failed on our side. Try again in a moment.',
    'request/refused': 'The request was not accepted. Reload the page and try again.',
    'request/invalid': 'A field was not accepted. Check what you typed.',
    'request/too_large': 'The request is too large.',
    'cpf/required': 'Type your CPF.',
    'cpf/invalid': 'This CPF is not valid. Check its 11 digits.',
    'auth/wrong_code': 'Wrong code. Check it and type it again.',
    'auth/code_expired': 'This code has expired or was used. Ask for another.',
    'auth/code_used': 'This code was already used. Wait for the next one in the app.',
    'auth/wrong_credentials': 'Wrong e-mail or password. Check them and try again.',
    'auth/weak_password': 'Short password. Use at least 12 characters.',
    'auth/invalid_input': 'A field was not accepted. Check the name, the e-mail and the password.',
    'auth/not_confirmed': 'Confirm your e-mail before you sign in.',
    'auth/password_reset_required': 'The password has to be changed before you sign in.',
    'auth/too_many_attempts': 'Too many tries. Wait a few minutes and try again.',
    'auth/mfa_session': 'Your sign-in has expired. Please start again.',
    'auth/session_ended': 'Your session has ended. Sign in again.',
    'auth/invalid_token': 'Your session has ended. Sign in again.',
    'auth/foreign_origin': 'This page cannot sign you in. Open the address of Balcão.',
    'auth/unavailable': 'The identity service did not answer. Try again in a moment.',
    'video/not_found': 'This video no longer exists.',
    'video/wrong_state': 'The video changed in the meantime. Reload the page.',
    'video/rejected': 'This file would be refused again for the same reason. Send another one.',
    'video/in_trash': 'This video is in the trash. Restore it first.',
    'upload/too_large': 'The file is larger than 5 TB, the most for one video.',
    'upload/quota_exceeded': 'There is no room for this video. Delete one and try again.',
    'upload/completed': 'This upload is already complete.',
    'upload/gone': 'This upload no longer exists. Send the file again.',
    'upload/other_tab': 'This file is being sent in another tab.',
    'upload/empty': 'The file is empty.',
    'upload/no_answer': 'The store did not answer after several tries. Check your internet connection.',
    'upload/refused': 'The store refused a part of the file. Try again.',
    'upload/file_changed': 'The file changed or moved since the upload began. Choose it again.',
    unsupported_container: 'This file format is not accepted. Send the original video.',
    not_media: 'This file is neither video nor audio.',
    truncated_no_index: 'The file is incomplete. Send it again from the original.',
    no_media_streams: 'There is neither picture nor sound in this file.',
    dimensions_too_large: 'The picture of this video is too large to be processed.',
    partial: 'The file was incomplete; we kept what can be seen.',
  },
}

/** The sentence for a code. @param detail the server's own sentence, for a code we do not know */
export function problemText(language: Language, code: string, detail = ''): string {
  const texts = problemTexts[language]
  return texts[code] ?? texts[code.replace(/^(video|upload|media)\//, '')] ?? (detail || texts['server/failed']!)
}

/** The field of a 400 `request/invalid`, and the sentence to put beside it. */
export function refusedField(error: ProblemError): string | undefined {
  const fields = error.details.fields
  if (Array.isArray(fields)) return (fields[0] as { field?: string } | undefined)?.field
  return typeof error.details.field === 'string' ? error.details.field : undefined
}
