import type { ProblemCode } from '@balcao/contracts'
import type { ProblemError } from '../api/call.ts'
import { fill, type Language, words } from './translate.ts'

/** What goes wrong in the page itself. */
type PageProblem =
  | 'network/unreachable'
  | 'server/failed'
  | 'upload/empty'
  | 'upload/file_changed'
  | 'upload/no_answer'
  | 'upload/other_tab'
  | 'upload/refused'
  | 'upload/too_large'

/** Sentences for every `code` of the contracts, and for what goes wrong in the page itself: what happened and what to do.
 *  A code without one, in either language, does not compile. */
export const problemTexts: Record<Language, Record<ProblemCode | PageProblem, string>> = {
  'pt-BR': {
    'network/unreachable': 'Sem resposta do Balcão. Verifique a sua internet e tente de novo.',
    'server/failed': 'Algo falhou do nosso lado. Tente de novo em alguns instantes.',
    internal: 'Algo falhou do nosso lado. Tente de novo em alguns instantes.',
    'request/refused': 'O pedido não foi aceito. Recarregue a página e tente de novo.',
    'request/malformed': 'O pedido não foi entendido. Recarregue a página e tente de novo.',
    'request/media_type': 'O pedido não foi entendido. Recarregue a página e tente de novo.',
    'request/method': 'O pedido não foi aceito. Recarregue a página e tente de novo.',
    'request/no_such_route': 'Este endereço não existe. Recarregue a página e tente de novo.',
    'server/no_room': 'O servidor está sem espaço. O que você guardou continua lá; tente de novo mais tarde.',
    'events/stopping': 'O servidor está reiniciando. Tente de novo em instantes.',
    'events/too_many_streams': 'Há janelas demais abertas. Feche uma.',
    'cache/unavailable': 'Uma parte do servidor não responde. Tente de novo em instantes.',
    'object/not_found': 'O arquivo não está mais no servidor.',
    'auth/refresh_token_expected': 'Sua sessão terminou. Entre de novo.',
    'playback/expired': 'Este endereço venceu. Abra o vídeo de novo.',
    'playback/superseded': 'Este vídeo mudou ou foi apagado. Abra-o de novo.',
    'playback/unknown': 'Este endereço não é de nenhum vídeo. Abra o vídeo pela biblioteca.',
    'upload/not_in_parts': 'Este envio não pode continuar por aqui. Envie o arquivo de novo.',
    'upload/part_number': 'Este envio não tem essa parte. Envie o arquivo de novo.',
    'object/does_not_fit': 'O servidor está sem espaço. Tente de novo mais tarde.',
    'upload/incomplete': 'Faltou uma parte do arquivo. Tente de novo.',
    'upload/part_order': 'As partes do arquivo não estão em ordem. Tente de novo.',
    'upload/part_too_small': 'Uma parte do arquivo é pequena demais. Tente de novo.',
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
    'auth/origin_required': 'Esta página não pode entrar por você. Abra o endereço do Balcão.',
    'auth/unsupported_challenge': 'Esta conta pede um passo que só o suporte pode fazer.',
    'auth/keys_unreachable': 'O serviço de identidade não respondeu. Tente de novo em instantes.',
    'auth/unavailable': 'O serviço de identidade não respondeu. Tente de novo em instantes.',
    'video/not_found': 'Este vídeo não existe mais.',
    'video/wrong_state': 'O vídeo mudou nesse meio-tempo. Recarregue a página.',
    'video/in_trash': 'Este vídeo está na lixeira. Restaure-o primeiro.',
    'video/rejected': 'Este arquivo seria recusado de novo pelo mesmo motivo. Envie outro.',
    'video/unsupported_container': 'O formato deste arquivo não é aceito. Envie o vídeo original.',
    'video/not_media': 'Este arquivo não é um vídeo nem um áudio.',
    'video/truncated_no_index': 'O arquivo está incompleto. Envie-o de novo a partir do original.',
    'video/undecodable': 'Nem a imagem nem o som deste arquivo puderam ser lidos. Envie-o em outro formato.',
    'video/no_media_streams': 'Não há imagem nem som neste arquivo.',
    'video/dimensions_too_large': 'A imagem deste vídeo é grande demais para ser processada.',
    'video/limits_exceeded': 'Este vídeo é longo ou grande demais para ser processado. Envie-o em partes menores.',
    'video/upload_missing': 'O arquivo enviado não está mais no servidor. Envie-o de novo.',
    'video/partial': 'O arquivo estava incompleto; guardamos o que dava para ver.',
    'video/gave_up': 'O processamento foi interrompido vezes demais.',
    'video/processing_failed': 'O processamento deste vídeo foi interrompido.',
    'video/verification_failed': 'O processamento deste vídeo foi interrompido.',
    'video/probe_failed': 'O processamento deste vídeo foi interrompido.',
    'video/ffmpeg_failed': 'O processamento deste vídeo foi interrompido.',
    'video/ffmpeg_hung': 'O processamento deste vídeo foi interrompido.',
    'video/ffmpeg_killed': 'O processamento deste vídeo foi interrompido.',
    'video/disk_full': 'O servidor está sem espaço. O vídeo espera e continua quando houver.',
    'video/ffmpeg_missing': 'O servidor está sem o conversor de vídeo. O vídeo espera por ele.',
    'video/waiting': 'Uma parte do servidor não responde. O vídeo espera e continua quando ela voltar.',
    'poster/no_picture': 'Este arquivo só tem som: não há imagem para usar como capa.',
    'poster/not_ready': 'O vídeo ainda não está pronto. Escolha a capa depois.',
    'poster/outside': 'O vídeo é mais curto do que isso. Escolha outro momento.',
    'frames/no_picture': 'Este arquivo só tem som: não há imagens.',
    'frames/not_done': 'O ZIP ainda não está pronto. Espere um pouco.',
    'frames/not_found': 'Estas imagens não existem mais.',
    'frames/not_ready': 'O vídeo ainda não está pronto. Peça as imagens depois.',
    'frames/too_many': 'Seriam imagens demais. Escolha um intervalo maior.',
    'frames/too_many_kept': 'Este vídeo já tem pedidos de imagens demais. Remova algum da lista.',
    'frames/too_many_waiting': 'Já há pedidos de imagens demais em andamento. Espere um terminar.',
    'frames/wrong_state': 'Este pedido mudou nesse meio-tempo. Recarregue a página.',
    'original/not_kept': 'O original deste vídeo não está guardado.',
    'original/is_download': 'O MP4 é o próprio original: ele só sai com o vídeo.',
    'download/not_ready': 'O MP4 ainda não está pronto. Espere o processamento terminar.',
    'playback/not_ready': 'Este vídeo ainda não pode ser visto. Espere o primeiro trecho ficar pronto.',
    'upload/no_room': 'Não há espaço no servidor para este arquivo. Fale com quem cuida dele.',
    'upload/too_large': 'O arquivo passa de 5 TB, o máximo por vídeo.',
    'upload/completed': 'Este envio já foi concluído.',
    'upload/gone': 'Este envio não existe mais. Tente de novo para enviar o arquivo desde o começo.',
    'upload/parts_missing': 'Faltou uma parte do arquivo. Tente de novo.',
    'upload/size_mismatch': 'O que chegou não tem o tamanho do arquivo. Tente de novo.',
    'upload/other_tab': 'Este arquivo está sendo enviado em outra aba.',
    'upload/empty': 'O arquivo está vazio.',
    'upload/no_answer': 'O armazenamento não respondeu depois de várias tentativas. Verifique a sua internet.',
    'upload/refused': 'O armazenamento recusou uma parte do arquivo. Tente de novo.',
    'upload/file_changed': 'O arquivo mudou ou saiu do lugar desde que o envio começou. Escolha-o de novo.',
  },
  en: {
    'network/unreachable': 'No answer from Balcão. Check your internet connection and try again.',
    'server/failed': 'Something failed on our side. Try again in a moment.',
    internal: 'Something failed on our side. Try again in a moment.',
    'request/refused': 'The request was not accepted. Reload the page and try again.',
    'request/malformed': 'The request was not understood. Reload the page and try again.',
    'request/media_type': 'The request was not understood. Reload the page and try again.',
    'request/method': 'The request was not accepted. Reload the page and try again.',
    'request/no_such_route': 'There is nothing at this address. Reload the page and try again.',
    'server/no_room': 'The server is out of space. What you keep is still there; try again later.',
    'events/stopping': 'The server is restarting. Try again in a moment.',
    'events/too_many_streams': 'Too many windows are open. Close one.',
    'cache/unavailable': 'A part of the server does not answer. Try again in a moment.',
    'object/not_found': 'The file is no longer on the server.',
    'auth/refresh_token_expected': 'Your session has ended. Sign in again.',
    'playback/expired': 'This address has expired. Open the video again.',
    'playback/superseded': 'This video changed or was deleted. Open it again.',
    'playback/unknown': 'This address belongs to no video. Open the video from the library.',
    'upload/not_in_parts': 'This upload cannot go on here. Send the file again.',
    'upload/part_number': 'This upload has no such part. Send the file again.',
    'object/does_not_fit': 'The server is out of space. Try again later.',
    'upload/incomplete': 'A part of the file was missing. Try again.',
    'upload/part_order': 'The parts of the file are out of order. Try again.',
    'upload/part_too_small': 'A part of the file is too small. Try again.',
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
    'auth/origin_required': 'This page cannot sign you in. Open the address of Balcão.',
    'auth/unsupported_challenge': 'This account needs a step that only support can do.',
    'auth/keys_unreachable': 'The identity service did not answer. Try again in a moment.',
    'auth/unavailable': 'The identity service did not answer. Try again in a moment.',
    'video/not_found': 'This video no longer exists.',
    'video/wrong_state': 'The video changed in the meantime. Reload the page.',
    'video/in_trash': 'This video is in the trash. Restore it first.',
    'video/rejected': 'This file would be refused again for the same reason. Upload another one.',
    'video/unsupported_container': 'This file format is not accepted. Send the original video.',
    'video/not_media': 'This file is neither video nor audio.',
    'video/truncated_no_index': 'The file is incomplete. Send it again from the original.',
    'video/undecodable': 'Neither picture nor sound of this file could be read. Send it in another format.',
    'video/no_media_streams': 'There is neither picture nor sound in this file.',
    'video/dimensions_too_large': 'The picture of this video is too large to be processed.',
    'video/limits_exceeded': 'This video is too long or too large to be processed. Send it in smaller pieces.',
    'video/upload_missing': 'The uploaded file is no longer on the server. Send it again.',
    'video/partial': 'The file was incomplete; we kept what can be seen.',
    'video/gave_up': 'Processing was interrupted too many times.',
    'video/processing_failed': 'The processing of this video was interrupted.',
    'video/verification_failed': 'The processing of this video was interrupted.',
    'video/probe_failed': 'The processing of this video was interrupted.',
    'video/ffmpeg_failed': 'The processing of this video was interrupted.',
    'video/ffmpeg_hung': 'The processing of this video was interrupted.',
    'video/ffmpeg_killed': 'The processing of this video was interrupted.',
    'video/disk_full': 'The server is out of space. The video waits and goes on when there is some.',
    'video/ffmpeg_missing': 'The server lacks its video converter. The video waits for it.',
    'video/waiting': 'A part of the server does not answer. The video waits and goes on when it is back.',
    'poster/no_picture': 'This file has sound only: there is no picture to use as a cover.',
    'poster/not_ready': 'The video is not ready yet. Choose the cover later.',
    'poster/outside': 'The video is not that long. Choose another moment.',
    'frames/no_picture': 'This file has sound only: there are no images.',
    'frames/not_done': 'The ZIP is not ready yet. Wait a little.',
    'frames/not_found': 'These images no longer exist.',
    'frames/not_ready': 'The video is not ready yet. Ask for the images later.',
    'frames/too_many': 'That would be too many images. Choose a longer interval.',
    'frames/too_many_kept': 'This video has too many requests for images. Remove one from the list.',
    'frames/too_many_waiting': 'Too many requests for images are under way. Wait until one ends.',
    'frames/wrong_state': 'This request changed in the meantime. Reload the page.',
    'original/not_kept': 'The original of this video is not kept.',
    'original/is_download': 'The MP4 is the original itself: it goes only with the video.',
    'download/not_ready': 'The MP4 is not ready yet. Wait until the video is processed.',
    'playback/not_ready': 'This video cannot be watched yet. Wait until its first part is ready.',
    'upload/no_room': 'The server has no room for this file. Tell whoever looks after it.',
    'upload/too_large': 'The file is larger than 5 TB, the most for one video.',
    'upload/completed': 'This upload is already complete.',
    'upload/gone': 'This upload no longer exists. Try again to send the file from the start.',
    'upload/parts_missing': 'A part of the file was missing. Try again.',
    'upload/size_mismatch': 'What arrived is not of the size of the file. Try again.',
    'upload/other_tab': 'This file is being sent in another tab.',
    'upload/empty': 'The file is empty.',
    'upload/no_answer': 'The store did not answer after several tries. Check your internet connection.',
    'upload/refused': 'The store refused a part of the file. Try again.',
    'upload/file_changed': 'The file changed or moved since the upload began. Choose it again.',
  },
}

/** Sentences that say how much is missing, where the server knew. */
const missingTexts: Record<Language, Partial<Record<ProblemCode, string>>> = {
  'pt-BR': {
    'upload/no_room': 'Não há espaço no servidor para este arquivo: faltam {missing}. Fale com quem cuida dele.',
    'video/disk_full':
      'O servidor está sem espaço: faltam pelo menos {missing}. O vídeo espera e continua quando houver.',
  },
  en: {
    'upload/no_room': 'The server has no room for this file: it is {missing} short. Tell whoever looks after it.',
    'video/disk_full':
      'The server is out of space: at least {missing} are missing. The video waits and goes on when there is some.',
  },
}
/** Bytes: less is shown as that much. */
const LEAST_MISSING = 1e8

/** The sentence for a code. @param detail the server's own sentence, in Portuguese, for a code we do not know
 *  @param missing bytes, where the server knew how many are missing */
export function problemText(language: Language, code: string, detail = '', missing?: unknown): string {
  const short = missingTexts[language][code as ProblemCode]
  if (short && typeof missing === 'number')
    return fill(short, { missing: words(language).format.bytes(Math.max(missing, LEAST_MISSING)) })
  const texts: Readonly<Record<string, string>> & { 'server/failed': string } = problemTexts[language]
  return texts[code] ?? ((language === 'pt-BR' && detail) || texts['server/failed'])
}

/** The field of a 400 `request/invalid`, and the sentence to put beside it. */
export function refusedField(error: ProblemError): string | undefined {
  const fields = error.details.fields
  if (Array.isArray(fields)) return (fields[0] as { field?: string } | undefined)?.field
  return typeof error.details.field === 'string' ? error.details.field : undefined
}
