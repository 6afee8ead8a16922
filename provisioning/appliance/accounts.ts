/** Groups of the machine, as its files name them. */
import { readFile } from 'node:fs/promises'

const readLines = async (file: string): Promise<string[][]> => {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').map(line => line.split(':'))
}

/** Of /etc/group. Throws where it is missing. */
export async function findGroupId(groupFile: string, group: string): Promise<number> {
  const id = (await readLines(groupFile)).find(([name]) => name === group)?.[2]
  if (id === undefined) throw new Error(`there is no group ${group}: this is no appliance`)
  return Number(id)
}
