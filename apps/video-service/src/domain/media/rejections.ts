/** Why an upload can never become a video. Trying again would not help; the person has to act (`isFinal`). */
export interface Rejection {
  readonly code: `video/${string}`
  readonly message: string
}

const rejection = <const Name extends string>(name: Name, message: string) =>
  ({ code: `video/${name}`, message }) as const satisfies Rejection

export const rejections = {
  unsupportedContainer: rejection(
    'unsupported_container',
    'Este tipo de arquivo não é aceito como vídeo. Envie o próprio filme: MP4, MOV, MKV, WebM, AVI ou outro formato de vídeo.',
  ),
  notMedia: rejection('not_media', 'Este arquivo não é um vídeo nem um áudio, ou está danificado do começo ao fim.'),
  truncatedNoIndex: rejection(
    'truncated_no_index',
    'O arquivo está cortado: falta o índice que fica no fim dele. Envie o vídeo de novo a partir do original.',
  ),
  noMediaStreams: rejection('no_media_streams', 'O arquivo não contém imagem nem som que possam ser reproduzidos.'),
  undecodable: rejection(
    'undecodable',
    'Nem a imagem nem o som deste arquivo puderam ser lidos. Envie-o de novo a partir do original, ou em outro formato.',
  ),
  dimensionsTooLarge: rejection(
    'dimensions_too_large',
    'A imagem é grande demais. São aceitos vídeos de até 8192 × 4320 pontos.',
  ),
  limitsExceeded: rejection(
    'limits_exceeded',
    'O processamento deste vídeo passou dos limites de tempo ou de espaço. Envie-o em partes menores.',
  ),
  uploadMissing: rejection('upload_missing', 'O arquivo enviado não está mais no servidor. Envie o vídeo de novo.'),
} as const

/** Whether a video that failed with this code would only fail so again. */
export function isFinal(code: string): boolean {
  return Object.values(rejections).some((reason) => reason.code === code)
}

/** Shown beside a video that plays although some of it was missing. */
export const partial = rejection(
  'partial',
  'Só uma parte do arquivo pôde ser lida; o vídeo está incompleto. Se tiver o original, envie-o de novo.',
)
