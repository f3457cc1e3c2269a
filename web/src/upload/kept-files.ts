/** The part of the File System Access API that TypeScript does not type yet. */
interface KeptHandle extends FileSystemFileHandle {
  requestPermission(options: { mode: 'read' }): Promise<PermissionState>
}
type DropItem = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> }

const STORE = 'handles'
const handles = new WeakMap<File, KeptHandle>()

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('balcao-uploads', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function use<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const database = await open()
    try {
      return await new Promise<T>((resolve, reject) => {
        const request = work(database.transaction(STORE, mode).objectStore(STORE))
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    } finally {
      database.close()
    }
  } catch {
    // Private windows close this store: then the person chooses the file again, which always works.
    return undefined
  }
}

/** The files of a drop, each with its handle where the browser gives one. Call it inside the drop event. */
export function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const taken = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item: DropItem) => ({ file: item.getAsFile(), handle: item.getAsFileSystemHandle?.() }))
  return Promise.all(
    taken.map(async ({ file, handle }) => {
      const kept = await handle?.catch(() => null)
      if (file && kept?.kind === 'file') handles.set(file, kept as KeptHandle)
      // A folder has no bytes of its own.
      return kept?.kind === 'directory' ? null : file
    }),
  ).then((files) => files.filter((file) => file !== null))
}

/** Handles of files on their way, by video, so that a reload may go on without choosing again. Erased at sign-out. */
export const keptFiles = {
  async keep(videoId: string, file: File): Promise<void> {
    const handle = handles.get(file)
    if (handle) await use('readwrite', (store) => store.put(handle, videoId))
  },
  async has(videoId: string): Promise<boolean> {
    return (await use('readonly', (store) => store.count(videoId))) === 1
  },
  /** The file itself, after the browser asked the person. Call it inside a click. */
  async take(videoId: string): Promise<File | undefined> {
    const handle = await use<KeptHandle>('readonly', (store) => store.get(videoId))
    if (!handle || (await handle.requestPermission({ mode: 'read' })) !== 'granted') return undefined
    return handle.getFile().catch(() => undefined)
  },
  async forget(videoId: string): Promise<void> {
    await use('readwrite', (store) => store.delete(videoId))
  },
  async clear(): Promise<void> {
    await use('readwrite', (store) => store.clear())
  },
}
