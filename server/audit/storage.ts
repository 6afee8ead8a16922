/** Where the audit log is kept: files of whole lines in the order of their names, and the head beside them. */

export interface AuditStorage {
  /** Of the files, in order. */
  names(): Promise<string[]>
  /** '' when there is no such file. */
  read(name: string): Promise<string>
  /** Writes at that place, cuts what stood behind it, and resolves when all of it is on disk. */
  write(name: string, text: string, atByte: number): Promise<void>
  remove(name: string): Promise<void>
  /** '' when there is none. */
  readHead(): Promise<string>
  writeHead(text: string): Promise<void>
  close(): Promise<void>
}

/** Names in the order of the numbers of their first lines. */
export const fileNameOf = (firstNumber: number): string => `audit-${String(firstNumber).padStart(12, '0')}.jsonl`
export const isFileName = (name: string): boolean => /^audit-\d{12}\.jsonl$/.test(name)
export const firstNumberOf = (name: string): number => Number(name.slice('audit-'.length, -'.jsonl'.length))

/** Forgets all when the process ends. */
export function createMemoryStorage(): AuditStorage {
  const files = new Map<string, { text: string; bytes: number }>()
  let head = ''
  return {
    names: async () => [...files.keys()].toSorted(),
    read: async name => files.get(name)?.text ?? '',
    write: async (name, text, atByte) => {
      const { text: before, bytes } = files.get(name) ?? { text: '', bytes: 0 }
      const kept = bytes === atByte ? before : String(Buffer.from(before).subarray(0, atByte))
      files.set(name, { text: kept + text, bytes: atByte + Buffer.byteLength(text) })
    },
    remove: async name => void files.delete(name),
    readHead: async () => head,
    writeHead: async text => {
      head = text
    },
    close: async () => undefined,
  }
}
