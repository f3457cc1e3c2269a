import { AppError } from '@balcao/kernel'
import { gigabytes } from './gigabytes.ts'

/** Every way in which the video-service says no. The code is the key of the translated text; the sentence says what to
 *  do. Why a film failed is told beside it (media/rejections.ts). */
export const refusals = {
  /** Another person's video is answered as if it were not there (D3-23). */
  videoNotFound: () => new AppError('not_found', 'video/not_found', 'Vídeo não encontrado.'),
  inTrash: () => new AppError('conflict', 'video/in_trash', 'O vídeo está na lixeira: restaure-o antes.'),
  notFailed: () => new AppError('conflict', 'video/wrong_state', 'Só um vídeo que falhou pode ser processado de novo.'),
  wrongState: (to: string) =>
    new AppError('conflict', 'video/wrong_state', `O vídeo mudou nesse meio-tempo e não pode passar a "${to}".`, {
      to,
    }),
  rejected: (problem: string | undefined) =>
    new AppError('conflict', 'video/rejected', 'Este arquivo seria recusado de novo pelo mesmo motivo: envie outro.', {
      problem,
    }),
  cursor: () => new AppError('invalid', 'request/invalid', 'cursor: use o nextCursor da página anterior.'),

  uploadCompleted: () => new AppError('conflict', 'upload/completed', 'O envio deste vídeo já terminou.'),
  /** @param missing bytes */
  noRoom: (missing: number) =>
    new AppError(
      'unavailable',
      'upload/no_room',
      `Não há espaço no servidor para este arquivo: faltam ${gigabytes(missing)} GB.`,
      { missing },
    ),
  /** Said to somebody who wants to give up what has become a video. */
  uploadCompletedDelete: () => new AppError('conflict', 'upload/completed', 'O envio já terminou: apague o vídeo.'),
  uploadGone: () => new AppError('not_found', 'upload/gone', 'Este envio não existe mais: envie o arquivo de novo.'),
  notInParts: () =>
    new AppError('conflict', 'upload/not_in_parts', 'Este vídeo é enviado de uma só vez, pelo uploadUrl.'),
  partNumber: (partNumber: number, partCount: number) =>
    new AppError('invalid', 'upload/part_number', `partNumbers: este envio tem ${partCount} partes.`, {
      partNumber,
      partCount,
    }),
  /** @param missing numbers of parts, in order */
  partsMissing: (missing: readonly number[], partCount: number) =>
    new AppError(
      'conflict',
      'upload/parts_missing',
      `Faltam ${missing.length} de ${partCount} partes: envie-as e conclua de novo.`,
      { missing: missing.slice(0, 100), count: missing.length },
    ),
  sizeMismatch: (parts: readonly number[]) =>
    new AppError(
      'unprocessable',
      'upload/size_mismatch',
      'O que foi enviado não tem o tamanho declarado: envie de novo as partes indicadas.',
      { parts: parts.slice(0, 100) },
    ),

  framesNotFound: () => new AppError('not_found', 'frames/not_found', 'Estas imagens não existem mais.'),
  framesNotReady: () =>
    new AppError('conflict', 'frames/not_ready', 'O vídeo ainda não está pronto: peça as imagens depois.'),
  noPicture: () => new AppError('conflict', 'frames/no_picture', 'Este arquivo só tem som: não há imagens.'),
  tooManyImages: (images: number, most: number) =>
    new AppError('invalid', 'frames/too_many', `everySeconds: daria ${images} imagens, e o máximo é ${most}.`, {
      field: 'everySeconds',
      images,
      most,
    }),
  tooManyFrames: (most: number) =>
    new AppError(
      'rate_limited',
      'frames/too_many_waiting',
      `Já há ${most} pedidos de imagens em andamento: espere um.`,
    ),
  tooManyFramesKept: (most: number) =>
    new AppError('conflict', 'frames/too_many_kept', `Este vídeo já tem ${most} pedidos de imagens: remova algum.`),
  framesNotDone: () => new AppError('conflict', 'frames/not_done', 'O ZIP ainda não está pronto para baixar.'),
  framesWrongState: () =>
    new AppError('conflict', 'frames/wrong_state', 'Só um pedido que falhou ou foi cancelado pode ser feito de novo.'),

  posterNotReady: () =>
    new AppError('conflict', 'poster/not_ready', 'O vídeo ainda não está pronto: escolha a capa depois.'),
  posterNoPicture: () =>
    new AppError('conflict', 'poster/no_picture', 'Este arquivo só tem som: não há imagem para usar como capa.'),
  /** @param durationSeconds of the film */
  posterOutside: (durationSeconds: number) =>
    new AppError('invalid', 'poster/outside', `atSeconds: o vídeo vai de 0 a ${durationSeconds} segundos.`, {
      field: 'atSeconds',
      durationSeconds,
    }),

  originalNotKept: () =>
    new AppError('conflict', 'original/not_kept', 'O arquivo original deste vídeo não está guardado.'),
  originalIsDownload: () =>
    new AppError('conflict', 'original/is_download', 'O MP4 é o próprio original: ele só sai com o vídeo.'),
  downloadNotReady: () => new AppError('conflict', 'download/not_ready', 'O vídeo ainda não está pronto para baixar.'),
  playbackNotReady: () => new AppError('conflict', 'playback/not_ready', 'O vídeo ainda não pode ser visto.'),
  playbackUnknown: () => new AppError('not_found', 'playback/unknown', 'Endereço de reprodução desconhecido.'),
  playbackExpired: () =>
    new AppError('forbidden', 'playback/expired', 'Este endereço de reprodução expirou: abra o vídeo de novo.'),
  playbackSuperseded: () =>
    new AppError('not_found', 'playback/superseded', 'Este vídeo mudou ou foi apagado: abra-o de novo.'),
} as const
