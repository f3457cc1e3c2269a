/** What is shown while a CPF is typed or pasted in any form: `529.982.247-25`, as far as there are digits. */
export function cpfMask(typed: string): string {
  const digits = typed.replace(/\D/g, '').slice(0, 11)
  return digits
    .replace(/^(\d{3})(\d)/, '$1.$2')
    .replace(/^(\d{3}\.\d{3})(\d)/, '$1.$2')
    .replace(/^(\d{3}\.\d{3}\.\d{3})(\d)/, '$1-$2')
}
