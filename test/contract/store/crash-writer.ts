/** A process that writes to the store as fast as it can and prints each write once it was acknowledged. */
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { type Note, note, run } from './samples.ts'

const [file = '', round = ''] = process.argv.slice(2)
const store = await openSqliteStore({ file })
const notes = store.collection<Note>('Function')

async function writeForever(writer: number): Promise<never> {
  for (let turn = 0; ; turn++) {
    const name = `${round}-${writer}-${turn}`
    await store.runs.put(run(name, { status: 'CREATING' }))
    process.stdout.write(`run ${name}\n`)
    const created = await notes.create(note(name))
    await notes.update({ ...created, text: 'updated' })
    process.stdout.write(`note ${name}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => writeForever(writer)))
