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
  'account.preferences': 'Preferences',
}
