/** Measured tiles across visits, in the page's IndexedDB. Where there is none, or it is refused, nothing is kept. */
const place = "tatami-webgpu";
const shelf = "tiles";

export async function loadWays(adapter: string): Promise<Readonly<Record<string, string>>> {
  const stored: unknown = await using("readonly", (store) => store.get(adapter));
  return typeof stored === "object" && stored !== null ? (stored as Record<string, string>) : {};
}

export async function saveWays(adapter: string, ways: Readonly<Record<string, string>>): Promise<void> {
  await using("readwrite", (store) => store.put(ways, adapter));
}

async function using(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  try {
    // The name alone throws where a page may store nothing.
    const opening = globalThis.indexedDB.open(place, 1);
    opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(shelf));
    const db = await ended(opening);
    try {
      return await ended(work(db.transaction(shelf, mode).objectStore(shelf)));
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
}

function ended<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("storage failed")));
  });
}
