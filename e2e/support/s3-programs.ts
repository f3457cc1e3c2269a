import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What programs of Debian are told, to do the same. A folder ends with `/`. */
interface Commands {
  up(file: string, key: string): string[]
  down(key: string, file: string): string[]
  list(prefix: string): string[]
  copy(key: string, to: string): string[]
  remove(prefix: string): string[]
  /** Sends what is not there as it is here. */
  sync(folder: string, prefix: string): string[]
}

/** Where they find a store, and a home directory with nothing in it. */
export interface Setting {
  readonly url: string
  readonly region: string
  readonly id: string
  readonly secret: string
  readonly home: string
}

const bucket = 'balcao-media'

export const programs = {
  rclone: {
    up: (file, key) => ['copyto', file, `balcao:${bucket}/${key}`],
    down: (key, file) => ['copyto', `balcao:${bucket}/${key}`, file],
    list: (prefix) => ['lsf', '-R', '--files-only', `balcao:${bucket}/${prefix}`],
    copy: (key, to) => ['copyto', `balcao:${bucket}/${key}`, `balcao:${bucket}/${to}`],
    remove: (prefix) => ['delete', `balcao:${bucket}/${prefix}`],
    sync: (folder, prefix) => ['sync', folder, `balcao:${bucket}/${prefix}`],
  },
  s3cmd: {
    up: (file, key) => ['put', file, `s3://${bucket}/${key}`],
    down: (key, file) => ['get', '--force', `s3://${bucket}/${key}`, file],
    list: (prefix) => ['ls', '--recursive', `s3://${bucket}/${prefix}`],
    copy: (key, to) => ['cp', `s3://${bucket}/${key}`, `s3://${bucket}/${to}`],
    remove: (prefix) => ['del', '--recursive', '--force', `s3://${bucket}/${prefix}`],
    sync: (folder, prefix) => ['sync', folder, `s3://${bucket}/${prefix}`],
  },
} satisfies Record<string, Commands>

export type Program = keyof typeof programs

/** Runs one of them, which sends in parts of 8 MiB. @returns what it printed  @throws Error where it failed */
export function runProgram(program: Program, args: readonly string[], { url, region, id, secret, home }: Setting) {
  const { host } = new URL(url)
  const options = {
    rclone: ['--s3-upload-cutoff', '8M', '--s3-chunk-size', '8M', '--retries', '1'],
    s3cmd: [
      ...['-c', '/dev/null', '--access_key', id, '--secret_key', secret, '--no-ssl', '--region', region],
      ...['--host', host, '--host-bucket', host, '--multipart-chunk-size-mb', '8', '--no-progress'],
    ],
  }
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: home,
    LANG: 'C.UTF-8',
    RCLONE_CONFIG_BALCAO_TYPE: 's3',
    RCLONE_CONFIG_BALCAO_PROVIDER: 'Other',
    RCLONE_CONFIG_BALCAO_ENDPOINT: url,
    RCLONE_CONFIG_BALCAO_REGION: region,
    RCLONE_CONFIG_BALCAO_ACCESS_KEY_ID: id,
    RCLONE_CONFIG_BALCAO_SECRET_ACCESS_KEY: secret,
  }
  return run(`/usr/bin/${program}`, [...options[program], ...args], { env })
}
