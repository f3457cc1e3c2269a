export const pt = {
  'mailbox.title': 'Caixa de teste',
  'mailbox.lead': 'Só existe em desenvolvimento: aqui chegam as mensagens que o Balcão mandaria.',
  'mailbox.empty': 'Nenhuma mensagem ainda',
  'mailbox.emptyLead': 'Crie uma conta e o código aparece aqui sozinho.',
  'mailbox.to': 'Para {to}',
  'mailbox.copyCode': 'Copiar o código {code}',
}

export const en: Record<keyof typeof pt, string> = {
  'mailbox.title': 'Test mailbox',
  'mailbox.lead': 'Development only: the messages that Balcão would send arrive here.',
  'mailbox.empty': 'No messages yet',
  'mailbox.emptyLead': 'Create an account and the code appears here by itself.',
  'mailbox.to': 'To {to}',
  'mailbox.copyCode': 'Copy the code {code}',
}
