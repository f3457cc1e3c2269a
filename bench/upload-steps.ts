import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import { BodyReceiver } from '../apps/object-store/src/application/bodies/body-receiver.ts'
import type { FileWriter } from '../apps/object-store/src/application/ports/files.ts'
import { DiskWriter } from '../apps/object-store/src/infrastructure/disk-file.ts'
import { HashThread } from '../apps/object-store/src/infrastructure/hash-thread.ts'

/** What is not left out: up to the step that is asked for. */
const STEPS = ['HTTP', 'writing', 'syncing', 'hashing']

const hashes = new HashThread()
const noHashes: Pick<HashThread, 'follow'> = {
  follow: () => ({ written: () => {}, end: async () => ({ MD5: '' }), leave: async () => {} }),
}
const bodies = new BodyReceiver()
const noFile: FileWriter = {
  write: async () => {},
  hash: (position, names) => noHashes.follow(-1, position, names),
  sync: async () => {},
  seal: async () => {},
  close: async () => {},
}

// A program that takes `PUT /step?position=n` into the file it is given, as the store takes a part, and says where it
// listens.
const file = process.argv[2]!
const server = createServer(async (req, res) => {
  const { pathname, searchParams } = new URL(req.url!, 'http://localhost')
  const last = STEPS.indexOf(pathname.slice(1))
  const hashing = last > 2 ? hashes : noHashes
  const target = last > 0 ? new DiskWriter(await open(file, 'r+'), hashing, async () => {}) : noFile
  const sync = async () => void (last > 1 && (await target.sync()))
  const place = { file: target, position: Number(searchParams.get('position')), checkpoint: () => {}, sync }
  const size = Number(req.headers['content-length'])
  const body = { size, chunks: req, sha256: undefined, md5: undefined, checksum: undefined, cancel: () => {} }
  await bodies.receive(body, place)
  await target.close()
  res.end()
})
server.listen(0, '127.0.0.1', () => process.send!(server.address()))
