export const pt = {
  'account.title': 'Conta',
  'account.profile': 'Perfil',
  'account.security': 'Segurança',
  'account.noCpf': 'Não informado',
  'account.factor': 'Verificação em duas etapas',
  'account.factorOn': 'Ativada com aplicativo autenticador',
  'account.factorOff': 'Desativada',
  'account.session': 'Esta sessão',
  'account.sessionLead': 'Você está conectado neste navegador. Ao sair, todas as abas saem juntas.',
  'account.videos': 'Vídeos',
  'account.files': 'Arquivos enviados',
  'account.originals': 'Guardar originais',
  'account.originalsLead':
    'Vale para o que você enviar a partir de agora. Sem o original fica só o vídeo pronto, que pode ter menos resolução, som só em estéreo e perder legendas que são imagens.',
  'account.originalsOn': 'Os originais dos próximos vídeos serão guardados.',
  'account.originalsOff': 'Os originais dos próximos vídeos não serão guardados.',
  'account.preferences': 'Preferências',
}

export const en: Record<keyof typeof pt, string> = {
  'account.title': 'Account',
  'account.profile': 'Profile',
  'account.security': 'Security',
  'account.noCpf': 'Not given',
  'account.factor': 'Two-step verification',
  'account.factorOn': 'On, with an authenticator app',
  'account.factorOff': 'Off',
  'account.session': 'This session',
  'account.sessionLead': 'You are signed in on this browser. When you sign out, all its tabs sign out.',
  'account.videos': 'Videos',
  'account.files': 'Uploaded files',
  'account.originals': 'Keep originals',
  'account.originalsLead':
    'Applies to what you upload from now on. Without its original only the finished video is left: its resolution may be lower, its sound is stereo at most, and subtitles that are images are lost.',
  'account.originalsOn': 'The originals of your next videos will be kept.',
  'account.originalsOff': 'The originals of your next videos will not be kept.',
  'account.preferences': 'Preferences',
}
