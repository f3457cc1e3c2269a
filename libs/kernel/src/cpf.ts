import { AppError } from './app-error.ts'

/** Eleven digits whose check digits are right. Never logged, never in a URL. */
export type Cpf = string & { readonly brand: 'Cpf' }

const checkDigit = (digits: string): number => {
  // Weights run down to 2: 10…2 for the first digit, 11…2 for the second (DOMAIN.md).
  const sum = [...digits].reduce((total, digit, i) => total + Number(digit) * (digits.length + 1 - i), 0)
  return ((sum * 10) % 11) % 10
}

/** Whether `text`, in any punctuation, is a CPF: 11 digits, not all equal, both check digits right (D0-08). */
export function isCpf(text: string): boolean {
  if (!/^[\d.\-\s/]*$/.test(text)) return false
  const digits = text.replace(/\D/g, '')
  if (digits.length !== 11 || /^(\d)\1{10}$/.test(digits)) return false
  return checkDigit(digits.slice(0, 9)) === Number(digits[9]) && checkDigit(digits.slice(0, 10)) === Number(digits[10])
}

/** The eleven digits of a CPF typed in any form. @throws AppError `cpf/required`, `cpf/invalid` (D0-09) */
export function parseCpf(text: string | undefined): Cpf {
  if (!text?.trim()) throw new AppError('invalid', 'cpf/required', 'CPF é obrigatório')
  if (!isCpf(text)) throw new AppError('invalid', 'cpf/invalid', 'CPF inválido')
  return text.replace(/\D/g, '') as Cpf
}

/** `***.456.789-**`: the form that may be shown and logged. */
export function maskCpf(cpf: Cpf): string {
  return `***.${cpf.slice(3, 6)}.${cpf.slice(6, 9)}-**`
}
