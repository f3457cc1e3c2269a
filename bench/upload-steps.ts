import { type FileHandle, open } from 'node:fs/promises'
import { createServer } from 'node:http'
import { BodyReceiver } from '../apps/object-store/src/application/body-receiver.ts'
import type { Hashes } from '../apps/object-store/src/application/hashes.ts'
import { HashThread } from '../apps/object-store/src/infrastructure/hash-thread.ts'

/** What is not left out: up to the step that is asked for. */
const STEPS = ['HTTP', 'writing', 'syncing', 'hashing']

const noHashes: Hashes = {
  follow: () => ({ written: () => {}, end: async () => ({ md5: '' }), leave: async () => {} }),
}
const [hashing, receiving] = [new BodyReceiver(new HashThread()), new BodyReceiver(noHashes)]
const noFile = {
  writev: async (chunks: readonly Buffer[]) => ({ bytesWritten: chunks.reduce((sum, { length }) => sum + length, 0) }),
  close: async () => {},
} as unknown as FileHandle

// A program that takes `PUT /step?position=n` into the file it is given, as the store takes a part, and says where it
// listens.
const file = process.argv[2]!
const server = createServer(async (req, res) => {
  const { pathname, searchParams } = new URL(req.url!, 'http://localhost')
  const last = STEPS.indexOf(pathname.slice(1))
  const handle = last > 0 ? await open(file, 'r+') : noFile
  const sync = async () => void (last > 1 && (await handle.datasync()))
  const place = { handle, position: Number(searchParams.get('position')), checkpoint: () => {}, sync }
  const size = Number(req.headers['content-length'])
  const body = { size, chunks: req, sha256: undefined, md5: undefined, checksum: undefined, cancel: () => {} }
  await (last > 2 ? hashing : receiving).receive(body, place)
  await handle.close()
  res.end()
})
server.listen(0, '127.0.0.1', () => process.send!(server.address()))
