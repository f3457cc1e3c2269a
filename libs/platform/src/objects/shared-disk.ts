import { join } from 'node:path'
import type { Config } from '../config/config.ts'

/** Where the embedded store keeps its files: who shares that disk takes an object by a hard link instead of its bytes. */
export const storeDirOf = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'objects')

/** Asks for the place of an object's file below that directory. */
export const ASKS_FOR_FILE = 'x-balcao-link'
/** Names it. */
export const NAMES_FILE = 'x-balcao-file'

/** Of a query of our own store: the folder that is withheld; beside a key, that it is wanted though it be withheld. */
export const SHOWS_WITHHELD = 'balcao-withheld'
