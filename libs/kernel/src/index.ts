export { AppError, type ErrorKind } from './app-error.ts'
export { type Clock, ManualClock, systemClock } from './clock.ts'
export { type Cpf, isCpf, maskCpf, parseCpf } from './cpf.ts'
export { newId, randomToken } from './ids.ts'
