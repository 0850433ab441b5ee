const DATABASE = 'crm-import'
const STORE = 'progress'

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error(DATABASE))
  })
}

async function within<Result>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result | undefined> {
  if (typeof indexedDB === 'undefined') return undefined
  try {
    const database = await opened()
    const request = act(database.transaction(STORE, mode).objectStore(STORE))
    return await new Promise((resolve, reject) => {
      request.onsuccess = () => (database.close(), resolve(request.result))
      request.onerror = () => (database.close(), reject(request.error ?? new Error(STORE)))
    })
  } catch {
    // A browser without room, or in private mode: the import goes on, only a reload forgets it.
    return undefined
  }
}

/** Keep a text of this person in this browser, across reloads; what was kept is replaced. */
export async function keep(person: string, text: string): Promise<void> {
  await within('readwrite', (store) => store.put(text, person))
}

/** What is kept for a person. */
export function kept(person: string): Promise<string | undefined> {
  return within<string | undefined>('readonly', (store) => store.get(person))
}

/** Forget what is kept for a person. */
export async function drop(person: string): Promise<void> {
  await within('readwrite', (store) => store.delete(person))
}
