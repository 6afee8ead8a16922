/** floor.pigz: how long pigz takes for the same bytes, at its best and on all cores, into a file. */
import { cpus } from 'node:os'
import { timeMs } from '../rest.ts'
import { run } from './node.ts'

export const timePigz = (source: string, target: string): Promise<number> =>
  timeMs(() => run('sh', ['-c', 'pigz -9 -p "$1" -c "$2" > "$3"', 'sh', String(cpus().length), source, target]))
