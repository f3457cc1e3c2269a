export const pt = {
  'watch.title': 'Assistir',
  'watch.back': 'Voltar para a biblioteca',
  'watch.growing': 'Já dá para assistir. O restante ainda está sendo processado: {percent}.',
  'watch.notYet': 'Este vídeo ainda não pode ser visto',
  'watch.queuedLead': 'Ele está na fila. Assim que o primeiro trecho ficar pronto, o vídeo abre aqui sozinho.',
  'watch.processingLead':
    'Estamos preparando: {percent}. Assim que o primeiro trecho ficar pronto, ele abre aqui sozinho.',
  'watch.uploadingLead': 'O envio ainda não terminou. Acompanhe no painel de envios.',
  'watch.failedLead': 'Não conseguimos processar este vídeo.',
  'watch.player': 'Reprodutor de vídeo',
  'watch.settings': 'Ajustes',
  'watch.quality': 'Qualidade',
  'watch.auto': 'Automática',
  'watch.autoNow': 'Automática ({height}p)',
  'watch.speed': 'Velocidade',
  'watch.normal': 'Normal',
  'watch.failed': 'A reprodução parou. Verifique a sua conexão.',
}

export const en: Record<keyof typeof pt, string> = {
  'watch.title': 'Watch',
  'watch.back': 'Back to the library',
  'watch.growing': 'You can watch already. The rest is still being processed: {percent}.',
  'watch.notYet': 'This video cannot be watched yet',
  'watch.queuedLead': 'It is in the queue. As soon as its first part is ready, the video opens here by itself.',
  'watch.processingLead':
    'We are preparing it: {percent}. As soon as its first part is ready, it opens here by itself.',
  'watch.uploadingLead': 'The upload is not finished. Follow it in the upload panel.',
  'watch.failedLead': 'We could not process this video.',
  'watch.player': 'Video player',
  'watch.settings': 'Settings',
  'watch.quality': 'Quality',
  'watch.auto': 'Automatic',
  'watch.autoNow': 'Automatic ({height}p)',
  'watch.speed': 'Speed',
  'watch.normal': 'Normal',
  'watch.failed': 'Playback stopped. Check your connection.',
}
