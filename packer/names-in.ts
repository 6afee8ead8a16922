/** What is in a folder that need not be there. */
import { readdir } from 'node:fs/promises'

/** None for a folder that is not there; any other failure is one. */
export async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(error => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
}
